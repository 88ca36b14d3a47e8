import { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { repairLog, type Repair } from '../../../audit/repair.ts';
import { actorOf, assertDirectory, colour, keyedLogOf, print } from '../../audit-desk.ts';
import { onLog, verb, wholeNumber, type VerbFlags } from '../../audit-verb.ts';

const help = `
For a log that \`audit verify\` finds damaged or changed, and that chaperone refuses to open. Stop chaperone first, and copy
the directory of the log away. Without --accept-loss it says what would be lost, and changes nothing.

Nothing is removed. What cannot be read stays where it is; a new segment says who accepted which loss, and is signed. From
then on \`audit verify\` says it each time. A wrong index or tile is made anew: that loses nothing.

Where records are gone that a checkpoint was signed over, the tree that was signed cannot go on: whoever kept that
checkpoint will find the log rolled back. This needs --accept-rollback with the size of that checkpoint.

Exit codes: 0 repaired, or nothing to repair; 2, 3, 4 what \`verify\` found, where nothing was accepted, or no repair helps.

Examples:
  $ chaperone audit repair audit --keys audit.key
  $ chaperone audit repair audit --keys audit.key --accept-loss --as ann --note "the disk was replaced, ticket 4711"
  $ chaperone audit repair --config chaperone.yaml --accept-loss --anchor last-night.note --accept-rollback 81230`;

interface Flags extends VerbFlags {
  readonly acceptLoss?: true;
  readonly acceptRollback?: number;
  readonly anchor?: string;
  readonly note?: string;
}

const treeSize = wholeNumber(1, 'It must be a number of records.');

export function repairCommand(): Command {
  const command = new Command('repair')
    .description('Take a damaged log into service again; the loss is recorded and said for ever')
    .option('--accept-loss', 'do it: what cannot be read is lost')
    .option('--accept-rollback <records>', 'give up a tree that was signed over so many records', treeSize)
    .option('--anchor <file>', 'a signed checkpoint that was kept outside of the log')
    .option('--note <text>', 'why, for those who read it later; encrypted')
    .addHelpText('after', help);
  return onLog(command, ['as', 'json']).action(verb(repair));
}

async function repair(place: string | undefined, flags: Flags): Promise<number> {
  const { acceptLoss, acceptRollback, anchor, note, json } = flags;
  const log = await keyedLogOf(place, flags);
  assertDirectory(log, 'restore the database from its backup; this repairs files');
  const done = await repairLog({
    directory: log.directory,
    keys: log.keys,
    by: actorOf(flags),
    now: Date.now,
    monotonic: () => performance.now(),
    acceptLoss: acceptLoss === true,
    ...(acceptRollback === undefined ? {} : { acceptRollback }),
    ...(anchor === undefined ? {} : { anchor: await readFile(anchor, 'utf8') }),
    ...(note === undefined ? {} : { note }),
  });
  const { outcome, record, lost, signed, found } = done;
  print(
    json === true ? `${JSON.stringify({ outcome, record, lost, signed, found: found.sentence })}\n` : sentences(done),
  );
  return outcome === 'planned' ? found.exitCode : 0;
}

function sentences({ outcome, record, lost, signed, found }: Repair): string {
  if (outcome === 'whole') return `${colour('green', 'OK')}  ${found.sentence}\n`;
  if (outcome === 'caches') return 'Repaired: what was wrong is made anew from the records; none is lost.\n';
  const said = `${colour('yellow', 'Found')}  ${found.sentence}\n`;
  if (outcome === 'repaired')
    return `${said}Repaired: ${lost} records are lost or unreadable, as record ${record} says.\n`;
  const consent = signed > record ? ` --accept-rollback ${signed}` : '';
  return `${said}A repair would lose ${lost} records. To do it: --accept-loss${consent}\n`;
}
