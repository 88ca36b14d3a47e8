import { connect as connectTcp, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { doorBounds } from '../../src/server/limits.ts';
import { connectTo, streamUrl, upgrade } from '../conformance/support/caller.ts';
import { frame, maskingKey, Opcode } from '../conformance/support/frames.ts';
import { readHead } from '../conformance/support/peer.ts';
import { eventually } from '../e2e/stage.ts';
import { hangUp, mark, otherEnd, ends, Theatre } from '../conformance/support/theatre.ts';
import { faultIn, keepTalking } from './live.ts';
import { observe } from './observe.ts';

const goneAfter = (socket: Socket): Promise<number> => {
  const started = performance.now();
  return new Promise((resolve) => {
    socket.once('close', () => resolve(performance.now() - started));
  });
};

/** What a stranger can do to the door; a live call goes on meanwhile. The tests wait beside each other. */
describe.concurrent('at the door', { timeout: 60_000 }, () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterAll(() => theatre.close());

  /** Audio of a call that must not notice what a stranger does. */
  const callBeside = async () => {
    const call = await theatre.call();
    keepTalking(call);
    return async (): Promise<void> => {
      const before = call.vendor.texts.length;
      await eventually(() => call.vendor.texts.length > before + 20, 15_000);
      await hangUp(call);
    };
  };

  it('[G1] an upgrade one byte in half a second', async (context) => {
    const goesOn = await callBeside();
    const socket = await connectTo(theatre.stage.carrier);
    const gone = goneAfter(socket);
    const text = `GET /calls/front-desk/x HTTP/1.1\r\nHost: localhost\r\nX-Slow: ${'a'.repeat(200)}`;
    let sent = 0;
    const timer = setInterval(() => {
      socket.write(text.charAt(sent));
      sent += 1;
    }, 500);
    const head = await readHead(socket).catch(() => ({ head: '' }));
    const after = await gone;
    clearInterval(timer);
    context.expect(after).toBeLessThan(20_000);
    context.expect(head.head).toMatch(/^(?:HTTP\/1\.1 4\d\d .*)?$/mu);
    await goesOn();
    observe(context, { seen: `closed after ${(after / 1000).toFixed(0)} s` });
  });

  it('[G1] a handshake of TLS that does not come', async (context) => {
    const socket = connectTcp({ port: theatre.stage.scene.callsPort, host: '127.0.0.1' });
    socket.on('error', () => undefined);
    const after = await goneAfter(socket);
    context.expect(after).toBeLessThan(20_000);
    observe(context, { seen: `closed after ${(after / 1000).toFixed(0)} s` });
  });

  it('[G1] a body that does not come', async (context) => {
    const socket = await connectTo(theatre.stage.carrier);
    const gone = goneAfter(socket);
    socket.write(
      'POST /twilio/voice/front-desk HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nA',
    );
    const { head } = await readHead(socket);
    context.expect(head).toMatch(/^HTTP\/1\.1 408 /u);
    context.expect(await gone).toBeLessThan(20_000);
    observe(context, { seen: '408' });
  });

  it('[G3] a connection with TLS that asks for nothing', async (context) => {
    const socket = await connectTo(theatre.stage.carrier);
    const after = await goneAfter(socket);
    context.expect(after).toBeLessThan(20_000);
    observe(context, { seen: `closed after ${(after / 1000).toFixed(0)} s` });
  });

  it.for([
    ['2,000 headers', Array.from({ length: 2_000 }, (_, at) => `X-${at}: zephyrine`).join('\r\n')],
    ['a header of 100 KB', `X-Long: ${'zephyrine '.repeat(10_000)}`],
    ['a name of 100 KB', `${'z'.repeat(100_000)}: 1`],
  ] as const)('[G2] %s', async ([, headers], context) => {
    const socket = await connectTo(theatre.stage.carrier);
    const gone = goneAfter(socket);
    socket.write(`GET / HTTP/1.1\r\nHost: localhost\r\n${headers}\r\n\r\n`);
    const { head } = await readHead(socket);
    context.expect(head).toMatch(/^HTTP\/1\.1 431 /u);
    await gone;
    observe(context, { seen: '431' });
  });

  it('[G2] a path of 12 KB is no route', async (context) => {
    const socket = await connectTo(theatre.stage.carrier);
    socket.write(`GET /calls/${'x'.repeat(12_000)}/y HTTP/1.1\r\nHost: localhost\r\n\r\n`);
    const { head } = await readHead(socket);
    context.expect(head).toMatch(/^HTTP\/1\.1 4\d\d /u);
    socket.destroy();
  });
});

