import { Command } from 'commander';
import { readFile, writeFile } from 'node:fs/promises';
import { AuditFault } from '../../../audit/log.ts';
import { parseNote } from '../../../audit/checkpoint.ts';
import { withPlace } from '../../../audit/place.ts';
import { proveConsistency, proveRecord } from '../../../audit/prove.ts';
import { recordReading, type LogSource } from '../../../audit/reader.ts';
import { actorOf, logOf, onRecord, print } from '../../audit-desk.ts';
import { verb, withFlags, type VerbFlags } from '../../audit-verb.ts';

const help = `
The proof is a text of c2sp.org/tlog-proof@v1. Who has it, the record and the public key of the log can check it without
the log: \`chaperone audit check\`.

Examples:
  $ chaperone audit prove audit 617 --out record-617 --keys audit.key
  $ chaperone audit prove audit --since last-month.note`;

interface Flags extends VerbFlags {
  readonly out?: string;
  readonly since?: string;
  readonly log?: string;
}

export function proveCommand(): Command {
  const command = new Command('prove')
    .description('Prove that a record is in the log, or that the log only grew since a checkpoint')
    .argument('[place...]', 'the directory of the log, which --config makes needless, and the number of the record')
    .option('--out <name>', 'write NAME.json (the record) and NAME.tlog-proof instead of printing')
    .option('--since <note>', 'a checkpoint that was kept: prove that the log still begins as it was then')
    .option('--log <origin>', 'of which log, where several replicas share a database')
    .addHelpText('after', help);
  return withFlags(command, ['as', 'unrecorded', 'json']).action(
    verb((place: readonly string[], flags: Flags) =>
      flags.since === undefined ? prove(place, flags) : compare(place, flags.since, flags),
    ),
  );
}

async function prove(place: readonly string[], flags: Flags): Promise<number> {
  const { out, json } = flags;
  const number = place.at(-1) ?? '';
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(number)) {
    throw new AuditFault('AUDIT_RECORD', 'Give the number of a record, or --since a checkpoint', 64);
  }
  const log = await logOf(place.length > 1 ? place[0] : undefined, flags);
  const proven = await withPlace(log, ({ sources }) => {
    const { files, layout } = sourceNamed(sources, flags.log);
    return proveRecord(layout.root, Number(number), files);
  });
  const reading = { by: actorOf(flags), purpose: 'HOPERAT', query: `prove ${number}` };
  await onRecord(log, flags, (desk) => recordReading(desk, 'access.read', reading, proven.body, 1));
  if (out !== undefined) {
    await writeFile(`${out}.json`, proven.body);
    await writeFile(`${out}.tlog-proof`, proven.proof);
    print(`Wrote ${out}.json and ${out}.tlog-proof\n`);
  } else print(json === true ? `${JSON.stringify(proven)}\n` : `${proven.body}\n\n${proven.proof}`);
  return 0;
}

function sourceNamed(sources: readonly LogSource[], origin: string | undefined): LogSource {
  const named =
    origin === undefined && sources.length === 1
      ? sources
      : sources.filter((source) => source.description.origin === origin);
  const [source] = named;
  if (source !== undefined) return source;
  const names = sources.map(({ description }) => description.origin).join(', ');
  throw new AuditFault('AUDIT_LOG', `Say of which log with --log: ${names}`, 64);
}

async function compare(place: readonly string[], since: string, flags: Flags): Promise<number> {
  const note = await readFile(since, 'utf8');
  const origin = parseNote(note)?.checkpoint.origin;
  const path = await withPlace(await logOf(place[0], flags), ({ sources }) => {
    const { files, layout } = sourceNamed(sources, sources.length === 1 ? undefined : (origin ?? ''));
    return proveConsistency(layout.root, note, files);
  });
  print(
    flags.json === true
      ? `${JSON.stringify({ consistent: true, path })}\n`
      : `The log only grew since then.\n${path.join('\n')}\n`,
  );
  return 0;
}
