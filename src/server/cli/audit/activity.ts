import { Command, Option } from 'commander';
import { activityHtml, activityText } from '../../../audit/activity-text.ts';
import { activityOf, periodOfMonth } from '../../../audit/activity.ts';
import { AuditFault } from '../../../audit/log.ts';
import { withPlace } from '../../../audit/place.ts';
import { recordReading } from '../../../audit/reader.ts';
import { actorOf, clearProgress, logOf, onRecord, print, showProgress } from '../../audit-desk.ts';
import { onLog, verb, type VerbFlags } from '../../audit-verb.ts';

const help = `
For the regular review of audit logs, access reports and security incidents. The log records that the review was made: that
record is the evidence of it. Without the key, chaperone must be running.

Examples:
  $ chaperone audit activity --config chaperone.yaml --month 2026-11
  $ chaperone audit activity audit --month 2026-11 --format html --keys audit.key --as ann > november.html`;

interface Flags extends VerbFlags {
  readonly month: string;
  readonly format: 'text' | 'html' | 'json';
}

export function activityCommand(): Command {
  const command = new Command('activity')
    .description('The review of a month (45 CFR 164.308(a)(1)(ii)(D))')
    .requiredOption('--month <month>', 'YYYY-MM')
    .addOption(new Option('--format <format>', 'how to print it').choices(['text', 'html', 'json']).default('text'))
    .addHelpText('after', help);
  return onLog(command, ['as', 'unrecorded']).action(verb(review));
}

async function review(directory: string | undefined, flags: Flags): Promise<number> {
  const { month, format } = flags;
  const period = periodOfMonth(month);
  if (period === undefined) throw new AuditFault('AUDIT_MONTH', 'The month must be given as 2026-11', 64);
  const log = await logOf(directory, flags);
  const { activity, sentence } = await withPlace(log, async (place) => {
    const found = await activityOf(place.sources, month, period, (records) => showProgress(`${records} records`));
    const onProgress = (records: number): void => showProgress(`verifying, ${records} records`);
    return { activity: found, sentence: (await place.verify({ onProgress })).sentence };
  });
  clearProgress();
  const output = {
    text: () => activityText(activity, sentence),
    html: () => activityHtml(activity, sentence),
    json: () => `${JSON.stringify({ ...activity, integrity: sentence })}\n`,
  }[format]();
  const reading = { by: actorOf(flags), purpose: 'HOPERAT', query: `activity ${month}` };
  await onRecord(log, flags, (desk) => recordReading(desk, 'access.read', reading, output, activity.records));
  print(output);
  return 0;
}
