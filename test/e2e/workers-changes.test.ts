/** Several processes on one listener, while what they work by changes: the configuration, and whether they go on at all. */
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { ask, callSidOf, carrierOf, type Carrier } from '../../src/server/demo/carrier.ts';
import { mediaFrame } from '../../src/server/demo/streams.ts';
import { buildScene, type Scene } from '../../src/server/demo/scene.ts';
import { curtain, Program } from './program.ts';
import { closed, demoVendor, eventually as within, startCall, type StageVendor, type StartedCall } from './stage.ts';

const limitMs = 120_000;
const eventually = (what: () => boolean | Promise<boolean>): Promise<void> => within(what, 60_000);

let scene: Scene;
let vendor: StageVendor;
let carrier: Carrier;
let program: Program;
let calls = 0;

beforeEach(async () => {
  scene = await buildScene((made) => ({
    ...made,
    workers: 2,
    limits: { busy_percent: 100, lag_ms: 10_000, drain_s: 3 },
  }));
  vendor = await demoVendor(scene);
  carrier = carrierOf(scene);
  program = new Program(['serve', '--config', scene.config]);
  await program.ready();
}, limitMs);

afterEach(async () => {
  await curtain(scene, vendor, program);
}, limitMs);

const place = (): Promise<StartedCall> => startCall(carrier, callSidOf((calls += 1)));

const audioFrames = (): number => vendor.sessions.reduce((sum, session) => sum + session.audioFrames, 0);

async function admin(path: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(`http://127.0.0.1:${scene.adminPort}${path}`);
  return { status: answer.status, text: await answer.text() };
}

/** All workers are killed; resolves when others have taken their places. */
async function replaceWorkers(): Promise<void> {
  const before = await program.children();
  for (const pid of before) process.kill(pid, 'SIGKILL');
  const others = async (): Promise<number[]> => (await program.children()).filter((pid) => !before.includes(pid));
  await eventually(async () => (await others()).length === before.length);
  await eventually(async () => (await admin('/readyz')).status === 200);
}

it(
  '[D1 F7 G8] one that takes the place of another works by the configuration in force, not by the broken file beside it',
  async () => {
    await writeFile(scene.config, (await readFile(scene.config, 'utf8')).replace('version: 1', 'version: broken'));
    await eventually(async () => (await admin('/metrics')).text.includes('chaperone_policy_rejected 1'));
    await replaceWorkers();
    // It is told its secrets over a channel of its own. Here none stands in the environment, so none may stand in that of a worker.
    for (const pid of await program.children())
      for (const place of ['cmdline', 'comm', 'environ'])
        expect(await readFile(`/proc/${pid}/${place}`, 'latin1')).not.toContain(scene.authToken);
    expect(program.output).not.toContain(scene.authToken);
    const { socket, streamSid } = await place();
    socket.send(mediaFrame(streamSid, 0, '//8='));
    await eventually(() => audioFrames() === 1);
    socket.close();
    expect(await program.stop()).toBe(0);
    expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
  },
  limitMs,
);

it(
  '[F6] all take no new call after SIGTERM, let live ones go on, and hand the last ones to a human at the limit',
  async () => {
    const placed = await Promise.all([place(), place(), place(), place()]);
    for (const { socket, streamSid } of placed) socket.send(mediaFrame(streamSid, 0, '//8='));
    await eventually(() => audioFrames() === 4);
    const endings = placed.map(({ socket }) => closed(socket));
    program.child.kill('SIGTERM');
    await eventually(async () => (await admin('/readyz')).status === 503);
    const { twiml } = await ask(carrier, 'front-desk', callSidOf((calls += 1)));
    expect(twiml).toContain('<Dial>');
    expect(twiml).not.toContain('<Connect>');
    for (const { socket, streamSid } of placed) socket.send(mediaFrame(streamSid, 1, '//8='));
    await eventually(() => audioFrames() === 8);
    placed[0]?.socket.close();
    const reasons = (await Promise.all(endings)).map(({ reason }) => reason);
    expect(reasons).toEqual(['', 'DRAINING', 'DRAINING', 'DRAINING']);
    expect(await program.ended).toBe(0);
    const records = (await showLog(scene.auditDirectory)).map(({ members }) => members);
    const ends = records.filter(({ k }) => k === 'call.end').map(({ rc }) => rc);
    expect(ends.toSorted()).toEqual(['CALLER_CLOSED', 'DRAINING', 'DRAINING', 'DRAINING']);
    expect(records.at(-1)?.['k']).toBe('proc.stop');
    expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
  },
  limitMs,
);
