import { openKeyVariable } from '../audit/keys/env.ts';
import { openKeyFile } from '../audit/keys/file.ts';
import type { KeyProvider } from '../audit/key-provider.ts';
import type { AuditFault, AuditLog } from '../audit/log.ts';
import { openFileLog } from '../audit/open.ts';
import type { Config } from './config.ts';

/**
 * Opens the log that the configuration names. Its origin, under which checkpoints are signed, is the public host: two
 * deployments never share it. Rejects with an AuditFault that says what to do.
 */
export async function openAuditLog(
  config: Config,
  onFault: (fault: AuditFault) => void,
  onCheckpoint: (note: string) => void,
): Promise<AuditLog> {
  return openFileLog({
    directory: config.audit.directory,
    keys: await openKey(config),
    origin: `${new URL(config.calls.publicUrl).hostname}/chaperone`,
    now: Date.now,
    monotonic: () => performance.now(),
    onFault,
    onCheckpoint,
  });
}

/** The key over all keys of this deployment. Rejects with an AuditFault. */
export async function openKey({ audit }: Config): Promise<KeyProvider> {
  return audit.key.kind === 'file'
    ? openKeyFile(audit.key.file)
    : openKeyVariable(audit.key.name, audit.key.value.reveal());
}
