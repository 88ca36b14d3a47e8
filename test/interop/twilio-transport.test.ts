import { spawn, type ChildProcess } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { freePort } from '../../src/server/demo/ports.ts';
import type { Scene } from '../../src/server/demo/scene.ts';
import { mediaFrame } from '../../src/server/demo/streams.ts';
import { searchText } from '../../src/server/demo/sweep.ts';
import { eventually, Stage } from '../e2e/stage.ts';
import { startVendor, type LoopbackVendor } from '../vendors/loopback.ts';
import type { Said } from './app.ts';
import { openaiTelephone } from './vendors/openai-telephone.ts';

/** The app's own server, which holds the vendor's SDK and stands behind chaperone as the voice of the call. */
class AppServer {
  readonly said: Said[] = [];
  readonly errors: string[] = [];
  readonly #child: ChildProcess;

  constructor(scene: Scene, openaiPort: number) {
    const script = fileURLToPath(new URL('apps/twilio-transport.ts', import.meta.url));
    const tls = join(scene.directory, 'tls');
    this.#child = spawn(process.execPath, ['--import', 'tsx', script], {
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_EXTRA_CA_CERTS: join(tls, 'authority.pem'),
        TLS: tls,
        PORT: String(scene.vendorPort),
        OPENAI: `wss://localhost:${openaiPort}/v1/realtime?model=gpt-realtime-2.1`,
        API_KEY: 'planted-openai-key-0123456789',
      },
    });
    if (this.#child.stdout !== null)
      createInterface(this.#child.stdout).on('line', (line) => {
        if (line.startsWith('{')) this.said.push(JSON.parse(line) as Said);
      });
    this.#child.stderr?.on('data', (data: Buffer) => this.errors.push(data.toString()));
  }

  has(name: string): boolean {
    return this.said.some((line) => name in line);
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.kill();
    await new Promise((resolve) => this.#child.once('close', resolve));
  }
}

let app: AppServer;
let openai: LoopbackVendor;
let stage: Stage;
afterEach(async () => {
  await stage.curtain();
  await openai.close();
});

it("the Twilio transport of @openai/agents-extensions stands behind chaperone as a call's voice", async () => {
  stage = await Stage.open({
    vendor: async (scene) => {
      const port = await freePort();
      openai = await startVendor({ ...scene, vendorPort: port }, openaiTelephone('about botox on tuesday'));
      app = new AppServer(scene, port);
      await eventually(() => app.has('listening'), 20_000);
      return { sessions: [], close: () => app.close() };
    },
  });
  const { socket, callSid, streamSid } = await stage.started();
  const received: Said[] = [];
  socket.on('message', (data: Buffer) => {
    const message = JSON.parse(data.toString()) as Said;
    received.push(message);
    // The carrier says a mark back when it has played what came before it.
    if (message['event'] === 'mark') socket.send(JSON.stringify({ sequenceNumber: '90', ...message }));
  });
  await eventually(() => app.has('connected'), 20_000);
  const payloads = Array.from({ length: 6 }, (_, index) => Buffer.alloc(160, 0x40 + index).toString('base64'));
  const speak = (index: number): void => socket.send(mediaFrame(streamSid, index, payloads[index] ?? ''));
  for (const index of [0, 1, 2, 3, 4]) speak(index);
  await eventually(() => received.some(({ event }) => event === 'mark'));
  speak(5);
  await eventually(() => received.some(({ event }) => event === 'clear'));

  const [vendor] = openai.sessions;
  const heard = Buffer.concat(payloads.map((payload) => Buffer.from(payload, 'base64')));
  expect(Buffer.concat(vendor?.heard ?? []).equals(heard)).toBe(true);
  await eventually(() => vendor?.received('conversation.item.truncate').length === 1);
  expect(vendor?.received('session.update')[0]).toMatchObject({
    session: { audio: { input: { format: { type: 'audio/pcmu' } }, output: { format: { type: 'audio/pcmu' } } } },
  });
  const answered = heard.subarray(0, 800).toString('base64');
  expect(received).toMatchObject([
    { event: 'media', streamSid, media: { payload: answered } },
    { event: 'mark', streamSid, mark: { name: 'item_1:100' } },
    { event: 'clear', streamSid },
  ]);

  socket.send(JSON.stringify({ event: 'stop', sequenceNumber: '99', streamSid, stop: { callSid } }));
  socket.close();
  await eventually(() => app.has('closed'));
  const seen = app.said.flatMap(({ twilio }) => (twilio === undefined ? [] : [JSON.stringify(twilio)]));
  expect(seen.filter((line) => line.includes('"media"'))).toHaveLength(6);
  expect(seen[1]).toContain('"patient":"[NAME]"');
  expect(searchText('app', seen.join('\n'), [...canary.words, callSid, stage.scene.accountSid])).toEqual([]);
  expect(app.said.filter((line) => 'error' in line || 'fault' in line)).toEqual([]);
  expect(app.errors).toEqual([]);
  await stage.stop();
  expect(await stage.events()).toContain('call.end CALLER_CLOSED');
});
