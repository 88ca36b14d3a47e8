import { Command } from 'commander';
import { randomBytes } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import { AuditFault } from '../../audit/log.ts';
import { openPayloads } from '../../audit/payload.ts';
import { openSource } from '../../audit/reader.ts';
import { placeOfSettings } from '../audit-place.ts';
import { openAuditKey } from '../audit-key.ts';
import { originOf } from '../audit-log.ts';
import type { Config, Fault } from '../config.ts';
import { describeFaults, faultLine, jsonSchema } from '../config/faults.ts';
import { loadConfig } from '../config/load.ts';
import { postureOf } from '../posture.ts';
import { describePosture } from '../posture-text.ts';

/** sysexits EX_CONFIG. */
const configurationFault = 78;

interface Options {
  readonly config: string;
  readonly json?: true;
  readonly schema?: true;
}

export function checkCommand(): Command {
  return new Command('check')
    .description('Validate the configuration and say what it means: who would receive what, and what is refused')
    .option('--config <file>', 'the configuration', 'chaperone.yaml')
    .option('--json', 'print one JSON object')
    .option('--schema', 'print the JSON Schema of the file, for editors, and nothing else')
    .addHelpText(
      'after',
      '\nExit codes: 0 sound (also when an agreement has expired: that refuses calls), 78 faults.\n',
    )
    .action(async (options: Options) => check(options));
}

async function check({ config: file, json, schema }: Options): Promise<void> {
  if (schema === true) {
    process.stdout.write(`${JSON.stringify(jsonSchema(), null, 2)}\n`);
    return;
  }
  const result = await loadConfig(file, process.env);
  if ('faults' in result) return reject(result.faults, json === true);
  const problems = await auditProblems(result.config);
  if (problems.length > 0) return rejectAudit(problems, json === true);
  const posture = postureOf(result.config, Date.now());
  process.stdout.write(
    json === true ? `${JSON.stringify({ ok: true, ...posture })}\n` : describePosture(posture, process.stdout),
  );
}

function reject(faults: readonly Fault[], json: boolean): void {
  const lines = faults.map(faultLine);
  if (json) process.stdout.write(`${JSON.stringify({ ok: false, faults, lines })}\n`);
  else process.stderr.write(describeFaults(faults));
  process.exitCode = configurationFault;
}

function rejectAudit(problems: readonly string[], json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify({ ok: false, faults: [], lines: problems })}\n`);
  else
    process.stderr.write(`${problems.join('\n')}\nThe configuration is sound, but the audit log could not be kept.\n`);
  process.exitCode = configurationFault;
}

/** What would keep the audit log from opening: no key, a key that others can read, a folder that cannot be written. */
async function auditProblems(config: Config): Promise<string[]> {
  const keyProblem = await tryKey(config).then(
    () => [],
    (fault: unknown) => [auditSentence(fault)],
  );
  return [...keyProblem, ...(await placeProblem(config))];
}

/** Whether a database answers is found at the start; here that its address is one. */
async function placeProblem({ audit }: Config): Promise<string[]> {
  if (audit.store === undefined) return directoryProblem(audit.directory);
  return placeOfSettings(audit).then(
    () => [],
    (fault: unknown) => [auditSentence(fault)],
  );
}

/**
 * Whether the key opens the log that is there. Where there is none yet, a service is asked to wrap and unwrap: that it is
 * there, and that it may be used.
 */
async function tryKey(config: Config): Promise<void> {
  const { key, store, directory } = config.audit;
  const provider = await openAuditKey(key);
  const source = store === undefined ? await openSource(directory).catch(() => undefined) : undefined;
  if (source !== undefined) {
    await openPayloads(source.files, source.layout, source.description, provider);
    return;
  }
  if (!provider.remote) return;
  const context = await originOf(config);
  await provider.unwrap(await provider.wrap(randomBytes(32), context), context);
}

function auditSentence(fault: unknown): string {
  if (fault instanceof AuditFault) return fault.message;
  throw fault;
}

/** The folder is made at the first start; then its parent must be writable. */
async function directoryProblem(directory: string): Promise<string[]> {
  if (await mayWrite(directory)) return [];
  const exists = await access(directory).then(
    () => true,
    () => false,
  );
  if (!exists && (await mayWrite(dirname(directory)))) return [];
  return [`The audit directory ${directory} ${exists ? 'cannot be written' : 'does not exist and cannot be made'}`];
}

function mayWrite(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}
