import { Command } from 'commander';
import { accountingCommand } from './audit/accounting.ts';
import { activityCommand } from './audit/activity.ts';
import { checkCommand } from './audit/check.ts';
import { correctCommand } from './audit/correct.ts';
import { eraseCommand } from './audit/erase.ts';
import { exportCommand } from './audit/export.ts';
import { holdCommand } from './audit/hold.ts';
import { proveCommand } from './audit/prove.ts';
import { purgeCommand } from './audit/purge.ts';
import { repairCommand } from './audit/repair.ts';
import { rotateCommand } from './audit/rotate.ts';
import { showCommand } from './audit/show.ts';
import { verifyCommand } from './audit/verify.ts';

/** `chaperone audit`: what is done with a log from outside. One verb a file. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('Verify, read and keep the audit log')
    .addCommand(verifyCommand())
    .addCommand(showCommand())
    .addCommand(proveCommand())
    .addCommand(checkCommand())
    .addCommand(eraseCommand())
    .addCommand(holdCommand())
    .addCommand(correctCommand())
    .addCommand(accountingCommand())
    .addCommand(activityCommand())
    .addCommand(exportCommand())
    .addCommand(purgeCommand())
    .addCommand(rotateCommand())
    .addCommand(repairCommand());
}
