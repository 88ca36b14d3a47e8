import type { Custody } from './custody.ts';
import { readDescription } from './description.ts';
import { nodeFiles, type FileLayer } from './durable.ts';
import type { KeyProvider } from './key-provider.ts';
import { FileKeyStore } from './key-store.ts';
import { openKeyring } from './keyring-open.ts';
import { layoutOf } from './layout.ts';
import { AuditFault } from './log.ts';
import { openFileLog } from './open.ts';
import type { DatabaseAddress } from './postgres/address.ts';
import { withDatabaseDesk } from './postgres/desk.ts';
import { RemoteCustody } from './remote-custody.ts';
import { systemRandom } from './seal.ts';
import { Spool } from './spool.ts';

export interface CustodyOptions {
  readonly directory: string;
  /** Where the log is in a database instead. */
  readonly address?: DatabaseAddress | undefined;
  readonly keys: KeyProvider;
  /** ms UTC. */
  readonly now: () => number;
  readonly monotonic: () => number;
  readonly files?: FileLayer;
}

/**
 * Does work on a log that may be in use: opens it where no process holds it, and asks the process that does where one
 * does. Rejects with an AuditFault, and never makes a log where there is none.
 */
export async function withCustody<T>(options: CustodyOptions, work: (custody: Custody) => Promise<T>): Promise<T> {
  const { directory, address, keys, files = nodeFiles } = options;
  if (address !== undefined) return withDatabaseDesk({ ...options, address }, work);
  const layout = layoutOf(directory);
  const description = await readDescription(files, layout);
  if (description === undefined) throw new AuditFault('AUDIT_MISSING', `There is no audit log in ${directory}`, 66);
  if (typeof description === 'string') throw new AuditFault('AUDIT_CORRUPT', `log.json ${description}`, 3);
  const { origin, practice } = description;
  try {
    const log = await openFileLog({ ...options, files, origin, practice });
    try {
      return await work(log);
    } finally {
      await log.close();
    }
  } catch (error) {
    if (!(error instanceof AuditFault) || error.code !== 'AUDIT_LOCKED') throw error;
  }
  const store = new FileKeyStore(files, layout.keys);
  const keyring = await openKeyring({ store, provider: keys, origin, random: systemRandom }, false);
  const spool = new Spool({ files, directory: layout.requests, key: keyring.system, now: options.now });
  return work(new RemoteCustody(spool));
}
