import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles, type FileLayer } from '../../../src/audit/durable.ts';
import { localKey } from '../../../src/audit/key-provider.ts';
import { allow, refuse, type Decision } from '../../../src/policy/decision.ts';
import { maskEverything } from '../../../src/policy/clearance.ts';
import { Secret, type WebhookTap } from '../../../src/server/config.ts';
import { createAuthority } from '../../../src/server/demo/certificates.ts';
import { freePort } from '../../../src/server/demo/ports.ts';
import { createLog } from '../../../src/server/logger.ts';
import { TapFigures } from '../../../src/server/taps/figures.ts';
import { TapHub } from '../../../src/server/taps/hub.ts';
import { bounds } from '../../../src/server/taps/limits.ts';
import { Webhook } from '../../../src/server/taps/webhook.ts';
import { Disk } from '../../audit/support/disk.ts';
import { eventually } from '../../e2e/stage.ts';
import { isSigned, Receiver } from './receiver.ts';
import { longText, MemoryLog, TalkingCall } from './rig.ts';

const secret = 'records-secret-0123456789abcdef0123456789abcdef';
const authority = createAuthority('tap authority');
const tls = authority.issue(['localhost', '127.0.0.1']);

let folder: string;
let receivers: Receiver[];
let posts: Post[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'chaperone-taps-'));
  receivers = [];
  posts = [];
});
afterEach(async () => {
  for (const post of posts) await post.stop();
  for (const receiver of receivers) await receiver.close();
  await rm(folder, { recursive: true });
});

async function receive(certificate: typeof tls | undefined = tls, port = 0): Promise<Receiver> {
  const receiver = await Receiver.open(certificate, port);
  receivers.push(receiver);
  return receiver;
}

/** A webhook that listens to a hub, with what it left behind. */
class Post {
  readonly audit = new MemoryLog();
  readonly figures = new TapFigures();
  readonly logged: string[] = [];
  readonly hub: TapHub;
  readonly webhook: Webhook;
  decision: Decision = allow;
  #stopped = false;

  constructor(url: string, more: Partial<WebhookTap> = {}, files: FileLayer = nodeFiles) {
    const log = createLog('info', { write: (line) => void this.logged.push(line) });
    const common = { audit: this.audit, log, figures: this.figures, policy: () => 'p'.repeat(64), now: Date.now };
    this.hub = new TapHub(common);
    const settings: WebhookTap = {
      id: 'records',
      url,
      secret: new Secret(secret),
      events: 'final',
      clearance: maskEverything,
      purpose: 'HOPERAT',
      subProcessor: undefined,
      addresses: [],
      certificateAuthority: authority.certificate,
      queue: { directory: join(folder, 'records'), bytes: 1_000_000, ageMs: 3_600_000 },
      ...more,
    };
    this.webhook = new Webhook(settings, {
      ...common,
      files,
      keys: () => Promise.resolve(localKey('test', 'the test', Buffer.alloc(32, 5))),
      isLive: (ref) => this.hub.isLive(ref),
      judge: () => this.decision,
    });
    this.webhook.subscribe();
    this.hub.listen(this.webhook, settings.clearance);
    this.webhook.start();
    posts.push(this);
  }

  get waiting(): number {
    return this.figures.waiting.get('records')?.() ?? -1;
  }

