import { Command } from 'commander';
import { styleText } from 'node:util';
import { phiKinds, type PhiKind } from '../../policy/phi/kinds.ts';
import { describeFaults } from '../config/faults.ts';
import { loadConfig } from '../config/load.ts';
import { flowColumns, flowsOf, type Flow } from '../inventory.ts';
import { postureOf } from '../posture.ts';

/** sysexits EX_CONFIG. */
const configurationFault = 78;

interface Options {
  readonly config: string;
  readonly csv?: true;
  readonly json?: true;
}

export function inventoryCommand(): Command {
  return new Command('inventory')
    .description('Print the data-flow map: who receives what, how it travels, where, under which agreement')
    .option('--config <file>', 'the configuration', 'chaperone.yaml')
    .option('--csv', 'comma-separated values, for the risk analysis (RFC 4180)')
    .option('--json', 'one JSON object')
    .addHelpText('after', '\nExit codes: 0 printed, 78 faults of the configuration.\n')
    .action(async (options: Options) => inventory(options));
}

async function inventory({ config: file, csv, json }: Options): Promise<void> {
  const result = await loadConfig(file, process.env);
  if ('faults' in result) {
    process.stderr.write(describeFaults(result.faults));
    process.exitCode = configurationFault;
    return;
  }
  const posture = postureOf(result.config, Date.now());
  const flows = flowsOf(posture);
  if (json === true)
    process.stdout.write(`${JSON.stringify({ today: posture.today, policyHash: posture.policyHash, flows })}\n`);
  else if (csv === true) process.stdout.write(csvOf(flows));
  else process.stdout.write(flows.map(describe).join('\n'));
}

function csvOf(flows: readonly Flow[]): string {
  const rows = flows.map((flow) => flowColumns.map((column) => csvCell(cellText(flow, column))).join(','));
  return [flowColumns.join(','), ...rows, ''].join('\r\n');
}

function cellText(flow: Flow, column: (typeof flowColumns)[number]): string {
  return column === 'kinds' ? flow.kinds.join(' ') : flow[column];
}

/** Quoted as RFC 4180 says. A cell that begins like a formula gets a space, or a spreadsheet would compute it. */
function csvCell(text: string): string {
  const plain = /^[=+\-@\t\r]/u.test(text) ? ` ${text}` : text;
  return /[",\r\n]/u.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}

const labelWidth = 12;

function describe(flow: Flow): string {
  const refused = flow.verdict !== 'allowed';
  const verdict = refused ? styleText('red', flow.verdict, { stream: process.stdout }) : flow.verdict;
  const lines = [
    ['receives', flow.receives],
    ['in clear', kindsText(flow.kinds)],
    ['transport', flow.transport],
    ['regions', flow.regions],
    ['agreement', flow.agreement],
    ['training', flow.training],
    ['keeps', flow.keeps],
    ['verdict', verdict],
  ].filter(([, text]) => text !== '');
  const title = styleText('bold', `${flow.from} -> ${flow.to}`, { stream: process.stdout });
  return `${title}  (route ${flow.route})\n${lines.map(([label = '', text = '']) => `  ${label.padEnd(labelWidth)} ${text}`).join('\n')}\n`;
}

function kindsText(kinds: readonly PhiKind[]): string {
  if (kinds.length === 0) return 'nothing';
  return kinds.length === phiKinds.length ? 'everything that is said' : kinds.join(', ');
}
