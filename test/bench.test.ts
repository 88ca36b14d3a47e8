/** The benchmark's own driver: a relay that loses, changes or swaps frames must not look good. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { frameFromCaller, frameFromVendor, prompts, readStamp, streamOpening } from './bench/frames.ts';
import type { Totals } from './bench/ledger.ts';
import { runLoad } from './bench/load.ts';
import type { Relay } from './bench/relay.ts';
import { direct } from './bench/relays/direct.ts';
import { median } from './bench/summary.ts';

const plan = { streams: 2, prompts: 2, warmUpMs: 100, measureMs: 600 };
const { streamSid } = streamOpening(7);
const blankStamp = { sequence: -1, sentAt: -1, intact: false };

type Send = (frame: Buffer) => void;
/** What a relay does to the frames of one call toward the vendor, media and prompts alike. */
type Mischief = (frame: Buffer, send: Send) => void;

function relayWith(mischief: () => Mischief): Relay {
  return {
    name: 'faulty',
    start: async (vendorUrl) => {
      const server = createServer().listen(0, '127.0.0.1');
      await once(server, 'listening');
      const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
      server.on('upgrade', (request, socket, head) => {
        const vendor = new WebSocket(vendorUrl + (request.url ?? ''), { perMessageDeflate: false });
        vendor.on('error', () => socket.destroy());
        vendor.on('open', () => {
          sockets.handleUpgrade(request, socket, head, (caller) => join(caller, vendor, mischief()));
        });
      });
      const address = server.address();
      const port = typeof address === 'object' ? address?.port : undefined;
      return {
        pid: undefined,
        startMs: 0,
        dial: (kind) => ({ url: `ws://127.0.0.1:${port}/${kind}`, options: { perMessageDeflate: false } }),
        stop: async () => {
          for (const client of sockets.clients) client.terminate();
          server.close();
        },
      };
    },
  };
}

const isLoad = (frame: Buffer): boolean => frame.includes('"media"') || frame.includes('"prompt"');

function join(caller: WebSocket, vendor: WebSocket, mischief: Mischief): void {
  const send: Send = (frame) => vendor.send(frame, { binary: false });
  caller.on('message', (frame: Buffer) => (isLoad(frame) ? mischief(frame, send) : send(frame)));
  vendor.on('message', (frame: Buffer) => caller.send(frame, { binary: false }));
}

/** Applies `mischief` to the first `count` frames of a call and passes the others. */
function firstOnly(count: number, mischief: Mischief): () => Mischief {
  return () => {
    let seen = 0;
    return (frame, send) => (seen++ < count ? mischief(frame, send) : send(frame));
  };
}

/** The second frame leaves before the first. */
function swapFirstTwo(): Mischief {
  let seen = 0;
  let kept: Buffer | undefined;
  return (frame, send) => {
    if (seen++ === 0) {
      kept = frame;
      return;
    }
    send(frame);
    if (kept) send(kept);
    kept = undefined;
  };
}

const mask: Mischief = (_frame, send) => send(Buffer.from('{"type":"prompt","voicePrompt":"[masked]","last":true}'));

function change(from: string, to: string): Mischief {
  return (frame, send) => send(Buffer.from(frame.toString('latin1').replace(from, to), 'latin1'));
}

async function mediaThrough(relay: Relay): Promise<Totals> {
  return (await runLoad(relay, { ...plan, prompts: 0 })).media;
}

test('a direct run loses nothing and times every frame', async () => {
  const { media, prompts: texts, mediaMs, promptMs } = await runLoad(direct, plan);
  expect(media.sent).toBeGreaterThan(100);
  expect(media).toMatchObject({ received: media.sent, lost: 0, altered: 0, reordered: 0 });
  expect(texts.sent).toBeGreaterThan(0);
  expect(texts.lost).toBe(0);
  expect(mediaMs.p50).toBeGreaterThan(0);
  expect(promptMs.p50).toBeGreaterThan(0);
});

test('lost frames are counted', async () => {
  const media = await mediaThrough(relayWith(firstOnly(3, () => {})));
  expect(media).toMatchObject({ lost: 6, altered: 0, reordered: 0 });
});

test('one changed letter of a frame is counted, in its sound and around it', async () => {
  const payload = await mediaThrough(relayWith(firstOnly(2, change('"}}', 'A"}}'))));
  expect(payload).toMatchObject({ lost: 0, altered: 4 });
  const envelope = await mediaThrough(relayWith(firstOnly(2, change('inbound', 'inbounD'))));
  expect(envelope).toMatchObject({ lost: 0, altered: 4 });
});

test('a frame that overtakes another is counted', async () => {
  expect(await mediaThrough(relayWith(swapFirstTwo))).toMatchObject({ lost: 0, altered: 0, reordered: 2 });
});

test('a relay that does not redact leaks the planted name, one that does leaks nothing', async () => {
  const open = await runLoad(relayWith(firstOnly(0, () => {})), { ...plan, streams: 0 });
  expect(open.prompts.leaked).toBeGreaterThan(0);
  const masked = await runLoad(relayWith(firstOnly(1000, mask)), { ...plan, streams: 0 });
  expect(masked.prompts).toMatchObject({ lost: 0, leaked: 0 });
});

test('a call that is closed by the relay fails the run and says which side closed', async () => {
  const hangsUp = relayWith(() => (_frame, send) => send(Buffer.from([0xff])));
  await expect(runLoad(hangsUp, plan)).rejects.toThrow(/side of call CA0+\d (closed|failed)/u);
});

test('the stamp of a frame is read back, and a frame without one is told apart', () => {
  const stamp = { ...blankStamp };
  expect(readStamp(frameFromVendor(streamSid, 41, 12.5), stamp)).toBe(true);
  expect(stamp).toEqual({ sequence: 41, sentAt: 12.5, intact: true });
  expect(readStamp(Buffer.from('{"event":"media","media":{"payload":"AAAA"}}'), stamp)).toBe(false);
  expect(readStamp(Buffer.from('{"event":"mark"}'), stamp)).toBe(false);
});

test('frames are valid JSON of 160 bytes of mu-law, prompts have 300 characters', () => {
  const frame: unknown = JSON.parse(frameFromCaller(streamSid, 0, 1).toString());
  expect(frame).toMatchObject({
    event: 'media',
    streamSid,
    sequenceNumber: '2',
    media: { track: 'inbound', chunk: '1' },
  });
  const payload = /"payload":"([^"]+)"/u.exec(frameFromCaller(streamSid, 3, 1).toString())?.[1] ?? '';
  expect(Buffer.from(payload, 'base64')).toHaveLength(160);
  expect(new Set(prompts.map((prompt) => prompt.length))).toEqual(new Set([300]));
});

test('the median of an even number of runs is the middle of the two in the middle', () => {
  expect(median([9, 1, 4])).toBe(4);
  expect(median([9, 1, 4, 6])).toBe(5);
});
