/** How a parting ends: the other side closes, or does not, or does not even read. */
import { EventEmitter, once } from 'node:events';
import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Route } from '../../src/server/config.ts';
import { part, type PartingCall } from '../../src/server/parting.ts';
import type { Leg } from '../../src/server/socket.ts';
import { protocols } from '../../src/stream/protocols/index.ts';
import { load } from './config/practice.ts';

const onward = { say: 'One moment please.', dial: '+15125550100' };

/** The caller's socket: what was sent to it, and whether it reads. */
class CallerSocket extends EventEmitter {
  readonly OPEN = 1;
  readonly CLOSED = 3;
  readyState = 1;
  bufferedAmount = 0;
  readonly isPaused = false;
  readonly sent: string[] = [];

  send(data: Buffer | string): void {
    this.sent.push(data.toString());
  }

  pause(): void {
    this.emit('paused');
  }

  resume(): void {
    this.emit('resumed');
  }

  ping(): void {
    this.emit('pinged');
  }

  close(): void {
    this.readyState = this.CLOSED;
    this.emit('close', 1000);
  }

  terminate(): void {
    this.readyState = this.CLOSED;
    this.emit('close', 1006);
  }
}

const server = createServer();
let transport: Socket;
let route: Route;
beforeEach(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  transport = connect(port, '127.0.0.1');
  const { config } = await load(`version: 1
practice: { name: Cedar Skin Studio, profile: medspa, time_zone: America/Chicago }
listen: { calls: { public_url: "https://calls.example.com", tls_ended_by: { proxies: [10.0.0.5] } } }
sub_processors: []
apps: [{ name: retell, tokens: [planted-app-token-0123456789abcdefghij], sub_processor: retell }]
routes: [{ name: retell, caller: app, apps: [retell], protocol: retell-llm, vendor: model-host, url: "wss://llm.example" }]
`);
  const [first] = config?.routes ?? [];
  if (first === undefined) throw new Error('The configuration has faults');
  route = first;
});
afterEach(() => {
  transport.destroy();
  server.close();
});

function goes(socket: CallerSocket, limitMs?: number): Promise<string> {
  const caller: Leg = { socket, transport };
  const call: PartingCall = { caller, route };
  const parting = protocols['retell-llm'].parting?.();
  if (parting === undefined) throw new Error('Retell moves calls');
  return part(call, parting, onward, limitMs);
}

const asks = Buffer.from('{"interaction_type":"response_required","response_id":1,"transcript":[]}');

it('is done when the other side closes', async () => {
  const socket = new CallerSocket();
  const outcome = goes(socket);
  socket.emit('message', asks, false);
  socket.emit('message', Buffer.from('no JSON'), false);
  socket.emit('message', Buffer.from([1, 2]), true);
  socket.close();
  expect(await outcome).toBe('');
  expect(socket.sent).toHaveLength(2);
});

it('says nothing to a side that is gone', async () => {
  const socket = new CallerSocket();
  socket.close();
  expect(await goes(socket)).toBe('ENOTCONN');
  expect(socket.sent).toEqual([]);
});

it('is over at its limit', async () => {
  expect(await goes(new CallerSocket(), 5)).toBe('ETIMEDOUT');
});

it('lets go of a side that asks on and does not read', async () => {
  const socket = new CallerSocket();
  const outcome = goes(socket);
  socket.bufferedAmount = 1024 * 1024;
  socket.emit('message', asks, false);
  expect(await outcome).toBe('ENOBUFS');
  socket.emit('message', asks, false);
  expect(socket.sent).toHaveLength(2);
});
