import { Command, Option } from 'commander';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { exportRecord } from '../../../audit/export-record.ts';
import { recordExports } from '../../../audit/exports/index.ts';
import { withPlace } from '../../../audit/place.ts';
import { allRecords } from '../../../audit/query.ts';
import type { LogSource } from '../../../audit/reader.ts';
import { actorOf, logOf, onRecord, type Log } from '../../audit-desk.ts';
import { onLog, parseDay, verb, type VerbFlags } from '../../audit-verb.ts';

const help = `
Writes the clear part of the records, one a line, to standard output. The log records the export; without its key, chaperone
must be running.

Examples:
  $ chaperone audit export --config chaperone.yaml --format fhir > events.ndjson
  $ chaperone audit export audit --format csv --from 2026-11-01 --keys audit.key > november.csv`;

interface Flags extends VerbFlags {
  readonly format: string;
  readonly from?: number;
  readonly to?: number;
}

export function exportCommand(): Command {
  const names = recordExports.map(({ name }) => name);
  const command = new Command('export')
    .description('Write the log for others: FHIR R4 AuditEvent, OCSF, CSV')
    .addOption(new Option('--format <format>', 'what to write').choices(names).makeOptionMandatory())
    .option('--from <date>', 'first day, YYYY-MM-DD', parseDay)
    .option('--to <date>', 'day after the last, YYYY-MM-DD', parseDay)
    .addHelpText('after', help);
  return onLog(command, ['as', 'why', 'unrecorded']).action(verb(exportLog));
}

async function exportLog(directory: string | undefined, flags: Flags): Promise<number> {
  const log = await logOf(directory, flags);
  return withPlace(log, ({ sources }) => exportLogs(log, sources, flags));
}

async function exportLogs(log: Log, sources: readonly LogSource[], flags: Flags): Promise<number> {
  // The digest of what will be written is on record before the first line leaves: so it is gone through twice.
  const digest = createHash('sha256');
  let records = 0;
  for await (const line of linesOf(sources, flags)) {
    digest.update(line);
    records += 1;
  }
  const { to = Date.now() } = flags;
  const facts = { query: `export ${flags.format}`, sha256: digest.digest('hex') };
  const event = { kind: 'access.export', actor: actorOf(flags), action: 'R', outcome: 'ok' } as const;
  await onRecord(log, flags, (desk) =>
    desk.gate({ ...event, purpose: flags.why ?? 'HOPERAT', totals: { records }, facts }),
  );
  for await (const line of linesOf(sources, { ...flags, to })) {
    if (!process.stdout.write(line)) await once(process.stdout, 'drain');
  }
  return 0;
}

/** Log by log, each in its order. */
async function* linesOf(sources: readonly LogSource[], { format, from = 0, to }: Flags): AsyncGenerator<string> {
  const written = recordExports.find(({ name }) => name === format);
  if (written === undefined) return;
  if (written.header !== undefined) yield `${written.header}\n`;
  const period = { from, to: to ?? Number.POSITIVE_INFINITY };
  for (const { files, layout, description } of sources) {
    for await (const record of allRecords(files, layout, period)) {
      yield `${written.line(exportRecord(record), description.origin)}\n`;
    }
  }
}
