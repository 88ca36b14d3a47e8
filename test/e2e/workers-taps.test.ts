/** Calls in two processes, readers in a third: who reads along does not notice. */
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { booking, canary } from '../../src/server/demo/booking.ts';
import { callSidOf, carrierOf } from '../../src/server/demo/carrier.ts';
import { freePort } from '../../src/server/demo/ports.ts';
import { buildScene, type Scene } from '../../src/server/demo/scene.ts';
import { converse, prompt, setup } from '../../src/server/demo/streams.ts';
import { searchFolder, searchText } from '../../src/server/demo/sweep.ts';
import { EventReader } from '../server/taps/events.ts';
import { Receiver } from '../server/taps/receiver.ts';
import { curtain, Program } from './program.ts';
import { demoVendor, eventually, openCall, vendorTls, type StageVendor } from './stage.ts';

const limitMs = 120_000;
const tokens = {
  desk: 'desk-token-0123456789abcdef0123456789abcdef',
  nurse: 'nurse-token-0123456789abcdef0123456789abcdef',
} as const;
const operators = [
  { id: 'desk', token: tokens.desk, may: ['taps'] },
  { id: 'nurse', token: tokens.nurse, may: ['taps'], clearances: { TREATMENT: 'pass' }, purpose: 'TREAT' },
];
const linesOfBooking = booking.length * 2;

let scene: Scene;
let vendor: StageVendor;
let receiver: Receiver;
let program: Program;

beforeEach(async () => {
  const receiverPort = await freePort();
  const tap = {
    id: 'records',
    kind: 'webhook',
    url: `https://localhost:${receiverPort}/in`,
    secret: 'records-secret-0123456789abcdef0123456789abcdef',
    certificate_authority: 'tls/authority.pem',
  };
  const limits = { busy_percent: 100, lag_ms: 10_000 };
  scene = await buildScene((made) => ({ ...made, workers: 2, limits, operators, taps: [tap] }));
  vendor = await demoVendor(scene);
  receiver = await Receiver.open(await vendorTls(scene), receiverPort);
  program = new Program(['serve', '--config', scene.config]);
  await program.ready();
}, limitMs);

afterEach(async () => {
  await curtain(scene, vendor, program);
  await receiver.close();
}, limitMs);

const read = (path: string, who: keyof typeof tokens): Promise<EventReader> =>
  EventReader.open(scene.adminPort, path, { authorization: `Bearer ${tokens[who]}` });

async function book(number: number): Promise<void> {
  const { socket, callSid } = await openCall(carrierOf(scene), callSidOf(number), 'booking');
  await converse(socket, callSid, scene.accountSid, () => undefined);
}

type Line = Readonly<Record<string, unknown>>;

function byCall(lines: readonly Line[]): readonly (readonly Line[])[] {
  const calls = [...new Set(lines.map(({ call }) => call))];
  return calls.map((call) => lines.filter((line) => line['call'] === call));
}

it(
  'shows the calls of all workers to each reader, as that reader may see them, and to the webhook',
  async () => {
    const desk = await read('/taps/calls', 'desk');
    const nurse = await read('/taps/calls?events=final', 'nurse');
    await Promise.all([book(1), book(2), book(3)]);
    await eventually(() => nurse.lines.length === linesOfBooking * 3, limitMs);
    const final = (lines: readonly Line[]): readonly Line[] => lines.filter(({ kind }) => kind === 'final');
    await eventually(() => final(desk.lines).length === linesOfBooking * 3, limitMs);
    await eventually(() => receiver.lines.length === linesOfBooking * 3, limitMs);
    for (const lines of byCall(desk.lines)) {
      expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
      expect(final(lines).map(({ speaker }) => speaker)).toEqual(booking.flatMap(() => ['caller', 'agent']));
      expect(final(lines)[0]?.['text']).toContain('[TREATMENT]');
    }
    for (const lines of byCall(nurse.lines)) {
      expect(lines[0]?.['text']).toContain('botox');
      expect(lines[0]?.['text']).toContain('[NAME]');
    }
    expect(nurse.lines.map(({ id }) => id)).toEqual(final(desk.lines).map(({ id }) => id));
    const told = [desk.text, nurse.text, ...receiver.taken.map(({ body }) => body)].join('\n');
    expect(searchText('tap', told, canary.words)).toEqual([]);
    expect(await searchFolder(join(scene.directory, 'taps'), canary.words)).toEqual([]);
    expect(await program.stop()).toBe(0);
    expect(desk.notices).toEqual(['closed']);
  },
  limitMs,
);

it(
  'ends the reading of a call whose worker is killed',
  async () => {
    const all = await read('/taps/calls', 'desk');
    const { socket, callSid } = await openCall(carrierOf(scene), callSidOf(7), 'booking');
    socket.on('error', () => undefined);
    socket.send(setup(callSid, scene.accountSid));
    socket.send(prompt('hello there', true));
    await eventually(() => all.lines.length > 0, limitMs);
    const one = await read(`/taps/calls/${String(all.lines[0]?.['call'])}`, 'desk');
    expect(one.status).toBe(200);
    for (const pid of await program.children()) process.kill(pid, 'SIGKILL');
    await one.ended;
    expect(one.notices).toEqual(['end']);
    expect(all.notices).toEqual([]);
    all.close();
  },
  limitMs,
);