describe('[G3] a crowd of idle connections', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterAll(() => theatre.close());

  it('of one address is bounded, and a live call goes on', async (context) => {
    const { expect } = context;
    const call = await theatre.call();
    keepTalking(call);
    const open = new Set<Socket>();
    for (let at = 0; at < doorBounds.pendingPerAddress * 2; at += 1) {
      const socket = connectTcp({ port: theatre.stage.scene.callsPort, host: '127.0.0.1' });
      socket.on('error', () => undefined).once('close', () => open.delete(socket));
      open.add(socket);
    }
    await expect.poll(() => open.size).toBe(doorBounds.pendingPerAddress);
    const before = call.vendor.texts.length;
    await expect.poll(() => call.vendor.texts.length).toBeGreaterThan(before + 20);
    for (const socket of open) socket.destroy();
    await expect.poll(() => open.size).toBe(0);
    // A place is free again when somebody leaves.
    const again = await theatre.call();
    await hangUp(again);
    await hangUp(call);
    observe(context, { seen: `${doorBounds.pendingPerAddress} of ${doorBounds.pendingPerAddress * 2} stay open` });
  });

  it('does not count who has opened a stream', async ({ expect }) => {
    const calls = [];
    for (let at = 0; at < 20; at += 1) calls.push(await theatre.call());
    expect(calls).toHaveLength(20);
    for (const call of calls) await hangUp(call);
  });
});

describe('[G4] a flood on a live call', () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterAll(() => theatre.close());

  it.for(ends)('of pings by the %s', async (end, context) => {
    const call = await theatre.call();
    const mask = end === 'caller' ? maskingKey : undefined;
    const pings = Buffer.concat(Array.from({ length: 200 }, () => frame('zephyrine', { opcode: Opcode.ping, mask })));
    await faultIn(context, call, () => call[end].raw(pings));
    const { reason } = await call[otherEnd(end)].closed;
    context.expect(reason).toBe('CONTROL_FLOOD');
  });

  it('of pings by a caller who reads no answer does not fill memory', async ({ expect }) => {
    const call = await theatre.call();
    call.caller.stopReading();
    const ping = frame(Buffer.alloc(125, 1), { opcode: Opcode.ping, mask: maskingKey });
    const many = Buffer.concat(Array.from({ length: 5_000 }, () => ping));
    for (let round = 0; round < 20 && !call.caller.socket.destroyed; round += 1) {
      call.caller.raw(many);
      await sleep(20);
    }
    expect((await call.vendor.closed).reason).toBe('CONTROL_FLOOD');
    call.caller.socket.destroy();
  });

  it.for(ends)('of empty messages by the %s', async (end, context) => {
    const call = await theatre.call();
    const { reason } = await faultIn(context, call, () => {
      for (let at = 0; at < 1_000; at += 1) call[end].send('');
    });
    context.expect(reason).toBe('TOO_MANY_BLOCKED');
  });

  it('of pings that stays within bounds is answered, and the call goes on', async ({ expect }) => {
    const call = await theatre.call();
    for (let at = 0; at < 40; at += 1) call.caller.send('p', { opcode: Opcode.ping });
    await expect.poll(() => call.caller.frames.filter(({ opcode }) => opcode === Opcode.pong)).toHaveLength(40);
    call.caller.send(mark('caller', call));
    await expect.poll(() => call.vendor.texts).toHaveLength(3);
    await hangUp(call);
  });
});

describe('[G2] a refused upgrade', () => {
  it('says nothing of what it was asked', async ({ expect }) => {
    const theatre = await Theatre.open();
    const { url } = await streamUrl(theatre.stage.carrier, 'front-desk');
    const answer = await upgrade(theatre.stage.carrier, url.replace('front-desk', 'zephyrine%0d%0aquillfeather'));
    expect(answer.head + answer.rest.toString()).not.toMatch(/zephyrine|quillfeather/iu);
    answer.socket.destroy();
    await theatre.close();
  });
});
