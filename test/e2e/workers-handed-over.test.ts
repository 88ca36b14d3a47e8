/** A call that a human has is known to every worker: Retell may dial in again wherever it likes, and hears where to move it. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyLog } from '../../src/audit/verify.ts';
import { buildScene, type Scene, type SceneConfiguration } from '../../src/server/demo/scene.ts';
import { appToken } from '../interop/app.ts';
import { startVendor, type LoopbackVendor } from '../vendors/loopback.ts';
import { approach, type Door } from './apps.ts';
import { curtain, Program } from './program.ts';
import { closed, eventually } from './stage.ts';

const limitMs = 120_000;

let scene: Scene;
let vendor: LoopbackVendor;
let program: Program;
let door: Door;

function withRetell(made: SceneConfiguration): object {
  const [entry] = made.sub_processors;
  const [first] = made.routes;
  const retell = { name: 'retell', protocol: 'retell-llm', caller: 'app', apps: ['retell'], vendor: first?.vendor };
  return {
    ...made,
    workers: 2,
    limits: { busy_percent: 100, lag_ms: 10_000 },
    sub_processors: [entry, { ...entry, id: 'retell' }],
    apps: [{ name: 'retell', tokens: [appToken], sub_processor: 'retell' }],
    routes: [{ ...retell, url: first?.url, allow_loopback_plaintext: true, human: { dial: '+15125550100' } }],
  };
}

beforeEach(async () => {
  scene = await buildScene(withRetell);
  vendor = await startVendor(scene, {
    onMessage: (session, data) => {
      session.texts.push(data.toString());
      session.socket.close(1011);
    },
  });
  program = new Program(['serve', '--config', scene.config]);
  await program.ready();
  door = { base: `https://localhost:${scene.callsPort}/retell`, stage: { scene } };
}, limitMs);

afterEach(async () => {
  await curtain(scene, vendor, program);
}, limitMs);

it(
  'none of them takes it again',
  async () => {
    const path = `/${appToken}/call-1`;
    const socket = await approach(door, path, {});
    const moved = new Promise((resolve) => {
      socket.once('message', (data: Buffer) => resolve(JSON.parse(data.toString())));
    });
    socket.send('{"interaction_type":"response_required","response_id":1,"transcript":[]}');
    expect(await moved).toMatchObject({ response_id: 1, transfer_number: '+15125550100' });
    // As long as this one is open, the next connections go to the other worker.
    await eventually(() => movedAgain(path), limitMs);
    expect(await movedAgain(path)).toBe(true);
    const ended = closed(socket);
    socket.close();
    await ended;
    expect(await movedAgain(path)).toBe(true);
    expect(await program.stop()).toBe(0);
    expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
  },
  limitMs,
);

/** Dials in once more. True: nobody is dialled for it, and the first thing said moves the call. */
async function movedAgain(path: string): Promise<boolean> {
  const sessions = vendor.sessions.length;
  const told: object[] = [];
  const socket = await approach(door, path, { hear: (message) => told.push(message) });
  const moved = vendor.sessions.length === sessions;
  if (moved) {
    await eventually(() => told.length > 0);
    expect(told).toMatchObject([{ response_id: 0, transfer_number: '+15125550100' }]);
  }
  const ended = closed(socket);
  socket.close();
  await ended;
  return moved;
}
