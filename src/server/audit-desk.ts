import { userInfo } from 'node:os';
import { styleText } from 'node:util';
import type { Custody } from '../audit/custody.ts';
import type { KeyProvider } from '../audit/key-provider.ts';
import { openKeyVariable } from '../audit/keys/env.ts';
import { openKeyFile } from '../audit/keys/file.ts';
import { AuditFault } from '../audit/log.ts';
import { withCustody } from '../audit/open-custody.ts';

/** Where the key of the log is: a file, or the name of a variable. */
export interface KeyFlags {
  readonly keys?: string;
  readonly keyEnv?: string;
}

/** Who acts, and for which purpose of use. */
export interface ActorFlags {
  readonly as?: string;
  readonly why?: string;
}

/** Flags that most verbs have, with their help. */
export const flag = {
  keys: ['--keys <file>', 'the key file of the log'],
  keyEnv: ['--key-env <name>', 'the variable that holds the key, instead of a file'],
  as: ['--as <user>', 'who does this, as the log shall name it (default: the user who is logged in)'],
  why: ['--why <purpose>', 'HL7 purpose of use: TREAT, HPAYMT, HOPERAT, COC, PATRQT', 'HOPERAT'],
  json: ['--json', 'JSON instead of text'],
} as const;

/** The key that the flags name, or undefined when they name none. */
export async function keyOf({ keys, keyEnv }: KeyFlags): Promise<KeyProvider | undefined> {
  if (keys !== undefined) return openKeyFile(keys);
  return keyEnv === undefined ? undefined : openKeyVariable(keyEnv, process.env[keyEnv]);
}

/** The key that the flags name. Rejects with `KEY_MISSING` when they name none. */
export async function requiredKeyOf(flags: KeyFlags): Promise<KeyProvider> {
  const key = await keyOf(flags);
  if (key !== undefined) return key;
  throw new AuditFault('KEY_MISSING', 'This needs the key of the log: give --keys FILE or --key-env NAME', 78);
}

export function actorOf({ as: name }: ActorFlags): string {
  return `user:${name ?? userInfo().username}`;
}

/** Does work on a log: in this process where no other holds it, else through the one that does. */
export async function atDesk<T>(
  directory: string,
  flags: KeyFlags,
  work: (custody: Custody) => Promise<T>,
): Promise<T> {
  const keys = await requiredKeyOf(flags);
  return withCustody({ directory, keys, now: Date.now, monotonic: () => performance.now() }, work);
}

/** Runs a verb: its answer is the exit code, and a fault becomes its sentence and its code. */
export async function runVerb(verb: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await verb();
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : 'The command failed'}\n`);
    process.exitCode = error instanceof AuditFault ? error.exitCode : 74;
  } finally {
    clearProgress();
  }
}

/** Says how far long work is, on a terminal only. */
export function showProgress(what: string): void {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}`);
}

export function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

/** Colours on a terminal only. */
export function colour(name: 'green' | 'red' | 'yellow' | 'dim', text: string): string {
  return process.stdout.isTTY ? styleText(name, text) : text;
}

export function print(text: string): void {
  process.stdout.write(text);
}
