import { Command, InvalidArgumentError } from 'commander';
import { readFile, writeFile } from 'node:fs/promises';
import { proveConsistency, proveRecord } from '../../../audit/prove.ts';
import { flag, print, runVerb } from '../../audit-desk.ts';

const help = `
The proof is a text of c2sp.org/tlog-proof@v1. Who has it, the record and the public key of the log can check it without
the log: \`chaperone audit check\`.

Examples:
  $ chaperone audit prove audit 617 --out record-617
  $ chaperone audit prove audit --since last-month.note`;

interface Flags {
  readonly out?: string;
  readonly since?: string;
  readonly json?: true;
}

export function proveCommand(): Command {
  return new Command('prove')
    .description('Prove that a record is in the log, or that the log only grew since a checkpoint')
    .argument('<directory>', 'the directory of the log')
    .argument('[record]', 'number of the record', parseIndex)
    .option('--out <name>', 'write NAME.json (the record) and NAME.tlog-proof instead of printing')
    .option('--since <note>', 'a checkpoint that was kept: prove that the log still begins as it was then')
    .option(...flag.json)
    .addHelpText('after', help)
    .action((directory: string, record: number | undefined, flags: Flags) =>
      runVerb(() =>
        flags.since === undefined ? prove(directory, record, flags) : compare(directory, flags.since, flags),
      ),
    );
}

function parseIndex(text: string): number {
  if (!/^(?:0|[1-9][0-9]{0,14})$/.test(text)) throw new InvalidArgumentError('It must be the number of a record.');
  return Number(text);
}

async function prove(directory: string, record: number | undefined, { out, json }: Flags): Promise<number> {
  if (record === undefined) throw new Error('Give the number of a record, or --since a checkpoint');
  const proven = await proveRecord(directory, record);
  if (out !== undefined) {
    await writeFile(`${out}.json`, proven.body);
    await writeFile(`${out}.tlog-proof`, proven.proof);
    print(`Wrote ${out}.json and ${out}.tlog-proof\n`);
  } else print(json === true ? `${JSON.stringify(proven)}\n` : `${proven.body}\n\n${proven.proof}`);
  return 0;
}

async function compare(directory: string, since: string, { json }: Flags): Promise<number> {
  const path = await proveConsistency(directory, await readFile(since, 'utf8'));
  print(
    json === true
      ? `${JSON.stringify({ consistent: true, path })}\n`
      : `The log only grew since then.\n${path.join('\n')}\n`,
  );
  return 0;
}
