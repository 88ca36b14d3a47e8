import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { verifyLog } from '../../src/audit/verify.ts';
import { booking, canary } from '../../src/server/demo/booking.ts';
import { ask, callSidOf, openStream, type Carrier } from '../../src/server/demo/carrier.ts';
import { freePort } from '../../src/server/demo/ports.ts';
import { buildScene, tearDown, type Scene } from '../../src/server/demo/scene.ts';
import { converse } from '../../src/server/demo/streams.ts';
import { searchFolder, searchText } from '../../src/server/demo/sweep.ts';
import { Receiver } from '../server/taps/receiver.ts';
import { demoVendor, eventually, vendorTls, type StageVendor } from './stage.ts';

const secret = 'records-secret-0123456789abcdef0123456789abcdef';

let scene: Scene;
let vendor: StageVendor;
let receiverPort: number;
let output: string;
let program: ChildProcess | undefined;

beforeEach(async () => {
  output = '';
  receiverPort = await freePort();
  const url = `https://localhost:${receiverPort}/in`;
  const tap = { id: 'records', kind: 'webhook', url, secret, certificate_authority: 'tls/authority.pem' };
  scene = await buildScene((made) => ({ ...made, taps: [tap] }));
  vendor = await demoVendor(scene);
});
afterEach(async () => {
  await end('SIGKILL');
  await vendor.close();
  expect(searchText('output', output, canary.words)).toEqual([]);
  await tearDown(scene);
});

/** The program from its sources, as a process of its own. */
async function serve(): Promise<void> {
  const started = spawn(process.execPath, ['--import', 'tsx', 'src/server/main.ts', 'serve', '--config', scene.config]);
  program = started;
  let own = '';
  for (const stream of [started.stdout, started.stderr])
    stream.on('data', (part: Buffer) => {
      own += part.toString('utf8');
      output += part.toString('utf8');
    });
  await eventually(() => own.includes('Listening for metrics'), 30_000);
}

async function end(signal: NodeJS.Signals): Promise<void> {
  const ending = program;
  program = undefined;
  if (ending === undefined) return;
  const ended = new Promise((resolve) => ending.once('close', resolve));
  ending.kill(signal);
  await ended;
}

async function book(number: number): Promise<void> {
  const { authToken, authority, accountSid, callsPort } = scene;
  const carrier: Carrier = { origin: `https://localhost:${callsPort}`, authToken, authority, accountSid };
  const { streamUrl } = await ask(carrier, 'booking', callSidOf(number));
  if (streamUrl === undefined) throw new Error('The call was sent to a human');
  await converse(await openStream(carrier, streamUrl), callSidOf(number), accountSid, () => undefined);
}

const waiting = async (): Promise<number> => {
  const text = await fetch(`http://127.0.0.1:${scene.adminPort}/metrics`).then((response) => response.text());
  return Number(/^chaperone_tap_lines_waiting\{tap="records"\} (\d+)$/mu.exec(text)?.[1] ?? -1);
};

it('kill -9 with lines that nobody took: the next process delivers them, and what is said after', async () => {
  await serve();
  await book(1);
  await eventually(async () => (await waiting()) === booking.length * 2);
  await end('SIGKILL');
  expect(await searchFolder(join(scene.directory, 'taps'), canary.words)).toEqual([]);
  const receiver = await Receiver.open(await vendorTls(scene), receiverPort);
  await serve();
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
  await end('SIGTERM');
  await receiver.close();
  expect((await verifyLog(scene.auditDirectory)).exitCode).toBe(0);
}, 120_000);
