import { Command } from 'commander';
import type { PurgeReport } from '../../../audit/purge.ts';
import { actorOf, atDesk, keyedLogOf, print } from '../../audit-desk.ts';
import { onLog, verb, wholeNumber, type VerbFlags } from '../../audit-verb.ts';

/** Six years from 164.316(b)(2)(i), and thirty days for the last review. */
const defaultDays = 6 * 365 + 2 + 30;

/** As `audit verify` says it. */
const damaged = 3;

const help = `
Removes whole segments whose records are all older than the retention, and leaves signed tombstones: the log stays provable.
Stops at a legal hold and before a segment that is damaged, and does nothing when two clocks disagree. With --content, the keys of old months are destroyed: the
record of who, what and when stays, its encrypted part becomes unreadable.

Exit codes: 0 done, also when nothing was to be done or a hold is in force; 3 a damaged segment stops it; 75 clocks disagree.

Examples:
  $ chaperone audit purge audit --keys audit.key --dry-run
  $ chaperone audit purge audit --keys audit.key --days 2222
  $ chaperone audit purge audit --keys audit.key --content 90`;

interface Flags extends VerbFlags {
  readonly days: number;
  readonly content?: number;
  readonly dryRun?: true;
}

const dayCount = wholeNumber(1, 'It must be a number of days from 1 on.');

export function purgeCommand(): Command {
  const command = new Command('purge')
    .description('Remove what has outlived its retention')
    .option('--days <days>', 'retention of records in days', dayCount, defaultDays)
    .option('--content <days>', 'instead: retention of encrypted content in days, by whole months', dayCount)
    .option('--dry-run', 'say what would be removed')
    .addHelpText('after', help);
  return onLog(command, ['as', 'json']).action(
    verb((directory: string | undefined, flags: Flags) =>
      flags.content === undefined ? purge(directory, flags) : expire(directory, flags.content, flags),
    ),
  );
}

function timeBefore(days: number): number {
  return Date.now() - days * 86_400_000;
}

async function purge(directory: string | undefined, flags: Flags): Promise<number> {
  const { days, dryRun, json } = flags;
  const request = {
    before: timeBefore(days),
    rule: `retention ${days} days`,
    by: actorOf(flags),
    dryRun: dryRun === true,
  };
  const report = await atDesk(await keyedLogOf(directory, flags), (desk) => desk.purge(request));
  print(json === true ? `${JSON.stringify(report)}\n` : describe(report, dryRun === true));
  return report.stopped === 'damaged' ? damaged : 0;
}

function describe({ purged, stopped }: PurgeReport, dryRun: boolean): string {
  const verb = dryRun ? 'Would be purged' : 'Purged';
  const lines = purged.map(({ first, next }) => `${verb}: records ${first} to ${next - 1}\n`);
  const reasons = {
    young: 'the next segment is within the retention',
    open: 'the rest is not closed yet',
    damaged:
      'the next segment is damaged. `chaperone audit verify` says where; put it back from a copy, or accept the loss with `chaperone audit repair`',
  };
  const reason =
    typeof stopped === 'string' ? reasons[stopped] : `a legal hold is in force (${stopped.matter}, id ${stopped.id})`;
  return `${lines.join('')}${purged.length === 0 ? 'Nothing was purged' : 'Stopped'}: ${reason}.\n`;
}

async function expire(directory: string | undefined, days: number, flags: Flags): Promise<number> {
  const beforeMonth = new Date(timeBefore(days)).toISOString().slice(0, 7);
  const request = { beforeMonth, rule: `content ${days} days`, by: actorOf(flags) };
  const report = await atDesk(await keyedLogOf(directory, flags), (desk) => desk.expire(request));
  const text = `Content before ${beforeMonth}: ${report.keys} keys destroyed, ${report.callers} callers forgotten, ${report.held} held.\n`;
  print(flags.json === true ? `${JSON.stringify(report)}\n` : text);
  return 0;
}
