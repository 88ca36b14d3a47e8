/** A call of Retell that is refused at the door: Retell is let in to hear where to move it, and nothing else comes of it. */
import { afterEach, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { canary } from '../../src/server/demo/booking.ts';
import { approach, refusalOf } from '../e2e/apps.ts';
import { closed, eventually } from '../e2e/stage.ts';
import { nodeFiles, type FileLayer } from '../../src/audit/durable.ts';
import { appToken, Interop, type InteropOptions } from './app.ts';

const desk = '+15125550100';
const planted = 'c0ffee5e0d1f4d0a9b77planted';

let interop: Interop;
const sockets: WebSocket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate();
  interop.mustNotAppear(planted);
  await interop.close();
});

const human = { dial: desk };
const retell = { name: 'retell', tokens: [appToken], sub_processor: 'retell' };

async function open(options: Partial<InteropOptions> = {}): Promise<void> {
  interop = await Interop.open(
    { onMessage: (session, data) => session.texts.push(data.toString()) },
    {
      route: { protocol: 'retell-llm', apps: ['retell'], human },
      others: [{ id: 'retell' }],
      ...options,
      more: { apps: [retell], ...options.more },
    },
  );
}

interface Retell {
  readonly socket: WebSocket;
  readonly told: readonly Record<string, unknown>[];
}

async function dialIn(call = planted): Promise<Retell> {
  const told: Record<string, unknown>[] = [];
  const hear = (message: Record<string, unknown>): void => void told.push(message);
  const socket = await approach(interop, `/${appToken}/${call}`, { hear });
  sockets.push(socket);
  return { socket, told };
}

const saying = (id: number, content: string): string =>
  JSON.stringify({ interaction_type: 'response_required', response_id: id, transcript: [{ role: 'user', content }] });

const moved = (id: number): object => ({
  response_type: 'response',
  response_id: id,
  content: 'One moment please.',
  content_complete: true,
  no_interruption_allowed: true,
  transfer_number: desk,
});

/** Plays Retell to the end of its call, which is lost on the first words: what it hears, first and when the caller talks on. */
async function hearsTheTransfer({ socket, told }: Retell): Promise<void> {
  await eventually(() => told.length === 1);
  socket.send(JSON.stringify({ interaction_type: 'call_details', call: { call_id: planted, from_number: desk } }));
  socket.send(saying(1, `hi this is ${canary.name} about botox`));
  socket.send('no JSON');
  await eventually(() => told.length === 2);
  expect(told).toEqual([moved(0), moved(1)]);
  const ended = closed(socket);
  socket.close(1000);
  await ended;
}

/** What the log says of reasons and of ways to a human, after all has ended. */
async function recorded(): Promise<readonly string[]> {
  await interop.stage.stop();
  const records = await interop.stage.records();
  return records.flatMap(({ members }) => {
    const { k, o, rc, f } = members as { k: string; o: string; rc?: string; f?: { way?: string; code?: string } };
    if (k !== 'call.refuse' && k !== 'route.human') return [];
    return [[k, o, rc, f?.way, f?.code].filter((part) => part !== undefined).join(' ')];
  });
}

const path = `/${appToken}/${planted}`;
const suspended = { status: 'suspended' };
const refusals: readonly (readonly [string, Partial<InteropOptions>, string])[] = [
  ['the agreement with the model’s host has ended', { ended: ['demo-voice'] }, 'BAA_EXPIRED'],
  ['the agreement with Retell has ended', { ended: ['retell'] }, 'BAA_EXPIRED'],
  ['the model’s host has been struck off', { vendor: suspended }, 'VENDOR_SUSPENDED'],
  ['Retell has been struck off', { others: [{ id: 'retell', ...suspended }] }, 'VENDOR_SUSPENDED'],
  ['the process is overloaded', { more: { limits: { memory_mib: 128 } } }, 'OVERLOADED'],
];

it.each(refusals)('is moved where %s', async (_, options, reason) => {
  await open(options);
  await hearsTheTransfer(await dialIn());
  expect(interop.vendor.sessions).toEqual([]);
  expect(await interop.stage.metrics()).toContain(`chaperone_calls_refused_total{reason="${reason}"} 1`);
  // A stranger is told nothing.
  expect(await refusalOf(interop, `/${appToken}x/${planted}`, {})).toBe('401 APP_UNKNOWN');
  expect(await recorded()).toEqual([
    `call.refuse refused ${reason}`,
    `route.human ok ${reason} transfer`,
    'call.refuse refused APP_UNKNOWN',
  ]);
});

it('is moved where the model cannot be reached', async () => {
  await open();
  await interop.vendor.close();
  await hearsTheTransfer(await dialIn());
  expect(await recorded()).toEqual(['route.human ok VENDOR_UNREACHABLE transfer']);
  const records = await interop.stage.records();
  const [admitted, human] = ['call.admit', 'route.human'].map((kind) => {
    return records.find(({ members: { k } }) => k === kind)?.members['c'];
  });
  expect(human).toEqual(expect.any(String));
  expect(human).toBe(admitted);
});

