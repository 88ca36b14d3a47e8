import { Command, InvalidArgumentError } from 'commander';
import { recordReading } from '../../../audit/reader.ts';
import { showLog, type ShownRecord } from '../../../audit/show.ts';
import {
  actorOf,
  atDesk,
  colour,
  flag,
  keyOf,
  print,
  runVerb,
  type ActorFlags,
  type KeyFlags,
} from '../../audit-desk.ts';

const help = `
With the key, what was encrypted is opened, and the log records who read it, why, and a digest of what came back.

Examples:
  $ chaperone audit show audit --last 20
  $ chaperone audit show audit --call 3f9a0c1d --keys /etc/chaperone/audit.key --as ann --why TREAT
  $ chaperone audit show audit --caller +15125550143 --keys /etc/chaperone/audit.key --json`;

interface Flags extends KeyFlags, ActorFlags {
  readonly call?: string;
  readonly caller?: string;
  readonly last?: number;
  readonly json?: true;
}

export function showCommand(): Command {
  return new Command('show')
    .description('Show records; with the key also what was encrypted')
    .argument('<directory>', 'the directory of the log')
    .option('--call <reference>', 'only the records of this call')
    .option('--caller <number>', 'only the records of this caller, in E.164; needs the key')
    .option('--last <count>', 'only the newest so many', parseCount)
    .option(...flag.keys)
    .option(...flag.keyEnv)
    .option(...flag.as)
    .option(...flag.why)
    .option('--json', 'one JSON object a line')
    .addHelpText('after', help)
    .action((directory: string, flags: Flags) => runVerb(() => show(directory, flags)));
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return count;
}

async function show(directory: string, flags: Flags): Promise<number> {
  const { call, caller, last, json, why = 'HOPERAT' } = flags;
  const keys = await keyOf(flags);
  const records = await showLog(directory, {
    ...(call === undefined ? {} : { call }),
    ...(caller === undefined ? {} : { caller }),
    ...(last === undefined ? {} : { last }),
    ...(keys === undefined ? {} : { keys }),
  });
  const output = records.map((record) => `${json === true ? JSON.stringify(record) : line(record)}\n`).join('');
  if (keys !== undefined) {
    const about = { ...(call === undefined ? {} : { call }), ...(caller === undefined ? {} : { caller }) };
    const reading = { by: actorOf(flags), purpose: why, query: 'show', ...about };
    await atDesk(directory, flags, (desk) => recordReading(desk, 'access.read', reading, output, records.length));
  }
  print(output);
  return 0;
}

function line(record: ShownRecord): string {
  const { n: _index, t: time, mt: _elapsed, b: _run, d: _durable, k: kind, o: outcome, ...rest } = record.members;
  const when = typeof time === 'number' ? new Date(time).toISOString() : '?';
  const opened = record.sealed === undefined ? '' : ` ${JSON.stringify(record.sealed)}`;
  const sealed = record.unreadable ? ' (unreadable: its key is gone)' : opened;
  const number = colour('dim', String(record.index).padStart(8));
  return `${number}  ${when}  ${String(kind).padEnd(16)}  ${String(outcome).padEnd(7)}  ${JSON.stringify(rest)}${sealed}`;
}
