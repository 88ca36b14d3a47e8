import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from '../../e2e/stage.ts';
import { streamUrl, upgrade } from '../support/caller.ts';
import { closePayload, frame, maskingKey, Opcode } from '../support/frames.ts';
import { ends, hangUp, mark, media, otherEnd, Theatre } from '../support/theatre.ts';
import { RawVendor } from '../support/vendor.ts';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await Theatre.open();
});
afterAll(() => theatre.close());

const bytes = (hex: string): Buffer => Buffer.from(hex.replaceAll(' ', ''), 'hex');

/** The very bytes of the section. A text that says Hello is no message of a call: it is read, and stopped. */
describe('5.7 the examples', () => {
  it('an unmasked ping of the vendor is answered with a masked pong of the same body', async () => {
    const call = await theatre.call();
    call.vendor.raw(bytes('89 05 48 65 6c 6c 6f'));
    await expect.poll(() => call.vendor.frames.at(-1)?.opcode).toBe(Opcode.pong);
    expect(call.vendor.frames.at(-1)).toMatchObject({ masked: true, payload: Buffer.from('Hello') });
    await hangUp(call);
  });

  it('a masked pong of the caller is taken, and answered by nothing', async () => {
    const call = await theatre.call();
    const before = call.caller.frames.length;
    call.caller.raw(bytes('8a 85 37 fa 21 3d 7f 9f 4d 51 58'));
    call.caller.send('after', { opcode: Opcode.ping });
    await expect.poll(() => call.caller.frames.length).toBe(before + 1);
    expect(call.caller.frames.at(-1)?.payload.toString()).toBe('after');
    await hangUp(call);
  });

  it.each([
    ['a single-frame unmasked text', 'vendor', '81 05 48 65 6c 6c 6f'],
    ['a single-frame masked text', 'caller', '81 85 37 fa 21 3d 7f 9f 4d 51 58'],
    ['a fragmented unmasked text', 'vendor', '01 03 48 65 6c 80 02 6c 6f'],
  ] as const)('%s is one message: the third of them ends the call toward a human', async (_what, end, hex) => {
    const { told, through } = await theatre.misbehave(end, (peer) => {
      for (let round = 0; round < 3; round += 1) peer.raw(bytes(hex));
    });
    expect(told.code).not.toBe(1002);
    expect(through).toEqual([]);
  });

  it.each([
    ['256 bytes of binary in one unmasked frame', '82 7e 01 00', 256],
    ['64 KiB of binary in one unmasked frame', '82 7f 00 00 00 00 00 01 00 00', 65_536],
  ])('%s is one message: read, and stopped', async (_what, header, length) => {
    const { told, through } = await theatre.misbehave('vendor', (peer) => {
      for (let round = 0; round < 3; round += 1) peer.raw(Buffer.concat([bytes(header), Buffer.alloc(length, 7)]));
    });
    expect(told.code).not.toBe(1002);
    expect(through).toEqual([]);
  });
});

describe('5.3 and 10.3 the mask', () => {
  it('of what chaperone writes is another one in each frame', async () => {
    const call = await theatre.call();
    for (let at = 0; at < 40; at += 1) call.caller.send(mark('caller', call, `m${at}`));
    await expect.poll(() => call.vendor.texts.length).toBe(42);
    const keys = call.vendor.frames.map(({ key }) => key?.toString('hex'));
    expect(keys).not.toContain(undefined);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).not.toContain(maskingKey.toString('hex'));
    await hangUp(call);
  });

  it('of proven audio is the one with which it came: its bytes go on as they are', async () => {
    const call = await theatre.call();
    call.caller.send(media('caller', call));
    await expect.poll(() => call.vendor.texts.length).toBe(3);
    expect(call.vendor.frames.at(-1)?.key).toEqual(maskingKey);
    await hangUp(call);
  });

  it('changes every byte that it covers, wherever the bytes are cut', async () => {
    for (const key of ['00000001', 'ffffffff', '80000000', '0a0d0a0d'].map((hex) => Buffer.from(hex, 'hex'))) {
      const through = await theatre.pass('caller', (peer, call) => {
        const whole = frame(mark('caller', call, 'cut'), { mask: key });
        for (let at = 0; at < whole.length; at += 3) peer.raw(whole.subarray(at, at + 3));
      });
      expect(through.map((text) => JSON.parse(text) as object)).toMatchObject([{ mark: { name: 'cut' } }]);
    }
  });
});

describe.each(ends)('6.1 and 6.2 messages of the %s', (end) => {
  it('arrive in the order in which they were sent, however they were cut', async () => {
    const names = Array.from({ length: 30 }, (_, at) => `n${at}`);
    const through = await theatre.pass(
      end,
      (peer, call) => {
        const whole = Buffer.concat(names.map((name) => frame(mark(end, call, name), { mask: peer.mask })));
        for (let at = 0; at < whole.length; at += 101) peer.raw(whole.subarray(at, at + 101));
      },
      names.length,
    );
    expect(through.map((text) => (JSON.parse(text) as { mark: { name: string } }).mark.name)).toEqual(names);
  });

  it('5.6 a text is sent on as text', async () => {
    const call = await theatre.call();
    call[end].send(mark(end, call));
    const other = call[otherEnd(end)];
    await expect.poll(() => other.texts.some((text) => text.includes('"m1"'))).toBe(true);
    expect(other.frames.filter(({ opcode }) => opcode < Opcode.close).map(({ opcode }) => opcode)).not.toContain(
      Opcode.binary,
    );
    await hangUp(call);
  });
});

describe('7.1.1 and 7.2 who ends the connection', () => {
  it('toward a caller it is chaperone, the server: it closes TCP after the close was answered', async () => {
    const call = await theatre.call();
    call.vendor.send(closePayload(1000), { opcode: Opcode.close });
    const { code } = await call.caller.closed;
    expect(code).toBeGreaterThanOrEqual(1000);
    expect([1005, 1006, 1015]).not.toContain(code);
    await call.caller.gone;
    expect(call.caller.socket.readableEnded).toBe(true);
    await call.vendor.gone;
  });

  it('7.2.3 a connection that is lost is not opened again', async () => {
    const call = await theatre.call();
    const before = theatre.vendor.connections;
    call.vendor.socket.destroy();
    await call.caller.gone;
    expect(theatre.vendor.connections).toBe(before);
  });
});

describe('4.3 and 4.4 what is offered', () => {
  it('to a vendor one version, and no other is tried when it wants one', async () => {
    const vendor = new RawVendor({
      answer: () => 'HTTP/1.1 426 Upgrade Required\r\nSec-WebSocket-Version: 8, 7\r\nContent-Length: 0\r\n\r\n',
    });
    const stage = await Stage.open({ vendor: vendor.start });
    const { url } = await streamUrl(stage.carrier, 'front-desk');
    const { status, socket } = await upgrade(stage.carrier, url);
    socket.destroy();
    expect(status).toBe(502);
    expect(vendor.connections).toBe(1);
    await stage.curtain();
  });
});
