/** WebSocket libraries of other languages on either leg. Debian has them: python3-websockets, libwebsockets-test-server. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { connect } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Scene } from '../../src/server/demo/scene.ts';
import { mediaFrame, opening } from '../../src/server/demo/streams.ts';
import { signTwilioRequest } from '../../src/server/twilio/signature.ts';
import { streamUrl } from '../conformance/support/caller.ts';
import { closed, eventually, Stage, type StageVendor } from '../e2e/stage.ts';

/** Debian's own interpreter: another one on the path does not have Debian's packages. */
const python = '/usr/bin/python3';
const hasPython = spawnSync(python, ['-c', 'import websockets']).status === 0;
const hasLibwebsockets = spawnSync('libwebsockets-test-server', ['--help']).error === undefined;
const peer = (name: string): string => fileURLToPath(new URL(`peers/${name}`, import.meta.url));

if (!hasPython) console.warn('python3-websockets is not here: its tests are left out');
if (!hasLibwebsockets) console.warn('libwebsockets-test-server is not here: its tests are left out');

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1' });
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** A vendor that is another program, and what it printed. */
async function program(command: string, parameters: readonly string[], port: number) {
  const child: ChildProcess = spawn(command, parameters, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { output: '' };
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (part: Buffer) => (said.output += part.toString()));
  await eventually(() => listens(port), 10_000);
  const gone = new Promise<void>((resolve) => {
    child.once('close', () => resolve());
  });
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  return { sessions: [], said, close };
}

const tls = (scene: Scene, name: string): string => join(scene.directory, 'tls', name);

// Skipped where Debian's python3-websockets is not installed: the peer is another implementation, not this one.
describe.skipIf(!hasPython)('python3-websockets', () => {
  const payloads = Array.from({ length: 50 }, (_, index) => Buffer.alloc(160, index).toString('base64'));

  it('as the vendor: audio goes there and back, in fragments too, with its pings between', async () => {
    let vendor: Awaited<ReturnType<typeof program>> | undefined;
    const stage = await Stage.open({
      vendor: async (scene): Promise<StageVendor> => {
        const parameters = [
          peer('vendor.py'),
          String(scene.vendorPort),
          tls(scene, 'vendor.pem'),
          tls(scene, 'vendor.key'),
        ];
        vendor = await program(python, parameters, scene.vendorPort);
        return vendor;
      },
    });
    const { socket, streamSid } = await stage.started();
    const heard: string[] = [];
    socket.on('message', (data: Buffer) => {
      heard.push((JSON.parse(data.toString()) as { media: { payload: string } }).media.payload);
    });
    for (const [index, payload] of payloads.entries()) socket.send(mediaFrame(streamSid, index, payload));
    await eventually(() => heard.length === payloads.length, 10_000);
    expect(heard).toEqual(payloads);
    socket.close(1000);
    await eventually(() => vendor?.said.output.includes('code') === true);
    const told = JSON.parse(vendor?.said.output.split('\n').find((line) => line.startsWith('{')) ?? '{}') as object;
    expect(told).toEqual({ kinds: ['connected', 'start', ...payloads.map(() => 'media')], code: 1000, extensions: 0 });
    await stage.curtain();
  });

  it('as the caller: it offers compression and does without, and every frame comes back', async () => {
    const stage = await Stage.open();
    const { url, callSid } = await streamUrl(stage.carrier, 'front-desk');
    const streamSid = `MZ${callSid.slice(2)}`;
    const lines = [
      ...opening(callSid, streamSid, stage.carrier.accountSid),
      ...payloads.map((payload, index) => mediaFrame(streamSid, index, payload)),
    ];
    const signature = signTwilioRequest(stage.carrier.authToken, url, new Map());
    const child = spawn(python, [peer('caller.py'), url, tls(stage.scene, 'authority.pem'), signature]);
    let [output, errors] = ['', ''];
    child.stdout.on('data', (part: Buffer) => (output += part.toString()));
    child.stderr.on('data', (part: Buffer) => (errors += part.toString()));
    child.stdin.end(lines.join('\n'));
    const status = await new Promise((resolve) => {
      child.once('close', resolve);
    });
    expect({ status, errors }).toEqual({ status: 0, errors: '' });
    expect(JSON.parse(output)).toEqual({ echoes: payloads, code: 1000, extensions: 0 });
    await stage.curtain();
  });
});

// Skipped where Debian's libwebsockets-test-server is not installed, for the same reason.
it.skipIf(!hasLibwebsockets)(
  'libwebsockets as the vendor: it takes the handshake, the frames and the close',
  async () => {
    let vendor: Awaited<ReturnType<typeof program>> | undefined;
    const stage = await Stage.open({
      vendor: async (scene): Promise<StageVendor> => {
        const files = ['--ssl-cert', tls(scene, 'vendor.pem'), '--ssl-key', tls(scene, 'vendor.key')];
        const parameters = ['--ssl', '--port', String(scene.vendorPort), ...files];
        vendor = await program('libwebsockets-test-server', parameters, scene.vendorPort);
        return vendor;
      },
    });
    const { socket, streamSid } = await stage.started();
    const ended = closed(socket);
    for (let index = 0; index < 50; index += 1) socket.send(mediaFrame(streamSid, index, '//8='));
    await eventually(async () => (await stage.metrics()).includes('way="toVendor",kind="audio"} 50'));
    socket.close(1000);
    expect((await ended).code).toBe(1000);
    await stage.stop();
    expect(await stage.events()).toEqual(expect.arrayContaining(['vendor.connect', 'call.end CALLER_CLOSED']));
    expect(vendor?.said.output).not.toMatch(/illegal|violation|invalid/iu);
    await stage.curtain();
  },
);
