import { afterEach, describe, expect, test, vi } from 'vitest';
import { openS3Anchor } from '../../src/audit/anchors/s3.ts';
import { openWitness } from '../../src/audit/anchors/witness.ts';
import { AnchorKeeper, type Anchor } from '../../src/audit/anchor.ts';
import type { FileLog } from '../../src/audit/file-log.ts';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { serveBucket, serveWitness, type AnchorService, type Bucket, type Witness } from './support/anchor-services.ts';
import { Disk } from './support/disk.ts';
import { descriptionPath, notePath } from './support/forge.ts';
import { credentials } from './support/key-services.ts';
import { eventNumber, openLog } from './support/log.ts';

const now = (): number => Date.UTC(2026, 10, 3, 9);
const services: AnchorService[] = [];

afterEach(async () => {
  for (const service of services.splice(0)) await service.close();
});

async function open(disk: Disk, anchors: readonly Anchor[]): Promise<FileLog> {
  return (await openLog('/log', { files: disk, anchors, limits: { anchorEvery: 0, segmentBytes: 2_000 } })).log;
}

async function write(log: FileLog, from: number, to: number): Promise<void> {
  for (let at = from; at < to; at += 1) log.record(eventNumber(at));
  await log.settled();
}

async function kinds(disk: Disk): Promise<unknown[]> {
  return (await showLog('/log', { files: disk })).map((record) => record.members['k']);
}

async function witnessOf(disk: Disk): Promise<{ readonly witness: Witness; readonly anchor: Anchor }> {
  const witness = await serveWitness(() => /"vkey":"([^"]+)"/.exec(disk.bytes(descriptionPath).toString())?.[1] ?? '');
  services.push(witness);
  return { witness, anchor: openWitness({ url: witness.url, vkey: witness.vkey, directory: '/log', files: disk }) };
}

function cosignedNote(disk: Disk): string {
  const path = disk.paths().find((name) => name.includes('/witness/') && name.endsWith('.note')) ?? '';
  return disk.bytes(path).toString('utf8');
}

describe('a witness', () => {
  test('cosigns what continues what it saw, and the cosigned note is an anchor', async () => {
    const disk = new Disk();
    const { witness, anchor } = await witnessOf(disk);
    const log = await open(disk, [anchor]);
    await expect.poll(() => witness.state.head.size).toBeGreaterThan(0);
    const early = witness.state.head.size;
    for (let from = 0; from < 80; from += 20) await write(log, from, from + 20);
    await expect.poll(() => witness.state.head.size).toBeGreaterThan(early);
    await expect.poll(() => kinds(disk)).toContain('anchor.ok');
    await log.close();
    const note = cosignedNote(disk);
    expect(note.match(/^\u2014 /gm)).toHaveLength(2);
    expect(await verifyLog('/log', { files: disk, anchor: note })).toMatchObject({ verdict: 'ok' });
  });

  test('that saw more than this side remembers is asked again from there', async () => {
    const disk = new Disk();
    const { witness, anchor } = await witnessOf(disk);
    const log = await open(disk, [anchor]);
    await write(log, 0, 40);
    await log.close();
    const seen = witness.state.head.size;
    expect(seen).toBeGreaterThan(0);
    for (const path of disk.paths().filter((name) => name.includes('/witness/'))) disk.remove(path);
    const again = await open(disk, [anchor]);
    await write(again, 40, 60);
    await write(again, 60, 80);
    await expect.poll(() => witness.state.head.size).toBeGreaterThan(seen);
    await again.close();
  });

  test('refuses a log that was rolled back and went another way', async () => {
    const disk = new Disk();
    const { witness, anchor } = await witnessOf(disk);
    const first = await open(disk, []);
    await write(first, 0, 8);
    await first.close();
    const older = disk.copy();
    const log = await open(disk, [anchor]);
    for (let from = 8; from < 60; from += 4) await write(log, from, from + 4);
    await log.close();
    expect(witness.state.head.size).toBeGreaterThan(20);
    const { head } = witness.state;
    const forked = openWitness({ url: witness.url, vkey: witness.vkey, directory: '/log', files: older });
    const grown = await open(older, []);
    for (let from = 0; from < 120; from += 20) await write(grown, from, from + 20);
    await grown.close();
    const other = await open(older, [forked]);
    for (let from = 120; from < 200; from += 20) await write(other, from, from + 20);
    await expect.poll(() => kinds(older)).toContain('anchor.fail');
    await other.close();
    expect(await kinds(older)).not.toContain('anchor.ok');
    expect(witness.state.head).toEqual(head);
  });

  test('[E15] that is down or signs something else is recorded, and the log goes on', async () => {
    for (const mode of ['down', 'wrong signature'] as const) {
      const disk = new Disk();
      const { witness, anchor } = await witnessOf(disk);
      witness.state.mode = mode;
      const log = await open(disk, [anchor]);
      await write(log, 0, 8);
      await expect.poll(() => kinds(disk)).toContain('anchor.fail');
      expect(log.failed).toBe(false);
      expect(log.anchorSilence).toBeGreaterThan(0);
      await log.close();
    }
  });

  test('that has just kept one gets the last one all the same when the log is closed', async () => {
    const disk = new Disk();
    const { witness, anchor } = await witnessOf(disk);
    const { log } = await openLog('/log', { files: disk, anchors: [anchor], limits: { anchorEvery: 3_600_000 } });
    await expect.poll(() => witness.state.head.size).toBeGreaterThan(0);
    const early = witness.state.head.size;
    await write(log, 0, 40);
    expect(witness.state.head.size).toBe(early);
    await log.close();
    expect(witness.state.head.size).toBe((await verifyLog('/log', { files: disk })).records);
  });

  test('needs a key of a cosigner', () => {
    const options = { url: 'http://127.0.0.1:1/', directory: '/log', files: new Disk() };
    expect(() => openWitness({ ...options, vkey: 'w+00000000+AAAA' })).toThrow('not a cosigner vkey');
  });
});