  async stop(forget = false): Promise<void> {
    if (this.#stopped) return;
    this.#stopped = true;
    this.hub.close();
    this.hub.leave(this.webhook);
    await this.webhook.stop(forget);
  }
}

const texts = (receiver: Receiver): unknown[] => receiver.lines.map(({ text }) => text);
const url = (receiver: Receiver, host = 'localhost'): string => `https://${host}:${receiver.port}/in`;
const reasonsOf = (post: Post): (string | undefined)[] =>
  post.audit.events.map(({ kind, reason }) => `${kind} ${reason}`);

describe('a receiver that takes lines', () => {
  it('gets many at once when they come faster than it answers, over one connection', async () => {
    const receiver = await receive();
    receiver.manner = { status: 200, afterMs: 30 };
    const post = new Post(url(receiver));
    const call = new TalkingCall(post.hub, 'call-1');
    for (let line = 0; line < 250; line += 1) call.say(`line ${line}`);
    await eventually(() => receiver.lines.length === 250);
    expect(texts(receiver)).toEqual(Array.from({ length: 250 }, (_, line) => `line ${line}`));
    expect(receiver.taken.length).toBeLessThan(20);
    expect(receiver.connections).toBe(1);
    for (const delivery of receiver.taken) expect(await isSigned(delivery, secret)).toBe(true);
    await eventually(() => post.waiting === 0);
    expect(post.figures.delivered.get('webhook')).toBe(250);
  });

  it('gets no body that is larger than one delivery may be', async () => {
    const receiver = await receive();
    const post = new Post(url(receiver), {
      queue: { directory: join(folder, 'records'), bytes: 50_000_000, ageMs: 1e9 },
    });
    const call = new TalkingCall(post.hub, 'call-1');
    for (let line = 0; line < 60; line += 1) call.show(() => longText);
    await eventually(() => receiver.lines.length === 60, 10_000);
    for (const { body } of receiver.taken) expect(body.length).toBeLessThan(bounds.batchBytes * 1.1);
  });

  it('gets what is still being said only when it wants it', async () => {
    const [all, final] = [await receive(), await receive()];
    const first = new Post(url(all), {
      events: 'all',
      queue: { directory: join(folder, 'all'), bytes: 1e6, ageMs: 1e9 },
    });
    const second = new Post(url(final));
    for (const { hub } of [first, second]) {
      const call = new TalkingCall(hub, 'call-1');
      call.say('we are', 'agent', false);
      call.say('we are open', 'agent');
    }
    await eventually(() => all.lines.length === 2 && final.lines.length === 1);
    expect(all.lines.map(({ kind }) => kind)).toEqual(['interim', 'final']);
    expect(texts(all)).toEqual([expect.stringMatching(/\u2026$/u), 'we are open']);
    expect(texts(final)).toEqual(['we are open']);
  });

  it('is reached in plain text only on this machine', async () => {
    const receiver = await Receiver.open(undefined);
    receivers.push(receiver);
    const post = new Post(`http://127.0.0.1:${receiver.port}/in`);
    new TalkingCall(post.hub, 'call-1').say('hello');
    await eventually(() => receiver.lines.length === 1);
  });
});

describe('a receiver that is not who it should be', () => {
  it('with a certificate of somebody else gets nothing, and that is on record once', async () => {
    const receiver = await receive(createAuthority('another authority').issue(['localhost']));
    const post = new Post(url(receiver));
    new TalkingCall(post.hub, 'call-1').say('hello');
    await eventually(() => (post.figures.retries.get('records') ?? 0) > 2);
    expect(receiver.attempts).toEqual([]);
    expect(reasonsOf(post).filter((event) => String(event).startsWith('sec.'))).toEqual(['sec.tls VENDOR_CERTIFICATE']);
    expect(post.logged.filter((line) => line.includes('takes no lines'))).toHaveLength(1);
    expect(post.waiting).toBe(1);
  });

  it('with a certificate for another name gets nothing', async () => {
    const receiver = await receive(authority.issue(['records.example.com']));
    const post = new Post(url(receiver));
    new TalkingCall(post.hub, 'call-1').say('hello');
    await eventually(() => (post.figures.retries.get('records') ?? 0) > 0);
    expect(receiver.attempts).toEqual([]);
    expect(reasonsOf(post)).toContain('sec.tls VENDOR_CERTIFICATE');
  });

  it('under a private address gets nothing unless that is allowed', async () => {
    const post = new Post('https://10.255.255.1:9/in');
    new TalkingCall(post.hub, 'call-1').say('hello');
    await eventually(() => (post.figures.retries.get('records') ?? 0) > 0);
    expect(reasonsOf(post)).toContain('sec.tls VENDOR_ADDRESS_REFUSED');
    expect(post.waiting).toBe(1);
  });

  it('that redirects is not followed', async () => {
    const [receiver, other] = [await receive(), await receive()];
    receiver.manner = { status: 307, location: url(other) };
    const post = new Post(url(receiver));
    new TalkingCall(post.hub, 'call-1').say('hello');
    await eventually(() => receiver.attempts.length > 1);
    expect(other.attempts).toEqual([]);
    expect(post.waiting).toBe(1);
  });

  it('that is a sub-processor without an agreement gets nothing until it has one', async () => {
    const receiver = await receive();
    const post = new Post(url(receiver));
    post.decision = refuse('BAA_EXPIRED', 'records');
    new TalkingCall(post.hub, 'call-1').say('hello');
    await eventually(() => reasonsOf(post).includes('vendor.refuse BAA_EXPIRED'));
    await post.stop();
    expect(receiver.attempts).toEqual([]);
    const later = new Post(url(receiver));
    await eventually(() => receiver.lines.length === 1);
    await later.stop();
  });
});

describe('a receiver that is not there', () => {
  it('gets everything from the process that comes after, with the readings on record again', async () => {
    const port = await freePort();
    const first = new Post(`https://localhost:${port}/in`);
    const call = new TalkingCall(first.hub, 'call-1');
    for (const text of ['one', 'two', 'three']) call.say(text);
    await eventually(() => first.waiting === 3 && (first.figures.retries.get('records') ?? 0) > 0);
    await first.stop();
    expect(first.audit.phases('party:records')).toEqual(['subscribe', 'begin', 'end', 'unsubscribe']);
    expect(first.audit.events.find(({ facts }) => facts?.['phase'] === 'unsubscribe')?.totals).toEqual({ lines: 0 });
    const receiver = await receive(tls, port);
    const second = new Post(`https://localhost:${port}/in`);
    await eventually(() => receiver.lines.length === 3);
    expect(texts(receiver)).toEqual(['one', 'two', 'three']);
    await eventually(() => second.audit.phases('party:records').includes('end'));
    expect(second.audit.events.map(({ facts, call: ref }) => [facts?.['phase'], ref])).toEqual([
      ['subscribe', undefined],
      ['begin', 'call-1'],
      ['end', 'call-1'],
    ]);
  });

  it('loses the oldest lines when the queue is full: counted, on record, once a minute', async () => {
    const port = await freePort();
    const post = new Post(`https://localhost:${port}/in`, {
      queue: { directory: join(folder, 'records'), bytes: 200_000, ageMs: 3_600_000 },
    });
    const call = new TalkingCall(post.hub, 'call-1');
    for (let line = 0; line < 100; line += 1) call.show(() => longText);
    await eventually(() => (post.figures.dropped.get('webhook') ?? 0) > 80, 10_000);
    await eventually(() => post.waiting + (post.figures.dropped.get('webhook') ?? 0) === 100);
    const receiver = await receive(tls, port);
    await eventually(() => receiver.lines.length === 100 - (post.figures.dropped.get('webhook') ?? 0), 10_000);
    expect(receiver.lines.at(-1)).toMatchObject({ seq: 100 });
    await post.stop();
    const drops = post.audit.events.filter(({ reason }) => reason === 'TAP_QUEUE_FULL');
    expect(drops.length).toBeLessThanOrEqual(2);
    expect(drops.reduce((sum, { totals }) => sum + (totals?.['lines'] ?? 0), 0)).toBe(
      post.figures.dropped.get('webhook'),
    );
    expect(drops[0]).toMatchObject({ kind: 'sec.limit', actor: 'party:records', outcome: 'failed' });
  }, 30_000);

  it('hangs and is given up; the process can stop meanwhile', async () => {
    const receiver = await receive();
    receiver.manner = 'hang';
    const post = new Post(url(receiver));
    new TalkingCall(post.hub, 'call-1').say('hello');
    await eventually(() => receiver.attempts.length === 1);
    await post.stop();
    receiver.manner = { status: 200 };
    const later = new Post(url(receiver));
    await eventually(() => receiver.lines.length === 1);
    await later.stop();
  });

  it('is forgotten with its queue when it is taken out of the configuration', async () => {
    const post = new Post(`https://localhost:${await freePort()}/in`);
    new TalkingCall(post.hub, 'call-1').say('hello');
    await eventually(() => post.waiting === 1 && (post.figures.retries.get('records') ?? 0) > 0);
    await post.stop(true);
    expect((await readdir(join(folder, 'records'))).sort()).toEqual(['key', 'position']);
    expect(reasonsOf(post)).toContain('sec.limit TAP_QUEUE_FULL');
  });
});

describe('the disk', () => {
  it('holds nothing that can be read', async () => {
    const post = new Post(`https://localhost:${await freePort()}/in`);
    new TalkingCall(post.hub, 'call-with-a-name').say('a very plain sentence');
    await eventually(() => post.waiting === 1);
    await post.stop();
    const names = await readdir(join(folder, 'records'));
    expect(names.filter((name) => name.endsWith('.queue'))).toHaveLength(1);
    for (const name of names)
      expect(await readFile(join(folder, 'records', name), 'latin1')).not.toMatch(/plain|call-with-a-name/u);
  });

  it('that fails is tried again; what is said meanwhile waits in memory, up to a bound', async () => {
    const receiver = await receive();
    const disk = new Disk();
    let failing = true;
    disk.fault = (_step, name) => (failing && name.startsWith('write ') ? { code: 'ENOSPC', when: 'before' } : 'none');
    const post = new Post(url(receiver), {}, disk);
    const call = new TalkingCall(post.hub, 'call-1');
    await eventually(() => (post.figures.faults.get('queue') ?? 0) > 0);
    for (let line = 0; line < bounds.unstoredLines; line += 1) {
      call.say('x');
      if (line % 500 === 0) await new Promise(setImmediate);
    }
    await eventually(() => post.waiting === bounds.unstoredLines);
    for (let line = 0; line < 5; line += 1) call.say('y');
    await eventually(() => post.figures.dropped.get('webhook') === 5);
    expect(reasonsOf(post)).toContain('sec.limit TAP_QUEUE_FULL');
    expect(post.logged.join('\n')).toContain('The queue of a webhook failed');
    failing = false;
    await eventually(() => receiver.lines.length === bounds.unstoredLines, bounds.reopenMs + 10_000);
    expect(texts(receiver).slice(-5)).toEqual(Array(5).fill('y'));
  }, 30_000);

  it('with a queue of another key keeps it, says so, and hurts nobody', async () => {
    const first = new Post(`https://localhost:${await freePort()}/in`);
    new TalkingCall(first.hub, 'call-1').say('hello');
    await eventually(() => first.waiting === 1);
    await first.stop();
    const path = join(folder, 'records', 'key');
    const wrapped = await readFile(path);
    await writeFile(path, 'bm90IHRoZSBrZXkgdGhhdCBpdCB3YXMgYmVmb3JlIG9mIGNvdXJzZQ==\n');
    const second = new Post(`https://localhost:${await freePort()}/in`);
    await eventually(() => second.logged.some((line) => line.includes('KEY_WRONG')));
    new TalkingCall(second.hub, 'call-2').say('hello');
    await second.stop();
    await writeFile(path, wrapped);
    const receiver = await receive();
    const third = new Post(url(receiver));
    await eventually(() => receiver.lines.length === 1);
    await third.stop();
  });
});

it('nothing is said to a receiver that the log cannot take down', async () => {
  const receiver = await receive();
  const post = new Post(url(receiver));
  const call = new TalkingCall(post.hub, 'call-1');
  post.audit.failed = true;
  call.say('hello');
  await eventually(() => post.figures.dropped.get('webhook') === 1);
  expect(receiver.attempts).toEqual([]);
});
