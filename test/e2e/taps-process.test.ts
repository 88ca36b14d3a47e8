import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyLog } from '../../src/audit/verify.ts';
import { booking, canary } from '../../src/server/demo/booking.ts';
import { callSidOf, carrierOf } from '../../src/server/demo/carrier.ts';
import { freePort } from '../../src/server/demo/ports.ts';
import { buildScene, tearDown, type Scene } from '../../src/server/demo/scene.ts';
import { converse } from '../../src/server/demo/streams.ts';
import { searchFolder, searchText } from '../../src/server/demo/sweep.ts';
import { Receiver } from '../server/taps/receiver.ts';
import { Program } from './program.ts';
import { demoVendor, eventually, openCall, vendorTls, type StageVendor } from './stage.ts';

const secret = 'records-secret-0123456789abcdef0123456789abcdef';

let scene: Scene;
let vendor: StageVendor;
let receiverPort: number;
const programs: Program[] = [];

beforeEach(async () => {
  receiverPort = await freePort();
  const url = `https://localhost:${receiverPort}/in`;
  const tap = { id: 'records', kind: 'webhook', url, secret, certificate_authority: 'tls/authority.pem' };
  scene = await buildScene((made) => ({ ...made, taps: [tap] }));
  vendor = await demoVendor(scene);
});
afterEach(async () => {
  for (const program of programs.splice(0)) {
    await program.kill();
    expect(searchText('output', program.output, canary.words)).toEqual([]);
  }
  await vendor.close();
  await tearDown(scene);
});

async function serve(): Promise<Program> {
  const program = new Program(['serve', '--config', scene.config]);
  programs.push(program);
  await program.ready(30_000);
  return program;
}

async function book(number: number): Promise<void> {
  const { socket, callSid } = await openCall(carrierOf(scene), callSidOf(number), 'booking');
  await converse(socket, callSid, scene.accountSid, () => undefined);
}

const waiting = async (): Promise<number> => {
  const text = await fetch(`http://127.0.0.1:${scene.adminPort}/metrics`).then((response) => response.text());
  return Number(/^chaperone_tap_lines_waiting\{tap="records"\} (\d+)$/mu.exec(text)?.[1] ?? -1);
};

it('kill -9 with lines that nobody took: the next process delivers them, and what is said after', async () => {
  const first = await serve();
  await book(1);
  await eventually(async () => (await waiting()) === booking.length * 2);
  await first.kill();
  expect(await searchFolder(join(scene.directory, 'taps'), canary.words)).toEqual([]);
  const receiver = await Receiver.open(await vendorTls(scene), receiverPort);
  const second = await serve();
  await eventually(() => receiver.lines.length >= booking.length * 2, 10_000);
  await book(2);
  await eventually(() => receiver.lines.length >= booking.length * 4, 10_000);
  const calls = [...new Set(receiver.lines.map(({ call }) => call))];
  expect(calls).toHaveLength(2);
  for (const call of calls) {
    const lines = receiver.lines.filter((line) => line['call'] === call);
    expect(new Set(lines.map(({ id }) => id)).size).toBe(booking.length * 2);
  }
  expect(searchText('webhook', receiver.taken.map(({ body }) => body).join('\n'), canary.words)).toEqual([]);
  expect(await second.stop()).toBe(0);
  await receiver.close();
  expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
}, 120_000);
