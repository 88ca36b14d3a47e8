/** One suite on every sink. PostgreSQL is the real one, from this project's own files. */
import { randomBytes } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll } from 'vitest';
import { signerOf } from '../../src/audit/checkpoint.ts';
import { readDescription, writeDescription, type LogDescription } from '../../src/audit/description.ts';
import { nodeFiles, type FileLayer } from '../../src/audit/durable.ts';
import { layoutOf, segmentPath } from '../../src/audit/layout.ts';
import { takeLock } from '../../src/audit/lock.ts';
import { AuditFault } from '../../src/audit/log.ts';
import { connectDatabase } from '../../src/audit/postgres/database.ts';
import { databaseLayout, PostgresFiles } from '../../src/audit/postgres/files.ts';
import { takeWriterLock } from '../../src/audit/postgres/lock.ts';
import { openFileSink, openPostgresSink } from '../../src/audit/sinks/index.ts';
import { sha256 } from '../../src/audit/tree.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { describeSink, segmentBytes, type SinkPlace, type TakenSink } from '../suites/sink.ts';
import { origin, temporaryDirectory } from './support/log.ts';
import { openMemorySink, type Memory } from './support/memory-sink.ts';
import { addressOf, startPostgres, startRelay, type TestServer } from './support/postgres.ts';

const limits = { segmentBytes, checkedBytes: 1_000_000 };

async function memoryPlace(): Promise<SinkPlace> {
  const signer = signerOf(origin, randomBytes(32));
  const description = writeDescription(origin, 'glow', signer.vkey, 0);
  const memory: Memory = { segments: new Map(), notes: [], failing: undefined };
  const directory = await temporaryDirectory();
  let held = false;
  const take = async (): Promise<TakenSink> => {
    if (held) throw new AuditFault('AUDIT_LOCKED', 'Another writer has it', 75);
    held = true;
    const release = async (): Promise<void> => {
      held = false;
    };
    return { sink: openMemorySink(memory, sha256(description), segmentBytes), release };
  };
  const takeFailing: SinkPlace['takeFailing'] = async (how) => {
    memory.failing = how;
    return take();
  };
  /** As a directory, for the one verifier. */
  const verify: SinkPlace['verify'] = async () => {
    const layout = layoutOf(directory);
    await mkdir(layout.segments, { recursive: true });
    await writeFile(layout.description, description);
    await writeFile(layout.checkpoints, memory.notes.join(''));
    for (const [first, bytes] of memory.segments) await writeFile(segmentPath(layout, first), bytes);
    return verifyLog(directory);
  };
  return { signer, take, takeFailing, verify, remove: () => rm(directory, { recursive: true }) };
}

describeSink('memory', memoryPlace);

async function filePlace(): Promise<SinkPlace> {
  const signer = signerOf(origin, randomBytes(32));
  const directory = await temporaryDirectory();
  const layout = layoutOf(directory);
  await writeFile(layout.description, writeDescription(origin, 'glow', signer.vkey, 0));
  const description = await described(nodeFiles, layout);
  const takeOver = async (files: FileLayer): Promise<TakenSink> => {
    const nonce = randomBytes(8).toString('hex');
    const lock = await takeLock({ files: nodeFiles, path: layout.lock, nonce, now: Date.now(), settle: 0 });
    const sink = await openFileSink({ files, layout, ...description, ...limits });
    const release = async (): Promise<void> => {
      await sink.close();
      await lock.release();
    };
    return { sink, release };
  };
  return {
    signer,
    take: () => takeOver(nodeFiles),
    takeFailing: (how) => takeOver(failingFiles(how)),
    verify: () => verifyLog(directory),
    remove: () => rm(directory, { recursive: true }),
  };
}

async function described(
  files: FileLayer,
  layout: ReturnType<typeof layoutOf>,
): Promise<{ readonly descriptionHash: Buffer; readonly keys: LogDescription['keys'] }> {
  const description = await readDescription(files, layout);
  if (typeof description !== 'object') throw new Error('The description was just written');
  return { descriptionHash: description.hash, keys: description.keys };
}

/** The real file system, but a segment cannot be written, or cannot be synced. */
function failingFiles(how: 'after' | 'before'): FileLayer {
  const fail = async (): Promise<never> => {
    throw Object.assign(new Error('The disk failed'), { code: 'EIO' });
  };
  return {
    ...nodeFiles,
    open: async (path, mode, permission) => {
      const file = await nodeFiles.open(path, mode, permission);
      if (!path.endsWith('.cal')) return file;
      return how === 'after' ? { ...file, datasync: fail } : { ...file, write: fail };
    },
  };
}

describeSink('file', filePlace);

let server: TestServer;
let databases = 0;

beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.remove());

async function postgresPlace(): Promise<SinkPlace> {
  const signer = signerOf(origin, randomBytes(32));
  const name = `sink_${(databases += 1)}`;
  const urls = await server.database(name);
  const relay = await startRelay(server.port);
  const address = await addressOf(urls.writer);
  const reading = await connectDatabase(address, () => undefined);
  const files = new PostgresFiles(reading, origin);
  await reading.together([
    ['insert into writer values ($1, $2, $3)', [origin, writeDescription(origin, 'glow', signer.vkey, 0), signer.vkey]],
    ['insert into head values ($1)', [origin]],
  ]);
  const description = await described(files, databaseLayout);
  const takeBy = async (port: number): Promise<TakenSink> => {
    const database = await connectDatabase({ ...address, port }, () => undefined);
    try {
      const lock = await takeWriterLock(database, origin, 2000);
      const options = { files, layout: databaseLayout, database, origin, ...description, ...limits };
      return { sink: await openPostgresSink(options), release: () => lock.release() };
    } catch (error) {
      await database.close();
      throw error;
    }
  };
  return {
    signer,
    take: () => takeBy(server.port),
    takeFailing: async (how) => {
      const taken = await takeBy(relay.port);
      relay.cut(how === 'after' ? 'answers' : 'questions');
      return taken;
    },
    verify: () => verifyLog(databaseLayout.root, { files }),
    remove: async () => {
      await reading.close();
      await relay.close();
    },
  };
}

describeSink('PostgreSQL', postgresPlace);
