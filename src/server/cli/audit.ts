import { Command, InvalidArgumentError } from 'commander';
import { readFile } from 'node:fs/promises';
import { styleText } from 'node:util';
import { openKeyFile } from '../../audit/keys/file.ts';
import { AuditFault } from '../../audit/log.ts';
import { showLog, type ShownRecord } from '../../audit/show.ts';
import type { VerifyReport } from '../../audit/verdict.ts';
import { verifyLog } from '../../audit/verify.ts';

const verifyHelp = `
Exit codes:
  0  the log is whole
  2  tampered: records were changed, added, moved or removed, or a signature does not hold
  3  corrupt: bytes were damaged
  4  rolled back: the log is older or shorter than what was signed
  5  incomplete: something that is needed for the check is missing

Examples:
  $ chaperone audit verify /var/lib/chaperone/audit
  $ chaperone audit verify audit --vkey "$(cat audit.vkey)" --anchor last-night.note --json`;

const showHelp = `
Examples:
  $ chaperone audit show audit --last 20
  $ chaperone audit show audit --call 3f9a0c1d --keys /etc/chaperone/audit.key
  $ chaperone audit show audit --caller +15125550143 --keys /etc/chaperone/audit.key --json`;

/** `chaperone audit`: what is done with a log from outside. */
export function auditCommand(): Command {
  return new Command('audit')
    .description('Verify and read the audit log')
    .addCommand(verifyCommand())
    .addCommand(showCommand());
}

function verifyCommand(): Command {
  return new Command('verify')
    .description('Read the whole log again and say whether it is what was written; needs no key')
    .argument('<directory>', 'the directory of the log')
    .option('--vkey <key>', 'the public key the log must be signed with, as kept outside of it')
    .option('--anchor <file>', 'a signed checkpoint that was kept outside of the log')
    .option('--keys <file>', 'the key file of the log: opens every encrypted part too')
    .option('--json', 'one JSON object instead of sentences')
    .addHelpText('after', verifyHelp)
    .action(async (directory: string, flags: VerifyFlags) => {
      process.exitCode = await guarded(() => verify(directory, flags));
    });
}

interface VerifyFlags {
  readonly vkey?: string;
  readonly anchor?: string;
  readonly keys?: string;
  readonly json?: true;
}

async function verify(directory: string, flags: VerifyFlags): Promise<number> {
  const anchor = flags.anchor === undefined ? undefined : await readFile(flags.anchor, 'utf8');
  const report = await verifyLog(directory, {
    ...(flags.vkey === undefined ? {} : { vkey: flags.vkey }),
    ...(anchor === undefined ? {} : { anchor }),
    ...(flags.keys === undefined ? {} : { keys: await openKeyFile(flags.keys) }),
    now: Date.now(),
    onProgress: showProgress,
  });
  clearProgress();
  process.stdout.write(flags.json === true ? `${JSON.stringify(report)}\n` : sentences(report));
  return report.exitCode;
}

function sentences(report: VerifyReport): string {
  const mark = report.exitCode === 0 ? colour('green', 'OK') : colour('red', report.verdict.toUpperCase());
  const warnings = report.warnings.map((warning) => `${colour('yellow', 'Note')}  ${warning}\n`);
  return `${mark}  ${report.sentence}\n${warnings.join('')}`;
}

function colour(name: 'green' | 'red' | 'yellow' | 'dim', text: string): string {
  return process.stdout.isTTY ? styleText(name, text) : text;
}

function showProgress(records: number, share: number): void {
  if (process.stderr.isTTY)
    process.stderr.write(`\r${Math.floor(share * 100)} %  ${records.toLocaleString('en-US')} records`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\u001b[K');
}

function showCommand(): Command {
  return new Command('show')
    .description('Show records; with the key also what was encrypted')
    .argument('<directory>', 'the directory of the log')
    .option('--call <reference>', 'only the records of this call')
    .option('--caller <number>', 'only the records of this caller, in E.164; needs --keys')
    .option('--last <count>', 'only the newest so many', parseCount)
    .option('--keys <file>', 'the key file of the log: opens what was encrypted')
    .option('--json', 'one JSON object a line')
    .addHelpText('after', showHelp)
    .action(async (directory: string, flags: ShowFlags) => {
      process.exitCode = await guarded(() => show(directory, flags));
    });
}

interface ShowFlags {
  readonly call?: string;
  readonly caller?: string;
  readonly last?: number;
  readonly keys?: string;
  readonly json?: true;
}

function parseCount(text: string): number {
  const count = Number(text);
  if (!Number.isSafeInteger(count) || count < 1) throw new InvalidArgumentError('It must be a whole number from 1 on.');
  return count;
}

async function show(directory: string, flags: ShowFlags): Promise<number> {
  const { keys, json, ...wanted } = flags;
  const provider = keys === undefined ? {} : { keys: await openKeyFile(keys) };
  const records = await showLog(directory, { ...wanted, ...provider });
  for (const record of records) process.stdout.write(`${json === true ? JSON.stringify(record) : line(record)}\n`);
  return 0;
}

function line(record: ShownRecord): string {
  const { n: _index, t: time, mt: _elapsed, b: _run, d: _durable, k: kind, o: outcome, ...rest } = record.members;
  const when = typeof time === 'number' ? new Date(time).toISOString() : '?';
  const sealed = record.unreadable
    ? ' (unreadable: its key is gone)'
    : record.sealed === undefined
      ? ''
      : ` ${JSON.stringify(record.sealed)}`;
  const number = String(record.index).padStart(8);
  return `${colour('dim', number)}  ${when}  ${String(kind).padEnd(16)}  ${String(outcome).padEnd(7)}  ${JSON.stringify(rest)}${sealed}`;
}

/** Runs a verb and turns a fault into its sentence and exit code. */
async function guarded(verb: () => Promise<number>): Promise<number> {
  try {
    return await verb();
  } catch (error) {
    clearProgress();
    process.stderr.write(`${error instanceof Error ? error.message : 'The command failed'}\n`);
    return error instanceof AuditFault ? error.exitCode : 74;
  }
}
