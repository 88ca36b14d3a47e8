/** The lane in front of real sockets of the WebSocket library, of the version that is shipped. */
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { openLane } from '../../src/server/lane.ts';

let server: WebSocketServer | undefined;

afterEach(() => server?.close());

interface Pair {
  readonly client: WebSocket;
  readonly served: WebSocket;
  /** What the lane saw and what the library made a message of, in order. */
  readonly seen: string[];
}

/** A served socket whose lane takes every frame that says `audio`. */
async function connect(): Promise<Pair> {
  const listening = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  server = listening;
  await once(listening, 'listening');
  const seen: string[] = [];
  const served = new Promise<WebSocket>((resolve) => {
    listening.on('connection', (socket) => {
      openLane(socket, 'client', {
        take: (frame, content, binary) => {
          const text = content.open().toString();
          if (!text.includes('audio')) return false;
          seen.push(`lane ${frame.length} ${text} ${binary}`);
          return true;
        },
      });
      socket.on('message', (data: Buffer, binary) => seen.push(`message ${data.toString()} ${binary}`));
      resolve(socket);
    });
  });
  const { port } = listening.address() as AddressInfo;
  const client = new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false });
  await once(client, 'open');
  return { client, served: await served, seen };
}

async function closed(pair: Pair, code: number): Promise<number> {
  const end = once(pair.served, 'close');
  pair.client.close(code);
  const [seen] = await end;
  return Number(seen);
}

describe('the lane before the WebSocket library', () => {
  test('takes what it wants and leaves the rest to the library, in order', async () => {
    const pair = await connect();
    pair.client.send('audio 1');
    pair.client.send('hello');
    pair.client.send(Buffer.from('audio 2'));
    pair.client.send('he', { fin: false });
    pair.client.send('audio', { fin: true });
    pair.client.send('audio 3');
    expect(await closed(pair, 1000)).toBe(1000);
    expect(pair.seen).toEqual([
      'lane 13 audio 1 false',
      'message hello false',
      'lane 13 audio 2 true',
      'message heaudio false',
      'lane 13 audio 3 false',
    ]);
  });

  test('answers pings and closes as before', async () => {
    const pair = await connect();
    const pong = once(pair.client, 'pong');
    pair.client.ping('are you there');
    expect(String((await pong)[0])).toBe('are you there');
    expect(await closed(pair, 4001)).toBe(4001);
  });

  test('takes nothing after the close frame of the peer, nor after a violation', async () => {
    const pair = await connect();
    const raw = Reflect.get(pair.client, '_socket') as NodeJS.WritableStream;
    const audio = [0x81, 0x85, 0, 0, 0, 0, ...Buffer.from('audio')];
    raw.write(Buffer.from([0x88, 0x82, 0, 0, 0, 0, 0x03, 0xe8, ...audio]));
    await once(pair.served, 'close');
    expect(pair.seen).toEqual([]);
    const second = await connect();
    const end = new Promise((resolve) => {
      second.served.on('close', resolve);
    });
    second.served.on('error', () => second.seen.push('error'));
    const rawSecond = Reflect.get(second.client, '_socket') as NodeJS.WritableStream;
    rawSecond.write(Buffer.from([0xf1, 0x80, 0, 0, 0, 0, ...audio]));
    await end;
    expect(second.seen).toEqual(['error']);
  });
});
