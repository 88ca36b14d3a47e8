/** Several processes on one listener: the program as an operator runs it with `workers: 2`. */
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse, stringify } from 'yaml';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WebSocket } from 'ws';
import { showLog } from '../../src/audit/show.ts';
import { verifyLog } from '../../src/audit/verify.ts';
import { callSidOf, carrierOf, type Carrier } from '../../src/server/demo/carrier.ts';
import { buildScene, type Scene } from '../../src/server/demo/scene.ts';
import { mediaFrame } from '../../src/server/demo/streams.ts';
import { curtain, Program } from './program.ts';
import { demoVendor, eventually, startCall, type StageVendor } from './stage.ts';

const limitMs = 60_000;

let scene: Scene;
let vendor: StageVendor;
let carrier: Carrier;
let program: Program;

beforeEach(async () => {
  scene = await buildScene((made) => ({ ...made, workers: 2, limits: { busy_percent: 100, lag_ms: 10_000 } }));
  vendor = await demoVendor(scene);
  carrier = carrierOf(scene);
  program = serve();
  await program.ready();
}, limitMs);

afterEach(async () => {
  await curtain(scene, vendor, program);
}, limitMs);

const serve = (): Program => new Program(['serve', '--config', scene.config]);

interface Placed {
  readonly socket: WebSocket;
  readonly streamSid: string;
  /** True when the carrier lost the connection or was told the end of it. */
  closed: boolean;
}

let calls = 0;

async function place(): Promise<Placed> {
  calls += 1;
  const { socket, streamSid } = await startCall(carrier, callSidOf(calls));
  const placed: Placed = { socket, streamSid, closed: false };
  socket.on('close', () => (placed.closed = true)).on('error', () => undefined);
  return placed;
}

async function placeAll(count: number): Promise<Placed[]> {
  const placed: Placed[] = [];
  for (let index = 0; index < count; index += 1) placed.push(await place());
  return placed;
}

async function metric(name: string): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${scene.adminPort}/metrics`);
  const lines = (await response.text()).split('\n').filter((text) => text.startsWith(name));
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

const workerPids = (): Promise<number[]> => program.children();

async function ended(): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const records = await showLog(scene.auditDirectory);
  return records.map(({ members }) => members).filter((members) => members['k'] === 'call.end');
}

describe('two workers', () => {
  it(
    'carry calls side by side, with one log and one scrape',
    async () => {
      const placed = await placeAll(6);
      for (const { socket, streamSid } of placed)
        for (let index = 0; index < 10; index += 1) socket.send(mediaFrame(streamSid, index, '//8='));
      await eventually(() => vendor.sessions.filter(({ audioFrames }) => audioFrames === 10).length === 6, limitMs);
      expect(await metric('chaperone_calls_live ')).toBe(6);
      expect(await metric('chaperone_calls_admitted_total{route="front-desk"} ')).toBe(6);
      expect(await metric('chaperone_frames_total{way="toVendor",kind="audio"} ')).toBe(60);
      expect(await workerPids()).toHaveLength(2);
      for (const { socket } of placed) socket.close();
      await eventually(async () => (await metric('chaperone_calls_live ')) === 0, limitMs);
      expect(await program.stop()).toBe(0);
      expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
      expect(await ended()).toHaveLength(6);
    },
    limitMs,
  );

  it(
    '[F7] one that is killed takes its own calls with it, to a human, and is replaced; the others go on',
    async () => {
      const placed = await placeAll(6);
      const [victim] = await workerPids();
      process.kill(victim ?? 0, 'SIGKILL');
      await eventually(() => placed.filter((call) => call.closed).length === 3, limitMs);
      const going = placed.filter((call) => !call.closed);
      await eventually(() => vendor.sessions.length >= 6, limitMs);
      const before = vendor.sessions.reduce((sum, { audioFrames }) => sum + audioFrames, 0);
      for (const { socket, streamSid } of going) socket.send(mediaFrame(streamSid, 0, '//8='));
      const after = (): number => vendor.sessions.reduce((sum, { audioFrames }) => sum + audioFrames, 0);
      await eventually(() => after() === before + going.length, limitMs);
      await eventually(async () => (await workerPids()).filter((pid) => pid !== victim).length === 2, limitMs);
      await eventually(async () => (await metric('chaperone_calls_live ')) === going.length, limitMs);
      const [next] = await placeAll(1);
      for (const { socket } of [...going, ...(next === undefined ? [] : [next])]) socket.close();
      expect(await program.stop()).toBe(0);
      expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
      const ends = await ended();
      expect(ends).toHaveLength(7);
      expect(ends.filter((members) => members['r'] === 'recovery')).toHaveLength(6 - going.length);
    },
    limitMs,
  );

  it(
    'are ready when their listener takes calls, not when the first of them could',
    async () => {
      await program.kill();
      program = serve();
      const ready = (): Promise<boolean> =>
        fetch(`http://127.0.0.1:${scene.adminPort}/readyz`).then(
          (answer) => answer.ok,
          () => false,
        );
      while (!(await ready())) await sleep(5);
      const connection = connect(scene.callsPort, '127.0.0.1');
      await once(connection, 'connect');
      connection.destroy();
    },
    limitMs,
  );

  it(
    'none is left over when the main process dies, not even one that is just starting',
    async () => {
      const [victim = 0] = await workerPids();
      process.kill(victim, 'SIGKILL');
      await eventually(async () => (await workerPids()).some((pid) => pid !== victim), limitMs);
      await eventually(async () => (await workerPids()).length === 2, limitMs);
      // Resolves when nobody holds its output any more: the workers have it as well.
      await program.kill();
      expect(program.child.signalCode).toBe('SIGKILL');
    },
    limitMs,
  );

  it(
    '[F7] a connection on its way to one that is killed is closed: nobody waits for an answer',
    async () => {
      const pids = await workerPids();
      for (const pid of pids) process.kill(pid, 'SIGSTOP');
      const connections = Array.from({ length: 5 }, () => connect(scene.callsPort, '127.0.0.1'));
      const gone = connections.map((connection) =>
        once(
          connection.on('error', () => undefined),
          'close',
        ),
      );
      await Promise.all(connections.map((connection) => once(connection, 'connect')));
      await sleep(200); // The listener hands them over.
      for (const pid of pids) process.kill(pid, 'SIGKILL');
      await Promise.all(gone);
      await eventually(() => placeAll(2).then(Boolean, () => false), limitMs);
    },
    limitMs,
  );

  it(
    '[E5] end when the process that writes the log is gone, and the next start closes their calls',
    async () => {
      const placed = await placeAll(2);
      const pids = await workerPids();
      program.child.kill('SIGKILL');
      await eventually(() => placed.every((call) => call.closed), limitMs);
      await eventually(() => pids.every((pid) => !runs(pid)), limitMs);
      expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
      program = serve();
      await program.ready();
      expect(await program.stop()).toBe(0);
      const ends = await ended();
      expect(ends.map((members) => members['r'])).toEqual(['recovery', 'recovery']);
    },
    limitMs,
  );

  it(
    '[D2] all give up a vendor that is suspended',
    async () => {
      const placed = await placeAll(4);
      const content: unknown = parse(await readFile(scene.config, 'utf8'));
      const text = stringify(content).replaceAll('training: forbidden', 'status: suspended\n    training: forbidden');
      await writeFile(scene.config, text);
      await eventually(() => placed.every((call) => call.closed), limitMs);
      expect(await program.stop()).toBe(0);
      expect((await ended()).map((members) => members['o'])).toEqual(
        Array.from({ length: 4 }, () => expect.anything()),
      );
    },
    limitMs,
  );
});

function runs(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
