import { InvalidArgumentError, type Command } from 'commander';
import { AuditFault } from '../audit/log.ts';
import { clearProgress, type ActorFlags, type KeyFlags } from './audit-desk.ts';

/** Flags that several verbs have. */
export interface VerbFlags extends KeyFlags, ActorFlags {
  readonly unrecorded?: true;
  readonly json?: true;
}

type Flag = readonly [names: string, help: string, fallback?: string];

const placeFlags: readonly Flag[] = [
  ['--config <file>', 'the configuration: where the log is, and its key'],
  ['--keys <file>', 'the key file of the log'],
  ['--key-env <name>', 'the variable that holds the key, instead of a file'],
];

const sharedFlags = {
  as: ['--as <user>', 'who does this, as the log shall name it (default: the user who is logged in)'],
  why: ['--why <purpose>', 'HL7 purpose of use: TREAT, HPAYMT, HOPERAT, COC, PATRQT', 'HOPERAT'],
  unrecorded: ['--unrecorded', 'for a copy, or a log at rest without its key: read it though no log can record that'],
  json: ['--json', 'JSON instead of text'],
} as const satisfies Readonly<Record<string, Flag>>;

type SharedFlag = keyof typeof sharedFlags;

/** Gives a command what every verb on one log has: which log, its key, and the flags that are named. */
export function onLog(command: Command, shared: readonly SharedFlag[]): Command {
  command.argument(
    '[directory]',
    'the directory of the log, or postgres://USER@HOST/DATABASE; without it that of --config',
  );
  return withFlags(command, shared);
}

/** Where the log is and its key, and the flags that are named. */
export function withFlags(command: Command, shared: readonly SharedFlag[]): Command {
  const flags: readonly Flag[] = [...placeFlags, ...shared.map((name) => sharedFlags[name])];
  for (const [names, help, fallback] of flags) command.option(names, help, fallback);
  return command;
}

/** A parser of whole numbers from `least` on; what else is given is answered with the sentence. */
export function wholeNumber(least: number, sentence: string): (text: string) => number {
  return (text) => {
    const number = /^(?:0|[1-9][0-9]{0,14})$/.test(text) ? Number(text) : -1;
    if (number < least) throw new InvalidArgumentError(sentence);
    return number;
  };
}

/** The first moment of a day in UTC, milliseconds of the epoch. */
export function parseDay(text: string): number {
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(time)) throw new InvalidArgumentError('It must be a day, as 2026-11-03.');
  return time;
}

/** The action of a command: what `work` resolves to is the exit code, and a fault becomes its sentence and its code. */
export function verb<Given extends readonly unknown[]>(
  work: (...given: Given) => Promise<number>,
): (...given: Given) => Promise<void> {
  return async (...given) => {
    try {
      process.exitCode = await work(...given);
    } catch (error) {
      process.stderr.write(`${error instanceof Error ? error.message : 'The command failed'}\n`);
      process.exitCode = error instanceof AuditFault ? error.exitCode : 74;
    } finally {
      clearProgress();
    }
  };
}