describe('the keeper of anchors', () => {
  afterEach(() => void vi.useRealTimers());

  test('offers what came too soon when its time is there, and asks one that was away again sooner', async () => {
    vi.useFakeTimers();
    let away = false;
    const kept: string[] = [];
    const results: string[] = [];
    const anchor: Anchor = {
      name: 'a',
      knowsMore: () => Promise.resolve(false),
      keep: (note) => (away ? Promise.reject(new Error('away')) : Promise.resolve(void kept.push(note))),
    };
    const keeper = new AnchorKeeper({
      anchors: [anchor],
      record: ({ kind }) => results.push(kind) > 0,
      monotonic: () => performance.now(),
      every: 3_600_000,
      retry: 300_000,
      onRolledBack: () => undefined,
    });
    keeper.start();
    keeper.offer('glow\n1\n');
    keeper.offer('glow\n2\n');
    await vi.advanceTimersByTimeAsync(3_500_000);
    expect(kept).toEqual(['glow\n1\n']);
    expect(keeper.silence).toBe(3_500_000);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(kept).toEqual(['glow\n1\n', 'glow\n2\n']);
    away = true;
    keeper.offer('glow\n3\n');
    await vi.advanceTimersByTimeAsync(4_500_000);
    expect(results.slice(2)).toEqual(['anchor.fail', 'anchor.fail', 'anchor.fail', 'anchor.fail']);
    away = false;
    await vi.advanceTimersByTimeAsync(300_000);
    expect(kept.at(-1)).toBe('glow\n3\n');
    expect(keeper.silence).toBe(0);
    await vi.advanceTimersByTimeAsync(86_400_000);
    expect(kept).toHaveLength(3);
    expect(keeper.silence).toBe(0);
    await keeper.finish();
  });
});

describe('S3 Object Lock', () => {
  const base = { bucket: 'audit', region: 'us-east-1', prefix: 'glow/', retainDays: 2_222, now };

  test('keeps each checkpoint as an object that nobody can delete', async () => {
    const bucket = await serveBucket(now);
    services.push(bucket);
    const disk = new Disk();
    const anchor = openS3Anchor({ ...base, endpoint: bucket.url, credentials: () => Promise.resolve(credentials) });
    const log = await open(disk, [anchor]);
    await write(log, 0, 40);
    await expect.poll(() => bucket.objects.size).toBeGreaterThan(0);
    await expect.poll(() => kinds(disk)).toContain('anchor.ok');
    await log.close();
    const [[path, { body, retainUntil }] = ['', { body: '', retainUntil: '' }]] = bucket.objects;
    expect(path).toMatch(/^\/audit\/glow\/checkpoint\/[0-9a-f]{16}-[0-9a-f]{16}$/);
    expect(retainUntil).toBe(new Date(now() + 2_222 * 86_400_000).toISOString());
    expect(await verifyLog('/log', { files: disk, anchor: body })).toMatchObject({ verdict: 'ok' });
    await expect(anchor.keep(body)).resolves.toBeUndefined();
  });

  test('[E15] with wrong credentials, or away, is recorded as such', async () => {
    const bucket = await serveBucket(now);
    const forged = { ...credentials, secretAccessKey: 'another' };
    const anchor = openS3Anchor({ ...base, endpoint: bucket.url, credentials: () => Promise.resolve(forged) });
    await expect(anchor.keep('glow\n1\nroot\n')).rejects.toMatchObject({ code: 'ANCHOR_REFUSED' });
    await bucket.close();
    await expect(anchor.keep('glow\n1\nroot\n')).rejects.toMatchObject({ code: 'ANCHOR_AWAY' });
  });
});

