import { Command } from 'commander';
import type { Hold } from '../../../audit/hold.ts';
import { recordReading } from '../../../audit/reader.ts';
import { actorOf, atDesk, keyedLogOf, print } from '../../audit-desk.ts';
import { onLog, verb, withFlags, type VerbFlags } from '../../audit-verb.ts';

interface Flags extends VerbFlags {
  readonly caller?: string;
  readonly matter: string;
}

const help = `
What is held is neither erased nor purged nor does its content expire.

Examples:
  $ chaperone audit hold set audit --matter "case 26-114" --caller +15125550143 --keys audit.key
  $ chaperone audit hold list --config chaperone.yaml
  $ chaperone audit hold clear audit 5f0c2a9be7d81344 --keys audit.key`;

/** `audit hold set|list|clear`. */
export function holdCommand(): Command {
  return new Command('hold')
    .description('Set, list and clear legal holds')
    .addCommand(setCommand())
    .addCommand(listCommand())
    .addCommand(clearCommand())
    .addHelpText('after', help);
}

function setCommand(): Command {
  const command = new Command('set')
    .description('Hold a caller, or the whole log')
    .requiredOption('--matter <text>', 'the matter: a file number, no name')
    .option('--caller <number>', 'the number in E.164; without it the whole log is held');
  return onLog(command, ['as']).action(verb(setHold));
}

function listCommand(): Command {
  return onLog(new Command('list').description('List the holds in force'), ['as']).action(verb(listHolds));
}

function clearCommand(): Command {
  const command = new Command('clear')
    .description('End a hold')
    .argument('<place...>', 'the directory of the log, which --config makes needless, and the id of the hold');
  return withFlags(command, ['as']).action(verb(clearHold));
}

async function setHold(directory: string | undefined, flags: Flags): Promise<number> {
  const { caller, matter } = flags;
  const request = { matter, by: actorOf(flags), ...(caller === undefined ? {} : { caller }) };
  const hold = await atDesk(await keyedLogOf(directory, flags), (desk) => desk.hold(request));
  print(`${line(hold)}\n`);
  return 0;
}

async function listHolds(directory: string | undefined, flags: VerbFlags): Promise<number> {
  const output = await atDesk(await keyedLogOf(directory, flags), async (desk) => {
    const holds = await desk.holds();
    const lines = holds.map((hold) => `${line(hold)}\n`).join('');
    const reading = { by: actorOf(flags), purpose: 'HOPERAT', query: 'hold list' };
    await recordReading(desk, 'access.read', reading, lines, holds.length);
    return lines;
  });
  print(output === '' ? 'No hold is in force.\n' : output);
  return 0;
}

async function clearHold(place: readonly string[], flags: VerbFlags): Promise<number> {
  const [directory, id = ''] = place.length > 1 ? place : [undefined, ...place];
  const hold = await atDesk(await keyedLogOf(directory, flags), (desk) => desk.release(id, actorOf(flags)));
  print(`Cleared  ${line(hold)}\n`);
  return 0;
}

function line({ id, subject, matter, by, since }: Hold): string {
  return `${id}  ${new Date(since).toISOString().slice(0, 10)}  ${matter}  ${subject ?? 'the whole log'}  ${by}`;
}
