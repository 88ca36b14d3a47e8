import { Command } from 'commander';
import { dayAt } from '../../policy/baa.ts';
import { describeFaults } from '../config/faults.ts';
import { loadConfig } from '../config/load.ts';
import { staffSheetHtml, staffSheetOf, staffSheetText } from '../staff-sheet.ts';

/** sysexits EX_CONFIG. */
const configurationFault = 78;

export function staffSheetCommand(): Command {
  return new Command('staff-sheet')
    .description('Print one page for the front desk: when the AI takes the call, when a human does')
    .option('--config <file>', 'the configuration', 'chaperone.yaml')
    .option('--html', 'as a page for a browser and a printer')
    .addHelpText(
      'after',
      '\nExample: chaperone staff-sheet --html > staff-sheet.html\n\nExit codes: 0 printed, 78 faults.\n',
    )
    .action(async ({ config, html }: { config: string; html?: true }) => print(config, html === true));
}

async function print(file: string, html: boolean): Promise<void> {
  const result = await loadConfig(file, process.env);
  if ('faults' in result) {
    process.stderr.write(describeFaults(result.faults));
    process.exitCode = configurationFault;
    return;
  }
  const { config } = result;
  const sheet = staffSheetOf(config, dayAt(Date.now(), config.practice.timeZone));
  process.stdout.write(html ? staffSheetHtml(sheet) : staffSheetText(sheet));
}
