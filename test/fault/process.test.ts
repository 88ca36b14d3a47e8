import { readFile, readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { ask, callSidOf, carrierOf, type Carrier } from '../../src/server/demo/carrier.ts';
import { buildScene, type Scene } from '../../src/server/demo/scene.ts';
import { mediaFrame } from '../../src/server/demo/streams.ts';
import { curtain, Program, type ProgramOptions } from '../e2e/program.ts';
import {
  closed,
  demoVendor,
  eventually as within,
  startCall,
  type StageVendor,
  type StartedCall,
} from '../e2e/stage.ts';
import { observe } from './observe.ts';

/** A process of its own on a machine with other work takes its time. */
const eventually = (what: () => boolean | Promise<boolean>): Promise<void> => within(what, 20_000);

const throws = fileURLToPath(new URL('throws.mjs', import.meta.url));

let scene: Scene;
let vendor: StageVendor;
let carrier: Carrier;
let program: Program | undefined;

beforeEach(async () => {
  scene = await buildScene((made) => ({
    ...made,
    limits: { calls: 200, drain_s: 1, busy_percent: 100, lag_ms: 10_000 },
  }));
  vendor = await demoVendor(scene);
  carrier = carrierOf(scene);
});
afterEach(async () => {
  await curtain(scene, vendor, program);
  program = undefined;
});

const start = (options: ProgramOptions = {}): Program =>
  new Program(['serve', '--config', scene.config], { ...options, built: true });

async function launch(options?: ProgramOptions): Promise<Program> {
  program = start(options);
  await program.ready(40_000);
  return program;
}

let calls = 500;

async function place(): Promise<StartedCall> {
  const call = await startCall(carrier, callSidOf((calls += 1)));
  call.socket.send(mediaFrame(call.streamSid, 0, '//8='));
  return call;
}

const audioFrames = (): number => vendor.sessions.reduce((sum, session) => sum + session.audioFrames, 0);

const eventsOf = async (): Promise<string[]> =>
  (await showLog(scene.auditDirectory)).map(({ members: { k, rc } }) => [k, rc].filter(Boolean).join(' '));

describe('[F2] a fault that nothing catches', () => {
  it.for(['exception', 'rejection'])('as an %s: every call to a human, exit 70', async (kind, context) => {
    const running = await launch({ node: ['--import', throws], env: { FAULT_KIND: kind } });
    const all = await Promise.all([place(), place(), place()]);
    await eventually(() => audioFrames() === 3);
    const endings = all.map(({ socket }) => closed(socket));
    const at = performance.now();
    running.child.kill('SIGUSR2');
    const reasons = new Set((await Promise.all(endings)).map(({ reason }) => reason));
    const humanMs = performance.now() - at;
    expect(reasons).toEqual(new Set(['INTERNAL']));
    expect(await running.ended).toBe(70);
    expect((await eventsOf()).filter((event) => event === 'call.end INTERNAL')).toHaveLength(3);
    expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
    observe(context, { seen: 'INTERNAL, exit 70', humanMs });
  });
});

it('[F3] the loop is blocked for four seconds: the calls go on afterwards', async (context) => {
  const running = await launch({ node: ['--import', throws], env: { FAULT_KIND: 'block' } });
  const { socket, streamSid } = await place();
  await eventually(() => audioFrames() === 1);
  running.child.kill('SIGUSR2');
  for (let index = 1; index <= 50; index += 1) socket.send(mediaFrame(streamSid, index, '//8='));
  await eventually(() => audioFrames() === 51);
  socket.close();
  expect(await running.stop()).toBe(0);
  expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
  observe(context, { seen: 'nothing lost, the call goes on' });
});

it('[F4] the heap is nearly full: new calls go to a human, then the newest live one; the others go on', async (context) => {
  // Of 512 MiB for lasting objects: 503 are more than 98 in a hundred.
  const node = ['--max-old-space-size=512', '--import', throws];
  const running = await launch({ node, env: { FAULT_KIND: 'fill', FAULT_MEBIBYTES: '504' } });
  const all = [];
  for (let count = 0; count < 8; count += 1) all.push(await place());
  await eventually(() => audioFrames() === 8);
  const order: number[] = [];
  for (const [index, { socket }] of all.entries()) socket.once('close', () => order.push(index));
  const [oldest] = all;
  const ended = all.map(({ socket }) => closed(socket));
  const at = performance.now();
  running.child.kill('SIGUSR2');
  expect(await ended.at(-1)).toMatchObject({ reason: 'OVERLOADED' });
  const humanMs = performance.now() - at;
  const { twiml } = await ask(carrier, 'front-desk', callSidOf((calls += 1)));
  expect(twiml).toContain('<Dial>');
  expect(twiml).not.toContain('<Connect>');
  running.child.kill('SIGUSR2');
  oldest?.socket.send(mediaFrame(oldest.streamSid, 1, '//8='));
  await eventually(() => audioFrames() === 9);
  await eventually(async () => (await ask(carrier, 'front-desk', callSidOf((calls += 1)))).streamUrl !== undefined);
  // One in a second, the newest first.
  expect(order).toEqual(order.map((_, index) => 7 - index));
  for (const { socket } of all) socket.close();
  await Promise.all(ended);
  expect(await running.stop()).toBe(0);
  const ends = (await eventsOf()).filter((event) => event.startsWith('call.end'));
  expect(ends).toHaveLength(8);
  expect(ends).toContain('call.end OVERLOADED');
  expect(ends).toContain('call.end CALLER_CLOSED');
  observe(context, { seen: 'OVERLOADED, the human is dialled', humanMs });
});

it('[F5] more connections than there are file descriptors: the live call and the log go on', async (context) => {
  // 200 calls are allowed, which need 400: the door leaves 48 to those who only wait.
  const running = await launch({ openFiles: 512 });
  const { socket, streamSid } = await place();
  await eventually(() => audioFrames() === 1);
  const idle = new Set<Socket>();
  for (let at = 0; at < 400; at += 1) {
    const one = connect({ port: scene.callsPort, host: '127.0.0.1' });
    one.on('error', () => undefined).once('close', () => idle.delete(one));
    idle.add(one);
  }
  await eventually(() => idle.size <= 48);
  for (let index = 1; index <= 50; index += 1) socket.send(mediaFrame(streamSid, index, '//8='));
  await eventually(() => audioFrames() === 51);
  const files = (await readdir(`/proc/${running.child.pid}/fd`)).length;
  // The end of a call is signed: that takes files.
  socket.close();
  await eventually(async () => (await eventsOf()).includes('call.end CALLER_CLOSED'));
  for (const one of idle) one.destroy();
  // The door counts them until it has seen that they are gone.
  await eventually(() =>
    place().then(
      (again) => (again.socket.close(), true),
      () => false,
    ),
  );
  expect(await running.stop()).toBe(0);
  expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
  expect(files).toBeLessThan(200);
  observe(context, { seen: `${files} of 512 descriptors in use` });
});

it('[F6] SIGTERM with a hundred calls: all end toward a human at the limit, exit 0', async (context) => {
  const running = await launch();
  const sockets = [];
  for (let at = 0; at < 100; at += 1) sockets.push((await place()).socket);
  await eventually(() => audioFrames() >= 64);
  const endings = sockets.map((socket) => closed(socket));
  const at = performance.now();
  running.child.kill('SIGTERM');
  const reasons = (await Promise.all(endings)).map(({ reason }) => reason);
  const humanMs = performance.now() - at;
  expect(reasons).toEqual(Array(100).fill('DRAINING'));
  expect(await running.ended).toBe(0);
  const events = await eventsOf();
  expect(events.filter((event) => event === 'call.end DRAINING')).toHaveLength(100);
  expect(events.at(-1)).toBe('proc.stop');
  expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
  observe(context, { seen: '100 of 100 DRAINING, exit 0', humanMs });
}, 240_000);

describe('[F8] a debugger', () => {
  it.for<[string, ProgramOptions]>([
    ['by a flag', { node: ['--inspect=127.0.0.1:0'] }],
    ['by the environment', { env: { NODE_OPTIONS: '--inspect=127.0.0.1:0' } }],
  ])('asked for %s: exit 78', async ([, options], context) => {
    program = start(options);
    expect(await program.ended).toBe(78);
    expect(program.output).toContain('--inspect');
    observe(context, { seen: 'exit 78' });
  });

  it('asked for by a signal: stays closed', async (context) => {
    const running = await launch();
    running.child.kill('SIGUSR1');
    const { socket } = await place();
    await eventually(() => audioFrames() === 1);
    expect(running.output).not.toMatch(/debugger listening/iu);
    socket.close();
    expect(await running.stop()).toBe(0);
    observe(context, { seen: 'closed' });
  });
});

it('[G8] no secret stands in the command line, the title, the log or the metrics', async (context) => {
  const running = await launch();
  const { socket } = await place();
  await eventually(() => audioFrames() === 1);
  const metrics = await fetch(`http://127.0.0.1:${scene.adminPort}/metrics`).then((response) => response.text());
  const places = [
    await readFile(`/proc/${running.child.pid}/cmdline`, 'utf8'),
    await readFile(`/proc/${running.child.pid}/comm`, 'utf8'),
    running.output,
    metrics,
  ].join('\n');
  const key = (await readFile(`${scene.directory}/keys/chaperone.key`, 'utf8')).trim();
  for (const secret of [scene.authToken, key]) expect(places).not.toContain(secret);
  socket.close();
  expect(await running.stop()).toBe(0);
  observe(context, { seen: 'absent' });
});

it('[G6] metrics name no caller, no call, no address, and are on loopback', async (context) => {
  const running = await launch();
  const { socket } = await place();
  await eventually(() => audioFrames() === 1);
  const metrics = await fetch(`http://127.0.0.1:${scene.adminPort}/metrics`).then((response) => response.text());
  expect(metrics).not.toMatch(/CA[0-9a-f]{32}|MZ[0-9a-f]{32}|\+1\d{10}|127\.0\.0\.1|5125550143/u);
  const references = (await showLog(scene.auditDirectory)).map(({ members }) => members['c']);
  for (const reference of references) if (typeof reference === 'string') expect(metrics).not.toContain(reference);
  const listening = await readFile('/proc/net/tcp', 'utf8');
  const port = scene.adminPort.toString(16).toUpperCase().padStart(4, '0');
  expect(listening).toMatch(new RegExp(`0100007F:${port} 00000000:0000 0A`, 'u'));
  expect(listening).not.toMatch(new RegExp(`00000000:${port} 00000000:0000 0A`, 'u'));
  socket.close();
  expect(await running.stop()).toBe(0);
  observe(context, { seen: 'kinds and counts only, 127.0.0.1' });
});
