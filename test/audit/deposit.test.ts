/** Closed segments under S3 Object Lock: sent in the background, never lost by an outage, and compared afterwards. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { DepositedSegment } from '../../src/audit/anchor.ts';
import { openS3Anchor } from '../../src/audit/anchors/s3.ts';
import { Depositor } from '../../src/audit/depositor.ts';
import { nodeFiles } from '../../src/audit/durable.ts';
import type { AuditEvent } from '../../src/audit/event.ts';
import { layoutOf } from '../../src/audit/layout.ts';
import { openSource } from '../../src/audit/reader.ts';
import { compareDeposit } from '../../src/audit/verify-deposit.ts';
import { serveBucket, type Bucket } from './support/anchor-services.ts';
import { credentials } from './support/key-services.ts';
import { eventNumber, openLog, temporaryDirectory, writeLog } from './support/log.ts';

let directory: string;
let bucket: Bucket;

beforeEach(async () => {
  directory = await temporaryDirectory();
  bucket = await serveBucket(Date.now);
});
afterEach(async () => {
  await bucket.close();
  await rm(directory, { recursive: true });
});

const s3 = (url = bucket.url): ReturnType<typeof openS3Anchor> =>
  openS3Anchor({
    bucket: 'glow-audit',
    region: 'us-east-1',
    prefix: 'glow.example/chaperone-1/',
    credentials: async () => credentials,
    retainDays: 2222,
    endpoint: url,
    now: Date.now,
  });

function depositorOf(anchor = s3()): {
  readonly depositor: Depositor;
  readonly events: AuditEvent[];
  readonly later: () => void;
} {
  const events: AuditEvent[] = [];
  let time = 0;
  const depositor = new Depositor({
    anchors: [anchor],
    files: nodeFiles,
    layout: layoutOf(directory),
    record: (event) => events.push(event) > 0,
    monotonic: () => time,
    retry: 1000,
  });
  return { depositor, events, later: () => (time += 1000) };
}

const kept = async (): Promise<readonly DepositedSegment[]> => (await s3().deposit?.kept()) ?? [];
const segments = (): string[] => [...bucket.objects.keys()].filter((name) => name.includes('/segment/'));

describe('closed segments', () => {
  test('are put under lock byte by byte, the open one is not, and no key ever', async () => {
    await writeLog(directory, 120, { limits: { segmentBytes: 8000 } });
    const { depositor, events } = depositorOf();
    await depositor.look();
    const names = (await readdir(join(directory, 'seg'))).sort();
    expect(segments()).toHaveLength(names.length - 1);
    expect(depositor.waiting).toBe(0);
    expect(events.map(({ kind }) => kind)).toEqual(segments().map(() => 'anchor.ok'));
    for (const [at, path] of segments().sort().entries()) {
      const object = bucket.objects.get(path);
      expect(object?.body).toBe(await readFile(join(directory, 'seg', names[at] ?? ''), 'utf8'));
      expect(Date.parse(object?.retainUntil ?? '')).toBeGreaterThan(Date.now() + 2221 * 86_400_000);
    }
    expect([...bucket.objects.keys()].filter((name) => name.includes('keys'))).toEqual([]);
    // The next process asks what is there and sends nothing twice.
    const again = depositorOf();
    await again.depositor.look();
    expect(again.events).toEqual([]);
  });

  test('wait while the bucket is away, with one event for the outage, and are sent when it is back', async () => {
    await writeLog(directory, 120, { limits: { segmentBytes: 8000 } });
    let isAway = true;
    const real = s3();
    const nowhere = s3('http://127.0.0.1:1/');
    const deposit = {
      kept: () => (isAway ? nowhere : real).deposit?.kept() ?? Promise.resolve([]),
      keep: async (segment: { first: number; bytes: Buffer }) => (isAway ? nowhere : real).deposit?.keep(segment),
    };
    const { depositor, events, later } = depositorOf({ ...real, deposit });
    await depositor.look();
    const waiting = (await readdir(join(directory, 'seg'))).length - 1;
    expect([depositor.waiting, depositor.silence]).toEqual([waiting, 0]);
    await depositor.look();
    later();
    // What waits for long is told as a checkpoint that waits is.
    expect(depositor.silence).toBe(1000);
    await depositor.look();
    expect(events).toMatchObject([{ kind: 'anchor.fail', facts: { what: 'segment', cause: 'ANCHOR_AWAY' } }]);
    isAway = false;
    await depositor.look();
    expect(segments()).toHaveLength(0);
    later();
    await depositor.look();
    expect(segments()).toHaveLength(waiting);
    expect([depositor.waiting, depositor.silence]).toEqual([0, 0]);
  });

  test('of a log that is written go there by themselves', async () => {
    const { log } = await openLog(directory, { anchors: [s3()], limits: { segmentBytes: 4000 } });
    for (let at = 0; at < 80; at += 1) {
      log.record(eventNumber(at));
      if (at % 8 === 7) await log.settled();
    }
    await log.close();
    const { log: next } = await openLog(directory, { anchors: [s3()] });
    await next.close();
    expect(segments().length).toBeGreaterThan(1);
    expect(next.undeposited).toBe(0);
  });
});

describe('compared with what was deposited', () => {
  const compare = async (): ReturnType<typeof compareDeposit> =>
    compareDeposit(await openSource(directory), await kept());

  beforeEach(async () => {
    await writeLog(directory, 120, { limits: { segmentBytes: 8000 } });
    await depositorOf().depositor.look();
  });

  test('a whole log is the same, and what came since is named', async () => {
    expect(await compare()).toMatchObject({ verdict: 'ok', absent: 0, same: segments().length });
    const [last = ''] = segments().sort().slice(-1);
    bucket.objects.delete(last);
    expect(await compare()).toMatchObject({ verdict: 'ok', absent: 1 });
  });

  test('a log that was written anew with its own key differs', async () => {
    await rm(join(directory, 'seg'), { recursive: true });
    for (const name of ['checkpoint', 'checkpoints.log', 'tile', 'idx', 'log.json']) {
      await rm(join(directory, name), { recursive: true, force: true });
    }
    await writeLog(directory, 90, { limits: { segmentBytes: 8000 } });
    expect(await compare()).toMatchObject({
      verdict: 'tampered',
      sentence: expect.stringContaining('not the one that was deposited'),
    });
  });

  test('a log whose end was removed lacks what was deposited', async () => {
    const names = (await readdir(join(directory, 'seg'))).sort();
    for (const name of names.slice(-2)) await rm(join(directory, 'seg', name));
    expect(await compare()).toMatchObject({ verdict: 'rolled back' });
  });

  test('fetched objects in a folder serve as well, and lie about nothing', async () => {
    const { compareDeposits } = await import('../../src/server/audit-deposit.ts');
    const folder = await temporaryDirectory();
    for (const [path, { body }] of bucket.objects) {
      const file = join(folder, path);
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, body);
    }
    expect(await compareDeposits({ directory }, folder, undefined)).toMatchObject([
      { verdict: 'ok', same: segments().length },
    ]);
    // One log, copied out flat or from under another prefix: the folder need not name it.
    const flat = await temporaryDirectory();
    for (const path of segments()) await writeFile(join(flat, basename(path)), bucket.objects.get(path)?.body ?? '');
    expect(await compareDeposits({ directory }, flat, undefined)).toMatchObject([
      { same: segments().length, absent: 0 },
    ]);
    await rm(flat, { recursive: true });
    await writeFile(join(folder, segments()[0] ?? ''), 'something else');
    await expect(compareDeposits({ directory }, folder, undefined)).rejects.toMatchObject({ code: 'AUDIT_DEPOSIT' });
    await expect(compareDeposits({ directory }, true, undefined)).rejects.toMatchObject({ exitCode: 64 });
    await rm(folder, { recursive: true });
  });
});