describe('[E8] an older copy of the disk', () => {
  const base = { bucket: 'audit', region: 'us-east-1', prefix: 'glow/', retainDays: 2_222, now };

  /** A log of which an anchor knows more than an older copy holds. */
  async function restored(anchorOf: (disk: Disk) => Promise<Anchor>): Promise<{ older: Disk; disk: Disk }> {
    const disk = new Disk();
    const anchor = await anchorOf(disk);
    const first = await open(disk, [anchor]);
    await write(first, 0, 8);
    await first.close();
    const older = disk.copy();
    const again = await open(disk, [anchor]);
    await write(again, 8, 40);
    await again.close();
    return { older, disk };
  }

  async function bucketOf(): Promise<Bucket> {
    const bucket = await serveBucket(now);
    services.push(bucket);
    return bucket;
  }
  const s3 = (bucket: Bucket): Anchor =>
    openS3Anchor({ ...base, endpoint: bucket.url, credentials: () => Promise.resolve(credentials) });
  const rolledBack = { code: 'AUDIT_ROLLED_BACK', exitCode: 4 };

  test('is refused at the start when the bucket knows more, before anything is written', async () => {
    const bucket = await bucketOf();
    const { older, disk } = await restored(() => Promise.resolve(s3(bucket)));
    const before = older.bytes(notePath);
    const segments = older.paths().filter((path) => path.endsWith('.cal'));
    await expect(open(older, [s3(bucket)])).rejects.toMatchObject({
      ...rolledBack,
      message: expect.stringContaining('s3 audit keeps a checkpoint of this log over more records than are here'),
    });
    expect(older.bytes(notePath)).toEqual(before);
    expect(older.paths().filter((path) => path.endsWith('.cal'))).toEqual(segments);
    await (await open(disk, [s3(bucket)])).close();
  });

  test('is refused at the start when the witness knows more', async () => {
    let vkey = '';
    const witness = await serveWitness(() => vkey);
    services.push(witness);
    const anchorOf = (files: Disk): Anchor =>
      openWitness({ url: witness.url, vkey: witness.vkey, directory: '/log', files });
    const { log } = await openLog('/log', { files: new Disk() });
    await log.close();
    const { older, disk } = await restored(async (files) => {
      const anchor = anchorOf(files);
      const named: Anchor = {
        ...anchor,
        keep: (note) => {
          vkey = /"vkey":"([^"]+)"/.exec(files.bytes(descriptionPath).toString())?.[1] ?? '';
          return anchor.keep(note);
        },
      };
      return named;
    });
    await expect(open(older, [anchorOf(older)])).rejects.toMatchObject(rolledBack);
    await (await open(disk, [anchorOf(disk)])).close();
  });

  test('is found later when the bucket did not answer at the start: the log takes no more', async () => {
    const bucket = await bucketOf();
    const { older } = await restored(() => Promise.resolve(s3(bucket)));
    let away = true;
    const anchor = s3(bucket);
    const far: Anchor = {
      name: anchor.name,
      keep: (note) => anchor.keep(note),
      knowsMore: (stored) => (away ? Promise.reject(new Error('away')) : anchor.knowsMore(stored)),
    };
    const held: Anchor = { ...far, keep: (note) => (away ? Promise.reject(new Error('away')) : far.keep(note)) };
    const { log, faults } = await openLog('/log', { files: older, anchors: [held], limits: { anchorRetry: 0 } });
    await write(log, 8, 12);
    away = false;
    log.record({ kind: 'call.end', actor: 'system', outcome: 'ok' });
    await log.settled().catch(() => undefined);
    for (let at = 12; !log.failed && at < 2_000; at += 4) await write(log, at, at + 4).catch(() => undefined);
    await expect.poll(() => log.failed, { timeout: 10_000 }).toBe(true);
    expect(faults.at(-1)).toMatchObject(rolledBack);
    await log.close();
  });

  test('is not what another log under the same names is, nor what may not be listed', async () => {
    const bucket = await bucketOf();
    await restored(() => Promise.resolve(s3(bucket)));
    const other = new Disk();
    await (await open(other, [s3(bucket)])).close();
    const writeOnly: Anchor = { ...s3(bucket), knowsMore: () => Promise.reject(new Error('403')) };
    const log = await open(other, [writeOnly]);
    await write(log, 0, 8);
    await expect.poll(() => kinds(other), { timeout: 10_000 }).toContain('anchor.ok');
    await log.close();
  });
});
