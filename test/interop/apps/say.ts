/** One line of what an app sees. */
export function say(what: object): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

/** The base URL of chaperone's route, and the app's token where the vendor's key stood. */
export const base = process.env['CHAPERONE'] ?? '';
export const apiKey = process.env['API_KEY'] ?? '';

/** Words that the test plants. */
export const words = process.env['WORDS'] ?? '';
