import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('../../../src/server/main.ts', import.meta.url));

export interface VerbResult {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs `chaperone` as a process of its own, with these variables and no others of this project. */
export async function runVerb(
  words: readonly string[],
  variables: Readonly<Record<string, string>> = {},
): Promise<VerbResult> {
  const path = process.env['PATH'] ?? '';
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...words], {
    env: { PATH: path, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (piece: string) => (texts.out += piece));
  child.stderr.setEncoding('utf8').on('data', (piece: string) => (texts.err += piece));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { code, ...texts };
}
