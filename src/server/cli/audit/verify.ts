import { Command } from 'commander';
import { readFile } from 'node:fs/promises';
import { verifyPlace } from '../../../audit/place.ts';
import { verdicts, type PlaceReport } from '../../../audit/verdict.ts';
import type { DepositReport } from '../../../audit/verify-deposit.ts';
import { compareDeposits } from '../../audit-deposit.ts';
import { clearProgress, colour, logOf, print, showProgress } from '../../audit-desk.ts';
import { onLog, verb, type VerbFlags } from '../../audit-verb.ts';

const help = `
Exit codes:
  0  the log is whole; or it was broken, somebody accepted the loss, and all that is left is whole
  2  tampered: records were changed, added, moved or removed, or a signature does not hold
  3  corrupt: bytes were damaged; with --strict also a log that was broken and repaired
  4  rolled back: the log is older or shorter than what was signed
  5  incomplete: something that is needed for the check is missing

Examples:
  $ chaperone audit verify /var/lib/chaperone/audit
  $ chaperone audit verify audit --vkey "$(cat audit.vkey)" --anchor last-night.note --json`;

interface Flags extends VerbFlags {
  readonly vkey?: string;
  readonly anchor?: string;
  readonly deposit?: string | true;
  readonly open?: true;
  readonly strict?: true;
}

export function verifyCommand(): Command {
  const command = new Command('verify')
    .description('Read the whole log again and say whether it is what was written; needs no key')
    .option('--vkey <key>', 'the public key the log must be signed with, as kept outside of it')
    .option(
      '--deposit [folder]',
      'compare the closed segments with objects that were fetched, or with the bucket of --config',
    )
    .option('--anchor <file>', 'a signed checkpoint that was kept outside of the log')
    .option('--open', 'with --config: open every encrypted part too, as with --keys and --key-env')
    .option('--strict', 'exit 3 for a log that was ever broken and repaired')
    .addHelpText('after', help);
  return onLog(command, ['json']).action(verb(verify));
}

async function verify(place: string | undefined, flags: Flags): Promise<number> {
  const { vkey, anchor, json } = flags;
  const note = anchor === undefined ? undefined : await readFile(anchor, 'utf8');
  // Whether it is whole needs no key: a key service is asked only where payloads shall be opened.
  const log = await logOf(place, flags.open === true ? flags : { ...flags, keyless: true });
  const report = await verifyPlace(log, {
    ...(vkey === undefined ? {} : { vkey }),
    ...(note === undefined ? {} : { anchor: note }),
    ...(log.keys === undefined ? {} : { keys: log.keys }),
    now: Date.now(),
    onProgress: (records, share) =>
      showProgress(`${Math.floor(share * 100)} %  ${records.toLocaleString('en-US')} records`),
  });
  clearProgress();
  const compared = flags.deposit === undefined ? [] : await compareDeposits(log, flags.deposit, flags.config);
  const [only] = report.logs;
  const plain = report.logs.length === 1 && only !== undefined ? only : report;
  const shown = compared.length === 0 ? plain : { ...plain, deposit: compared };
  print(json === true ? `${JSON.stringify(shown)}\n` : `${sentences(report)}${compared.map(depositLine).join('')}`);
  const differing = compared.find(({ verdict }) => verdict !== 'ok');
  if (report.exitCode === 0 && differing !== undefined) return verdicts[differing.verdict];
  const isBroken = report.logs.some(({ breaks }) => breaks.length > 0);
  return flags.strict === true && isBroken && report.exitCode === 0 ? verdicts.corrupt : report.exitCode;
}

function depositLine({ verdict, sentence }: DepositReport): string {
  return `${verdict === 'ok' ? colour('green', 'OK') : colour('red', verdict.toUpperCase())}  ${sentence}\n`;
}

function sentences(report: PlaceReport): string {
  const isBroken = report.logs.some(({ breaks }) => breaks.length > 0);
  const mark =
    report.exitCode !== 0
      ? colour('red', report.verdict.toUpperCase())
      : isBroken
        ? colour('yellow', 'BROKEN, REPAIRED')
        : colour('green', 'OK');
  const warnings = report.warnings.map((warning) => `${colour('yellow', 'Note')}  ${warning}\n`);
  return `${mark}  ${report.sentence}\n${warnings.join('')}`;
}
