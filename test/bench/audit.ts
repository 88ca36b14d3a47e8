import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Chain } from '../../src/audit/chain.ts';
import { encodeEvent } from '../../src/audit/encode.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { createKeyFile, openKeyFile } from '../../src/audit/keys/file.ts';
import type { KeyProvider } from '../../src/audit/key-provider.ts';
import type { AuditLog } from '../../src/audit/log.ts';
import { openFileLog } from '../../src/audit/open.ts';
import { verifyPlace, withPlace } from '../../src/audit/place.ts';
import { openPostgresLog } from '../../src/audit/postgres/open.ts';
import { Nonces, systemRandom } from '../../src/audit/seal.ts';
import { showLog, showLogs } from '../../src/audit/show.ts';
import { Frontier } from '../../src/audit/tree.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { addressOf, startPostgres } from '../audit/support/postgres.ts';

// Times the audit log and prints one JSON object. `npx tsx test/bench/audit.ts [--records 1000000]`
const { values } = parseArgs({ options: { records: { type: 'string', default: '200000' } } });
const records = Number(values.records);

function eventNumber(at: number): AuditEvent {
  const caller = `+1512555${String(at % 1000).padStart(4, '0')}`;
  return {
    kind: at % 8 === 0 ? 'call.admit' : at % 8 === 7 ? 'call.end' : 'phi.redacted',
    call: (at >>> 3).toString(16).padStart(24, '0'),
    caller,
    actor: 'vendor:demo',
    outcome: 'ok',
    counts: { PHONE: 1, NAME: 2 },
    totals: { frames: at, bytes: at * 160 },
    facts: { route: 'front-desk' },
    sealed: { callSid: 'CA0123456789abcdef0123456789abcdef', streamSid: 'MZ0123456789abcdef0123456789abcdef' },
  };
}

/** Microseconds of CPU that encoding, sealing and chaining one record takes. */
function encodeCost(): number {
  const chain = new Chain({ frontier: new Frontier(), previous: Buffer.alloc(32) }, 'a'.repeat(16));
  const nonces = new Nonces(systemRandom);
  const sealing = { reference: 'b'.repeat(32), key: systemRandom(Buffer.alloc(32)), nonce: () => nonces.next() };
  const add = (count: number): void => {
    for (let at = 0; at < count; at += 1)
      chain.add(encodeEvent(eventNumber(at), 'glow', 1_795_420_800_123, at), sealing, undefined);
  };
  add(20_000);
  const before = process.cpuUsage();
  add(100_000);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 100_000;
}

async function writeSaturated(log: AuditLog, count: number): Promise<{ perSecond: number; cpuPerRecord: number }> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  for (let at = 0; at < count;) {
    if (log.record(eventNumber(at))) at += 1;
    else await log.settled();
  }
  await log.settled();
  const seconds = (performance.now() - start) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  await log.close();
  return { perSecond: count / seconds, cpuPerRecord: (user + system) / count };
}

/** Time from `record` to the durable answer of a gate while other records come at `perSecond`, in ms. */
async function gateLatency(log: AuditLog, perSecond: number): Promise<{ p50: number; p99: number }> {
  const times: number[] = [];
  let at = 0;
  const stream = setInterval(() => {
    for (let one = 0; one < perSecond / 100; one += 1) log.record(eventNumber((at += 1)));
  }, 10);
  for (let gate = 0; gate < 300; gate += 1) {
    const start = performance.now();
    log.record(eventNumber((at += 1)));
    await log.settled();
    times.push(performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  clearInterval(stream);
  await log.close();
  times.sort((first, second) => first - second);
  return { p50: times[150] ?? 0, p99: times[297] ?? 0 };
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly seconds: number; readonly result: T }> {
  const start = performance.now();
  const result = await work();
  return { seconds: (performance.now() - start) / 1000, result };
}

/** The same through a PostgreSQL of this project's own files on this machine, over TCP: what a network adds is not in it. */
async function throughPostgres(keys: KeyProvider): Promise<Record<string, unknown>> {
  const server = await startPostgres();
  try {
    const { writer } = await server.database('bench');
    const address = await addressOf(writer);
    const open = (origin: string): Promise<AuditLog> => openPostgresLog({ ...base, keys, address, origin });
    const { perSecond, cpuPerRecord } = await writeSaturated(await open('bench.example/1'), Math.min(records, 50_000));
    const { p50, p99 } = await gateLatency(await open('bench.example/2'), 1000);
    const found = await timed(() =>
      withPlace({ directory: '', address }, ({ sources }) => showLogs(sources, { keys, caller: '+15125550007' })),
    );
    const whole = await timed(() => verifyPlace({ directory: '', address }, {}));
    const read = whole.result.logs.reduce((sum, log) => sum + log.records, 0);
    return {
      durableRecordsPerSecond: Math.round(perSecond),
      cpuMicrosecondsPerDurableRecord: round(cpuPerRecord),
      gateMilliseconds: { p50: round(p50), p99: round(p99) },
      verifyRecordsPerSecond: Math.round(read / whole.seconds),
      verifyVerdict: whole.result.verdict,
      oneCallerSeconds: round(found.seconds),
      oneCallerRecords: found.result.length,
    };
  } finally {
    await server.remove();
  }
}

const round = (value: number): number => Math.round(value * 100) / 100;
const base = { practice: 'glow', now: Date.now, monotonic: () => performance.now() };
const directory = await mkdtemp(join(tmpdir(), 'chaperone-bench-'));
const keyFile = join(directory, 'key');
await createKeyFile(keyFile);
const keys = await openKeyFile(keyFile);
const options = { ...base, keys, origin: 'bench.example/1', directory: join(directory, 'audit') };

const encode = encodeCost();
const written = await writeSaturated(await openFileLog(options), records);
const opened = await timed(() => openFileLog(options));
await opened.result.close();
const verified = await timed(() => verifyLog(options.directory));
const queried = await timed(() => showLog(options.directory, { keys, caller: '+15125550007' }));
const gates = await gateLatency(await openFileLog({ ...options, directory: join(directory, 'gates') }), 1000);
const postgres = await throughPostgres(keys);
await rm(directory, { recursive: true });

process.stdout.write(
  `${JSON.stringify({
    records,
    encodeSealChainMicroseconds: round(encode),
    durableRecordsPerSecond: Math.round(written.perSecond),
    cpuMicrosecondsPerDurableRecord: round(written.cpuPerRecord),
    gateMilliseconds: { p50: round(gates.p50), p99: round(gates.p99) },
    openSeconds: round(opened.seconds),
    verifyRecordsPerSecond: Math.round(verified.result.records / verified.seconds),
    verifyVerdict: verified.result.verdict,
    oneCallerSeconds: round(queried.seconds),
    oneCallerRecords: queried.result.length,
    postgres,
  })}\n`,
);
