import { signerOf, type Signer } from './checkpoint.ts';
import { readDescription, writeDescription, type LogDescription } from './description.ts';
import { diskFault, makeDirectoryDurably, nodeFiles, replaceFile, type FileLayer } from './durable.ts';
import { Eraser } from './erase.ts';
import { FileLog } from './file-log.ts';
import { Holds } from './hold.ts';
import { keyLease } from './key-lease.ts';
import { FileKeyStore } from './key-store.ts';
import { openKeyring } from './keyring-open.ts';
import type { Keyring } from './keyring.ts';
import { layoutOf, type Layout } from './layout.ts';
import { takeLock, type Lock } from './lock.ts';
import { LiveCallers } from './live-callers.ts';
import { AuditFault } from './log.ts';
import { completeOptions, type CompleteOptions, type LogOptions } from './log-options.ts';
import { Purger } from './purge.ts';
import { finishPurges } from './purge-files.ts';
import { findRecords, type Wanted } from './query.ts';
import { ReadingBox } from './reading-box.ts';
import type { RecordText } from './record.ts';
import { signerOfLog } from './signing.ts';
import type { Sink } from './sink.ts';
import { Spool } from './spool.ts';
import { openFileSink } from './sinks/index.ts';
import { clockWitness } from './clock.ts';
import { startWriter } from './start.ts';
import { storedLog } from './stored.ts';

export interface FileLogOptions extends LogOptions {
  /** The log's directory. It is made when it is not there. */
  readonly directory: string;
  readonly files?: FileLayer;
}

interface Opening extends CompleteOptions {
  readonly directory: string;
  readonly files: FileLayer;
  readonly layout: Layout;
}

/**
 * Opens the log of a directory, or makes it, and takes it for this process alone. Rejects with an AuditFault when the
 * log is held by another process, is not what was signed, cannot be written, or its keys do not open.
 */
export async function openFileLog(options: FileLogOptions): Promise<FileLog> {
  const opening = complete(options);
  const { files, layout, directory, random, limits, now } = opening;
  try {
    await makeDirectoryDurably(files, directory);
    const nonce = random(Buffer.alloc(8)).toString('hex');
    const lock = await takeLock({ files, path: layout.lock, nonce, now: now(), settle: limits.lockSettle });
    return await openLocked(opening, lock).catch(async (error: unknown) => {
      await lock.release();
      throw error;
    });
  } catch (error) {
    throw diskFault(error, `Opening the audit log in ${directory}`);
  }
}

function complete(options: FileLogOptions): Opening {
  return { files: nodeFiles, ...completeOptions(options), layout: layoutOf(options.directory) };
}

async function openLocked(opening: Opening, lock: Lock): Promise<FileLog> {
  const { files, layout, limits, origin } = opening;
  const present = await describe(opening);
  const keyring = await openKeyring(
    { store: new FileKeyStore(files, layout.keys), provider: opening.keys, origin, random: opening.random },
    present === undefined,
  );
  const description = present ?? (await createDescription(opening, signerOf(origin, keyring.signing)));
  const signer = signerOfLog(description, keyring);
  await finishPurges(files, layout, description.keys);
  const sink = await openFileSink({
    files,
    layout,
    descriptionHash: description.hash,
    keys: description.keys,
    segmentBytes: limits.segmentBytes,
    checkedBytes: limits.checkedBytes,
  });
  try {
    return await startLog(opening, { lock, keyring, signer, sink, description });
  } catch (error) {
    await sink.close();
    throw error;
  }
}

async function describe({ files, layout, origin, practice }: Opening): Promise<LogDescription | undefined> {
  const description = await readDescription(files, layout);
  if (typeof description === 'string') throw new AuditFault('AUDIT_CORRUPT', `log.json ${description}`, 3);
  if (description?.fault !== undefined) throw new AuditFault('AUDIT_TAMPERED', description.fault, 2);
  if (description === undefined && (await files.list(layout.segments)).length > 0) {
    throw new AuditFault('AUDIT_CORRUPT', 'The log has segments but no log.json', 3);
  }
  if (description !== undefined && description.origin !== origin) {
    throw new AuditFault('AUDIT_ORIGIN', `The directory holds the log of ${description.origin}, not of ${origin}`, 78);
  }
  if (description !== undefined && description.practice !== practice) {
    throw new AuditFault(
      'AUDIT_ORIGIN',
      `The directory holds the log of the practice "${description.practice}", not of "${practice}"`,
      78,
    );
  }
  return description;
}

async function createDescription(opening: Opening, signer: Signer): Promise<LogDescription> {
  const { files, layout, origin, practice, now } = opening;
  await replaceFile(
    files,
    layout.description,
    writeDescription(origin, practice, signer.vkey, Math.floor(now())),
    0o444,
  );
  const description = await describe(opening);
  if (description === undefined) throw new AuditFault('AUDIT_DISK', 'log.json was written but is not there', 74);
  return description;
}

interface Parts {
  readonly lock: Lock;
  readonly keyring: Keyring;
  readonly signer: Signer;
  readonly sink: Sink;
  readonly description: LogDescription;
}

async function startLog(opening: Opening, parts: Parts): Promise<FileLog> {
  const { files, layout, practice, now, directory } = opening;
  const { keyring, signer, sink } = parts;
  const { writer, keeper, depositor } = await startWriter({
    ...opening,
    ...parts,
    stored: await storedLog(files, layout, parts),
  });
  const live = new LiveCallers();
  const holds = new Holds({ writer, keyring, practice, now });
  const find = (wanted: Wanted): AsyncIterable<RecordText> => findRecords(files, layout, wanted);
  const eraser = new Eraser({ writer, keyring, holds, practice, find, isLive: (caller = '') => live.has(caller) });
  const clockDoubt = clockWitness(opening, sink.tail.time);
  const { keys } = parts.description;
  const purger = new Purger({ files, layout, signer, keys, writer, holds, clockDoubt });
  await eraser.resume();
  await writer.sign();
  const store = new FileKeyStore(files, layout.keys);
  const lease = keyLease(opening, { store, provider: opening.keys, origin: opening.origin, random: opening.random });
  const place = { files, directory: layout.requests, now };
  const boxes = { spool: new Spool({ ...place, key: keyring.system }), readings: new ReadingBox(place) };
  const acts = { holds, eraser, purger, clockDoubt };
  return new FileLog({ directory, files, writer, keyring, ...acts, ...boxes, live, lease, keeper, depositor });
}
