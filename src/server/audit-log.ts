import { readDescription } from '../audit/description.ts';
import { nodeFiles, type FileLayer } from '../audit/durable.ts';
import type { AuditLimits } from '../audit/limits.ts';
import { layoutOf } from '../audit/layout.ts';
import type { AuditFault } from '../audit/log.ts';
import { openFileLog } from '../audit/open.ts';
import { openPostgresLog } from '../audit/postgres/open.ts';
import type { ServedLog } from '../audit/served-log.ts';
import { openAnchors } from './audit-anchors.ts';
import { openAuditKey } from './audit-key.ts';
import { placeOfSettings } from './audit-place.ts';
import type { Config } from './config.ts';

/** What a test has otherwise: shorter times, a disk that fails. */
export interface AuditOverrides {
  readonly limits?: Partial<AuditLimits>;
  readonly files?: FileLayer;
}

/** Opens the log that the configuration names. Rejects with an AuditFault that says what to do. `overrides` are for tests. */
export async function openAuditLog(
  config: Config,
  onFault: (fault: AuditFault) => void,
  onCheckpoint: (note: string) => void,
  overrides: AuditOverrides = {},
): Promise<ServedLog> {
  const { directory, store, key, anchors } = config.audit;
  const { address } = await placeOfSettings(config.audit);
  const origin = await originOf(config);
  const common = {
    keys: await openAuditKey(key),
    anchors: openAnchors(anchors, directory, store === undefined ? origin : `${origin}/${store.replica}`),
    now: Date.now,
    monotonic: () => performance.now(),
    onFault,
    onCheckpoint,
    limits: {
      anchorEvery: anchors.everyMs,
      ...('awayMs' in key ? { keyPatience: key.awayMs } : {}),
      ...overrides.limits,
    },
  };
  if (address === undefined || store === undefined) {
    return openFileLog({ ...common, directory, origin, files: overrides.files ?? nodeFiles });
  }
  return openPostgresLog({ ...common, address, origin: `${origin}/${store.replica}` });
}

/**
 * The name under which checkpoints are signed; two deployments never share it. A log keeps the one that it was made with,
 * wherever it is reached later: the first is made from the public host.
 */
export async function originOf({ audit, calls }: Config): Promise<string> {
  if (audit.origin !== undefined) return audit.origin;
  if (audit.store !== undefined) return `${new URL(calls.publicUrl).hostname}/chaperone`;
  const stored = await readDescription(nodeFiles, layoutOf(audit.directory)).catch(() => undefined);
  return typeof stored === 'object' ? stored.origin : `${new URL(calls.publicUrl).hostname}/chaperone`;
}