it('is ended after a sentence, where there is no number', async () => {
  await open({ ended: ['retell'], route: { protocol: 'retell-llm', apps: ['retell'] } });
  const { socket, told } = await dialIn();
  await eventually(() => told.length > 0);
  expect(told).toMatchObject([{ response_id: 0, content: expect.stringContaining('9 1 1'), end_call: true }]);
  expect(told).not.toMatchObject([{ content: expect.stringContaining('9 8 8') }]);
  const ended = closed(socket);
  socket.close(1000);
  await ended;
  // Nobody knows any more why the AI lost it, and nobody else is there to help.
  const again = await dialIn();
  await eventually(() => again.told.length > 0);
  expect(again.told).toMatchObject([{ content: expect.stringMatching(/9 8 8.*9 1 1/u), end_call: true }]);
  again.socket.close(1000);
  expect(await recorded()).toEqual([
    'call.refuse refused BAA_EXPIRED',
    'route.human ok BAA_EXPIRED hangup',
    'call.refuse refused CALL_HANDED_OVER',
    'route.human ok CALL_HANDED_OVER hangup',
  ]);
});

it('is for the human when it comes again, also where the AI could take it then', async () => {
  await open({ more: { limits: { calls: 1 } } });
  const live = await approach(interop, `/${appToken}/live-call`, {});
  await hearsTheTransfer(await dialIn());
  const ended = closed(live);
  live.close();
  await ended;
  await hearsTheTransfer(await dialIn());
  expect(interop.vendor.sessions.length).toBe(1);
  expect(await recorded()).toEqual([
    'call.refuse refused CALL_LIMIT',
    'route.human ok CALL_LIMIT transfer',
    'call.refuse refused CALL_HANDED_OVER',
    'route.human ok CALL_HANDED_OVER transfer',
  ]);
});

it('is refused over HTTP where as many as there may be calls are being told', async () => {
  await open({ more: { limits: { calls: 1 } } });
  const live = await approach(interop, `/${appToken}/live-call`, {});
  sockets.push(live);
  const { socket, told } = await dialIn();
  await eventually(() => told.length > 0);
  expect(await refusalOf(interop, `/${appToken}/third-call`, {})).toBe('503 CALL_LIMIT');
  const ended = closed(socket);
  socket.close();
  await ended;
  await eventually(async () => (await refusalOf(interop, `/${appToken}/fourth-call`, {})) === 'let in');
});

it('is moved while the process drains, which waits for that', async () => {
  await open();
  const live = await approach(interop, `/${appToken}/live-call`, {});
  const drained = interop.stage.stop();
  const { socket, told } = await dialIn();
  await eventually(() => told.length > 0);
  expect(told).toEqual([moved(0)]);
  expect(await refusalOf(interop, `/${appToken}x/${planted}`, {})).toBe('401 APP_UNKNOWN');
  const ended = closed(live);
  live.close();
  await ended;
  socket.send(saying(1, `this is ${canary.name}`));
  await eventually(() => told.length === 2);
  socket.close();
  await drained;
  expect(await recorded()).toContain('route.human ok DRAINING transfer');
});

it('is refused over HTTP once the calls in progress have to leave a process that drains', async () => {
  await open({ more: { limits: { drain_s: 0 } } });
  const told: object[] = [];
  const live = await approach(interop, `/${appToken}/live-call`, { hear: (message) => told.push(message) });
  const drained = interop.stage.stop();
  await eventually(() => told.length > 0);
  expect(told).toEqual([moved(0)]);
  expect(await refusalOf(interop, path, {})).toBe('503 DRAINING');
  live.close();
  await drained;
});

it('that may have been one of a crisis hears where there is help, when it comes again', async () => {
  await open({
    ended: ['retell'],
    more: { practice: { name: 'Cedar Counseling', profile: 'therapy', time_zone: 'America/Chicago' } },
  });
  for (const words of [/^One moment please\.$/u, /9 8 8.*One moment please\.$/u]) {
    const { socket, told } = await dialIn();
    await eventually(() => told.length > 0);
    expect(told).toMatchObject([{ content: expect.stringMatching(words), transfer_number: desk }]);
    const ended = closed(socket);
    socket.close();
    await ended;
  }
});

it('is moved where the disk hangs, and on record when it answers', async () => {
  let answer = (): void => undefined;
  let sync = (): Promise<void> => Promise.resolve();
  const files: FileLayer = {
    ...nodeFiles,
    open: async (name, how, permission) => {
      const file = await nodeFiles.open(name, how, permission);
      return Object.assign(file, { datasync: hanging(() => sync(), file.datasync.bind(file)) });
    },
  };
  await open({ audit: { files } });
  sync = () => new Promise((resolve) => (answer = resolve));
  await hearsTheTransfer(await dialIn());
  sync = () => Promise.resolve();
  answer();
  expect(await recorded()).toEqual(['route.human ok AUDIT_LAGGING transfer']);
  expect(interop.vendor.sessions).toEqual([]);
});

it('is cut off where pings come faster than anybody needs them', async () => {
  await open({ ended: ['retell'] });
  const { socket } = await dialIn();
  const ended = closed(socket);
  for (let turn = 0; turn < 60; turn += 1) socket.ping();
  expect((await ended).code).toBe(1006);
});

it('is told nothing from an address that is not Retell’s, or under another token', async () => {
  await open({ ended: ['retell'], more: { apps: [{ ...retell, addresses: ['100.20.5.228'] }] } });
  expect(await refusalOf(interop, path, {})).toBe('403 APP_ADDRESS_REFUSED');
  expect(await refusalOf(interop, `/${appToken}x/${planted}`, {})).toBe('401 APP_UNKNOWN');
  expect(await recorded()).toEqual(['call.refuse refused APP_ADDRESS_REFUSED', 'call.refuse refused APP_UNKNOWN']);
});

function hanging(wait: () => Promise<void>, sync: () => Promise<void>): () => Promise<void> {
  return () => wait().then(sync);
}
