import type { AuditSettings } from '../audit-settings.ts';
import type { Environment, Fault, LoadResult } from '../config.ts';
import { readAssets } from './assets.ts';
import { auditOf } from './audit.ts';
import { auditFaults } from './audit-rules.ts';
import { buildConfig } from './build.ts';
import { ruleFaults } from './rules.ts';
import { faultsOf } from './faults.ts';
import { NamedFiles, unreadableSentence } from './files.ts';
import { schemasFor } from './schema.ts';
import { literalSecrets } from './secrets.ts';
import { emptySource, parseSource, type Source } from './source.ts';

/**
 * Reads `chaperone.yaml` and the files that it names. Either everything is sound and there is a configuration, or there
 * is none and every fault is listed at once, in the order of the file.
 */
export async function loadConfig(file: string, environment: Environment): Promise<LoadResult> {
  const files = new NamedFiles(file);
  const source = await readSource(file, files);
  if (source.value === undefined) return { faults: inOrder(source.faults), ...readingOf(files) };
  const parsed = schemasFor(environment).file.safeParse(source.value);
  const assets = await readAssets(source, files);
  const faults = [
    ...source.faults,
    ...faultsOf(parsed.error?.issues ?? [], source),
    ...ruleFaults(source, environment),
    ...assets.faults,
  ];
  if (parsed.data === undefined || faults.length > 0) return { faults: inOrder(faults), ...readingOf(files) };
  return { config: buildConfig(parsed.data, { assets, files, environment, literalSecrets: literalSecrets(source) }) };
}

/**
 * Reads the block `audit` alone: who looks after the log need not have the secrets of the calls. Faults elsewhere in the
 * file are left alone.
 */
export async function loadAudit(
  file: string,
  environment: Environment,
): Promise<{ readonly audit: AuditSettings } | { readonly faults: readonly Fault[] }> {
  const files = new NamedFiles(file);
  const source = await readSource(file, files);
  if (source.value === undefined) return { faults: inOrder(source.faults) };
  const parsed = schemasFor(environment).audit.safeParse(source.value);
  const faults = [...faultsOf(parsed.error?.issues ?? [], source), ...auditFaults(source, environment)];
  if (parsed.data === undefined || faults.length > 0) return { faults: inOrder(faults) };
  return { audit: auditOf(parsed.data.audit, files, environment) };
}

async function readSource(file: string, files: NamedFiles): Promise<Source> {
  const text = await files.own();
  if (typeof text === 'string') return parseSource(file, text);
  return emptySource(file, unreadableSentence(file, text), 'a configuration file; `chaperone init` writes one');
}

function readingOf(files: NamedFiles): { readonly files: readonly string[]; readonly fingerprint: string } {
  return { files: files.paths, fingerprint: files.fingerprint() };
}

/** In the order of the file, each fault once: two rules may object to one value with the same words. */
function inOrder(faults: readonly Fault[]): Fault[] {
  const sorted = [...faults].sort((first, second) => first.line - second.line || first.column - second.column);
  const keys = sorted.map((fault) => JSON.stringify(fault));
  return sorted.filter((_, index) => keys.indexOf(keys[index] ?? '') === index);
}
