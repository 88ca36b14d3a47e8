import { Command } from 'commander';
import { withPlace } from '../../../audit/place.ts';
import { describeAmendment } from '../../../audit/amend.ts';
import { recordReading } from '../../../audit/reader.ts';
import { showLogs, type ShownRecord } from '../../../audit/show.ts';
import { actorOf, colour, logOf, onRecord, print } from '../../audit-desk.ts';
import { onLog, verb, wholeNumber, type VerbFlags } from '../../audit-verb.ts';

const help = `
The log records who read it, why, and a digest of what came back, before anything is shown. With the key, what was encrypted is
opened. Without it chaperone must be running: it records the reading. Of a copy, and of a log at rest without its key, --unrecorded
shows the clear part, and says that no log knows of it.

Exit codes: 0 shown, 66 no log, 77 not shown because it cannot be recorded, 78 no key, or another one.

Examples:
  $ chaperone audit show --config chaperone.yaml --last 20
  $ chaperone audit show audit --call 3f9a0c1d --keys /etc/chaperone/audit.key --as ann --why TREAT
  $ chaperone audit show audit --caller +15125550143 --keys /etc/chaperone/audit.key --json`;

interface Flags extends VerbFlags {
  readonly call?: string;
  readonly caller?: string;
  readonly last?: number;
}

export function showCommand(): Command {
  const command = new Command('show')
    .description('Show records; with the key also what was encrypted')
    .option('--call <reference>', 'only the records of this call')
    .option('--caller <number>', 'only the records of this caller, in E.164; needs the key')
    .option('--last <count>', 'only the newest so many', wholeNumber(1, 'It must be a whole number from 1 on.'))
    .option('--json', 'one JSON object a line')
    .addHelpText('after', help);
  return onLog(command, ['as', 'why', 'unrecorded']).action(verb(show));
}

async function show(directory: string | undefined, flags: Flags): Promise<number> {
  const { call, caller, last, json, why = 'HOPERAT' } = flags;
  const log = await logOf(directory, flags);
  const wanted = {
    ...(call === undefined ? {} : { call }),
    ...(caller === undefined ? {} : { caller }),
    ...(last === undefined ? {} : { last }),
    ...(log.keys === undefined ? {} : { keys: log.keys }),
  };
  const records = await withPlace(log, ({ sources }) => showLogs(sources, wanted));
  const output = records.map((record) => `${json === true ? JSON.stringify(record) : line(record)}\n`).join('');
  const about = { ...(call === undefined ? {} : { call }), ...(caller === undefined ? {} : { caller }) };
  const reading = { by: actorOf(flags), purpose: why, query: 'show', ...about };
  await onRecord(log, flags, (desk) => recordReading(desk, 'access.read', reading, output, records.length));
  print(output);
  return 0;
}

function line(record: ShownRecord): string {
  const { n: _index, t: time, mt: _elapsed, b: _run, d: _durable, k: kind, o: outcome, ...rest } = record.members;
  const when = typeof time === 'number' ? new Date(time).toISOString() : '?';
  const opened = record.sealed === undefined ? '' : ` ${JSON.stringify(record.sealed)}`;
  const sealed = record.unreadable ? ' (unreadable: its key is gone)' : opened;
  const number = colour('dim', String(record.index).padStart(8));
  const later = (record.amendments ?? []).map((amendment) => `\n          ${describeAmendment(amendment)}`);
  const log = record.log === undefined ? '' : `${record.log} `;
  return `${log}${number}  ${when}  ${String(kind).padEnd(16)}  ${String(outcome).padEnd(7)}  ${JSON.stringify(rest)}${sealed}${later.join('')}`;
}
