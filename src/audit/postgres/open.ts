import type { Signer } from '../checkpoint.ts';
import { clockWitness } from '../clock.ts';
import { readDescription, writeDescription, type LogDescription } from '../description.ts';
import { Holds } from '../hold.ts';
import { keyLease } from '../key-lease.ts';
import { openKeyring, type KeyringOptions } from '../keyring-open.ts';
import type { Keyring } from '../keyring.ts';
import { AuditFault } from '../log.ts';
import { completeOptions, type CompleteOptions, type LogOptions } from '../log-options.ts';
import { openPostgresSink } from '../sinks/index.ts';
import { startWriter } from '../start.ts';
import { storedLog } from '../stored.ts';
import type { DatabaseAddress } from './address.ts';
import { connectDatabase, type Database } from './database.ts';
import { databaseLayout, PostgresFiles } from './files.ts';
import { forgetChannel, PostgresKeyStore } from './key-store.ts';
import { alone, takeWriterLock } from './lock.ts';
import { peerEvents, sightingsIn } from './peers.ts';
import { PostgresLog } from './postgres-log.ts';
import { assertMayAdd } from './role.ts';
import { writerSigner } from './signer.ts';
import { knownWriters, newestTime, sourceOf } from './source.ts';
import { storeContext } from './store.ts';

export interface PostgresLogOptions extends LogOptions {
  readonly address: DatabaseAddress;
}

interface Opening extends CompleteOptions {
  /** Holds the writer's lock and writes its records. */
  readonly writing: Database;
  /** Keys, searches, what belongs to all writers. */
  readonly asking: Database;
  readonly keyring: KeyringOptions;
}

/** At most so many bytes of closed segments come over the network when a log opens; `audit verify` reads all. */
const mostCheckedBytes = 64 * 1024 * 1024;

/**
 * Opens the chain of one writer in a database, or begins it, and takes its name for this process alone. Rejects with an
 * AuditFault.
 */
export async function openPostgresLog(options: PostgresLogOptions): Promise<PostgresLog> {
  const complete = completeOptions(options);
  let onLost: (fault: AuditFault) => void = () => undefined;
  const lost = (fault: AuditFault): void => onLost(fault);
  const writing = await connectDatabase(options.address, lost);
  let asking: Database | undefined;
  try {
    asking = await connectDatabase(options.address, lost);
    const store = new PostgresKeyStore(asking);
    const keyring = { store, provider: options.keys, origin: await storeContext(asking), random: complete.random };
    const log = await openConnected({ ...complete, writing, asking, keyring });
    onLost = (fault) => log.fail(fault);
    return log;
  } catch (error) {
    await asking?.close();
    await writing.close();
    throw error;
  }
}

async function openConnected(opening: Opening): Promise<PostgresLog> {
  const { asking, writing, origin, practice, limits } = opening;
  await assertMayAdd(writing);
  const lock = await takeWriterLock(writing, origin, limits.lockPatience);
  const files = new PostgresFiles(asking, origin);
  const { keyring, signer, description } = await alone(asking, () => describe(opening, files));
  const checkedBytes = Math.min(limits.checkedBytes, mostCheckedBytes);
  const end = {
    files,
    layout: databaseLayout,
    descriptionHash: description.hash,
    keys: description.keys,
    checkedBytes,
  };
  const sink = await openPostgresSink({ ...end, database: writing, origin, segmentBytes: limits.segmentBytes });
  const clockDoubt = clockWitness(opening, await newestTime(asking, origin));
  const stored = await storedLog(files, databaseLayout, { sink, description });
  const place = { files, layout: databaseLayout };
  const { writer, keeper, depositor } = await startWriter({
    ...opening,
    ...place,
    lock,
    keyring,
    signer,
    sink,
    stored,
  });
  // From here on a caller who is erased elsewhere is forgotten here too.
  await asking.listen(forgetChannel, () => keyring.forgetAll());
  const source = await sourceOf(asking, origin);
  const seen = await sightingsIn(source);
  for (const event of peerEvents(origin, await knownWriters(asking), seen)) writer.record(event);
  const holds = new Holds({ writer, keyring, practice, now: opening.now });
  const lease = keyLease(opening, opening.keyring);
  const parts = { database: asking, source, practice, writer, holds, keeper, depositor, keyring, clockDoubt, lease };
  const log = new PostgresLog(parts);
  await log.resume();
  await writer.sign();
  return log;
}

interface Described {
  readonly keyring: Keyring;
  readonly signer: Signer;
  readonly description: LogDescription;
}

/** Keys and description of the writer; the first one of a database makes the keys of all. */
async function describe(opening: Opening, files: PostgresFiles): Promise<Described> {
  const { asking, origin, practice, now } = opening;
  const writers = await knownWriters(asking);
  const keyring = await openKeyring(opening.keyring, writers.length === 0);
  const signer = writerSigner(keyring, origin);
  const other = writers.find((known) => known.origin !== origin);
  if (other !== undefined) await assertPractice(asking, other.origin, practice);
  if (!writers.some((known) => known.origin === origin)) {
    const bytes = writeDescription(origin, practice, signer.vkey, Math.floor(now()));
    const insert = 'insert into writer (origin, description, vkey) values ($1, $2, $3)';
    await asking.together([
      [insert, [origin, bytes, signer.vkey]],
      ['insert into head (origin) values ($1)', [origin]],
    ]);
  }
  const description = await readDescription(files, databaseLayout);
  if (typeof description !== 'object') {
    throw new AuditFault('AUDIT_CORRUPT', `The description of ${origin} ${description ?? 'is not there'}`, 3);
  }
  if (!description.keys.some((key) => key.vkey === signer.vkey)) {
    throw new AuditFault('AUDIT_TAMPERED', 'The database does not name the key that this log signs with', 2);
  }
  await assertPractice(asking, origin, practice);
  return { keyring, signer, description };
}

async function assertPractice(database: Database, origin: string, practice: string): Promise<void> {
  const { description } = await sourceOf(database, origin);
  if (description.origin === origin && description.practice === practice) return;
  throw new AuditFault(
    'AUDIT_ORIGIN',
    `The database holds the logs of the practice "${description.practice}", not of "${practice}": one practice, one database`,
    78,
  );
}
