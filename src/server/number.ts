/** A telephone number as the log takes it for a person: ITU-T E.164, with its plus sign. */
export function isNumber(text: string): boolean {
  return /^\+[1-9]\d{6,14}$/u.test(text);
}
