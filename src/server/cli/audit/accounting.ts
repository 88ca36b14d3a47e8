import { Command } from 'commander';
import { accountFor, accountingPeriod, describeAccounting } from '../../../audit/accounting.ts';
import { withPlace } from '../../../audit/place.ts';
import { recordReading } from '../../../audit/reader.ts';
import { actorOf, atDesk, keyedLogOf, print } from '../../audit-desk.ts';
import { onLog, parseDay, verb, type VerbFlags } from '../../audit-verb.ts';

const help = `
Lists when, to whom, what and why, for the last six years unless dates are given, and leaves out what 164.528(a)(1) leaves
out; --all shows that too. The log records that the accounting was made.

Example:
  $ chaperone audit accounting audit --caller +15125550143 --from 2026-01-01 --keys /etc/chaperone/audit.key
  $ chaperone audit accounting --config /etc/chaperone/chaperone.yaml --caller +15125550143`;

interface Flags extends VerbFlags {
  readonly caller: string;
  readonly from?: number;
  readonly to?: number;
  readonly all?: true;
}

export function accountingCommand(): Command {
  const command = new Command('accounting')
    .description('The accounting of disclosures of one caller (45 CFR 164.528)')
    .requiredOption('--caller <number>', 'the number, in E.164')
    .option('--from <date>', 'first day, YYYY-MM-DD', parseDay)
    .option('--to <date>', 'day after the last, YYYY-MM-DD', parseDay)
    .option('--all', 'also what need not be accounted for')
    .addHelpText('after', help);
  return onLog(command, ['as', 'json']).action(verb(account));
}

async function account(directory: string | undefined, flags: Flags): Promise<number> {
  const log = await keyedLogOf(directory, flags);
  const { caller, all, json } = flags;
  const to = flags.to ?? Date.now();
  const period = { from: flags.from ?? to - accountingPeriod, to };
  const accounting = await withPlace(log, async ({ sources }) => accountFor(sources, log.keys, caller, period));
  if (accounting === undefined) {
    process.stderr.write('The log knows no such caller.\n');
    return 1;
  }
  const { disclosures, excluded } = accounting;
  const shown = all === true ? { ...accounting, disclosures: [...disclosures, ...excluded] } : accounting;
  const output = json === true ? `${JSON.stringify(shown)}\n` : `${describeAccounting(shown)}\n`;
  const reading = { by: actorOf(flags), purpose: 'PATRQT', query: 'accounting', caller };
  await atDesk(log, (desk) => recordReading(desk, 'access.read', reading, output, disclosures.length));
  print(output);
  return 0;
}
