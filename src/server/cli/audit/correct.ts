import { Command, Option } from 'commander';
import { amendmentEvent, amendmentKinds, type AmendmentKind } from '../../../audit/amend.ts';
import { AuditFault } from '../../../audit/log.ts';
import { withPlace } from '../../../audit/place.ts';
import { actorOf, atDesk, keyedLogOf, print } from '../../audit-desk.ts';
import { onLog, verb, wholeNumber, type VerbFlags } from '../../audit-verb.ts';

const help = `
A record is never changed: what is right is appended, encrypted for the caller whom the record is about (45 CFR 164.526).
\`audit show\` and \`audit accounting\` give it beside the record. A denied correction is recorded with --what denial, the
statement of somebody who disagrees with that with --what disagreement. Runs beside a running chaperone.

Exit codes: 0 recorded; 5 there is no such record; 65 its caller was erased.

Examples:
  $ chaperone audit correct audit --record 617 --note "The call was for the patient's daughter" --keys audit.key --as ann
  $ chaperone audit correct --config chaperone.yaml --record 617 --what denial --note "The record is right: heard again"`;

interface Flags extends VerbFlags {
  readonly record: number;
  readonly what: AmendmentKind;
  readonly note: string;
  readonly log?: string;
}

const recordNumber = wholeNumber(0, 'It must be the number of a record.');

export function correctCommand(): Command {
  const command = new Command('correct')
    .description('Append a correction to a record, a denial of one, or a statement of disagreement')
    .requiredOption('--record <number>', 'the number of the record, as `audit show` gives it', recordNumber)
    .requiredOption('--note <text>', 'what is right, why it is denied, or the statement; encrypted')
    .addOption(new Option('--what <kind>', 'what is appended').choices(amendmentKinds).default('correction'))
    .option('--log <origin>', 'which log, where several share a database')
    .addHelpText('after', help);
  return onLog(command, ['as', 'json']).action(verb(correct));
}

async function correct(directory: string | undefined, flags: Flags): Promise<number> {
  const { record, what, note, json } = flags;
  const log = await keyedLogOf(directory, flags);
  const request = { record, what, note, by: actorOf(flags) };
  const event = await withPlace(log, async ({ sources }) => {
    const wanted = sources.filter(({ description }) => flags.log === undefined || description.origin === flags.log);
    const [source, ...others] = wanted;
    if (source !== undefined && others.length === 0) return amendmentEvent(source, log.keys, request);
    throw new AuditFault('AUDIT_ORIGIN', 'Say with --log which log the record is in', 64);
  });
  const { size } = await atDesk(log, (desk) => desk.gate(event));
  print(json === true ? `${JSON.stringify({ record, what, size })}\n` : `Appended to record ${record}: ${what}.\n`);
  return 0;
}
