import { Command } from 'commander';
import { auditCommand } from './audit.ts';
import { checkCommand } from './check.ts';
import { demoCommand } from './demo.ts';
import { initCommand } from './init.ts';
import { intakeCommand } from './intake.ts';
import { inventoryCommand } from './inventory.ts';
import { redactCommand } from './redact.ts';
import { serveCommand } from './serve.ts';
import { staffSheetCommand } from './staff-sheet.ts';
import { version } from '../version.ts';

/** The `chaperone` command: one verb a file. */
export function createProgram(): Command {
  return new Command('chaperone')
    .description(
      'The compliance proxy for voice agents: approved vendors only, identifiers removed, every step on record',
    )
    .version(version, '--version')
    .showHelpAfterError('(chaperone --help shows the verbs)')
    .addCommand(demoCommand())
    .addCommand(initCommand())
    .addCommand(checkCommand())
    .addCommand(serveCommand())
    .addCommand(redactCommand())
    .addCommand(auditCommand())
    .addCommand(inventoryCommand())
    .addCommand(intakeCommand())
    .addCommand(staffSheetCommand());
}
