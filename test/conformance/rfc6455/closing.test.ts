import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { closePayload, Opcode } from '../support/frames.ts';
import { ends, hangUp, mark, otherEnd, secret, Theatre, type End } from '../support/theatre.ts';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await Theatre.open();
});
afterAll(() => theatre.close());

const close = { opcode: Opcode.close };

/** What the other end is told when this one leaves: a caller has hung up; after a vendor the caller goes to a human. */
const farewell = (end: End): string => (end === 'caller' ? 'CALLER_CLOSED' : 'VENDOR_CLOSED');

describe.each(ends)('7.4 a close of the %s with a code that it may send', (end) => {
  it.each([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999])(
    '%i is answered with the same code',
    async (code) => {
      const { told, other, through } = await theatre.misbehave(end, (peer) => peer.send(closePayload(code), close));
      expect(told).toMatchObject({ code });
      expect(other).toMatchObject({ reason: farewell(end) });
      expect(through).toEqual([]);
    },
  );

  it('none at all is answered without one', async () => {
    const { told, other } = await theatre.misbehave(end, (peer) => peer.send('', close));
    expect(told).toMatchObject({ code: 1005 });
    expect(other).toMatchObject({ reason: farewell(end) });
  });

  it('its reason is told to nobody', async () => {
    const { told, other } = await theatre.misbehave(end, (peer) =>
      peer.send(closePayload(1000, 'zephyrine quillfeather 512-555-0143'), close),
    );
    expect(told).toMatchObject({ code: 1000 });
    expect(other.reason).toBe(farewell(end));
  });

  it('with a reason of 123 bytes, the longest', async () => {
    const { told } = await theatre.misbehave(end, (peer) => peer.send(closePayload(1000, 'r'.repeat(123)), close));
    expect(told).toMatchObject({ code: 1000 });
  });
});

describe.each(ends)('[C14] 7.4 a close of the %s with a code that nobody may send', (end) => {
  it.each([0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])('%i: 1002', async (code) => {
    const { told, other } = await theatre.misbehave(end, (peer) => peer.send(closePayload(code, 'zephyrine'), close));
    expect(told).toMatchObject({ code: 1002 });
    expect(other).toMatchObject({ reason: 'FRAME_MALFORMED' });
  });

  it('7.1.5 a payload of one byte: 1002', async () => {
    const { told, other } = await theatre.misbehave(end, (peer) => peer.send(Buffer.from([3]), close));
    expect(told).toMatchObject({ code: 1002 });
    expect(other).toMatchObject({ reason: 'FRAME_MALFORMED' });
  });

  it.each(['c0af', 'eda080', 'ff'])('7.1.6 a reason that is no UTF-8 (%s): 1007', async (hex) => {
    const { told, other } = await theatre.misbehave(end, (peer) =>
      peer.send(closePayload(1000, Buffer.from(hex, 'hex')), close),
    );
    expect(told).toMatchObject({ code: 1007 });
    expect(other).toMatchObject({ reason: 'FRAME_MALFORMED' });
  });
});

describe.each(ends)('7.1 the end of a connection by the %s', (end) => {
  it('5.5.1 what comes behind a close is not taken', async () => {
    const { through, other } = await theatre.misbehave(end, (peer, call) => {
      peer.send(closePayload(1000), close);
      peer.send(secret(end, call));
      peer.send(mark(end, call));
    });
    expect(through).toEqual([]);
    expect(other).toMatchObject({ reason: farewell(end) });
  });

  it('5.5.1 a close in the middle of a message ends the call, and the message never arrives', async () => {
    const { told, through } = await theatre.misbehave(end, (peer, call) => {
      peer.send(secret(end, call).slice(0, 40), { fin: false });
      peer.send(closePayload(1000), close);
    });
    expect(told).toMatchObject({ code: 1000 });
    expect(through).toEqual([]);
  });

  it('7.1.1 the end of its stream without a close', async () => {
    const { other, through } = await theatre.misbehave(end, (peer) => peer.socket.end());
    expect(other).toMatchObject({ reason: farewell(end) });
    expect(through).toEqual([]);
  });

  it('7.1.1 the end of its stream inside a frame', async () => {
    const { other, through } = await theatre.misbehave(end, (peer, call) => {
      peer.send(secret(end, call), { claims: 200n });
      peer.socket.end();
    });
    expect(other).toMatchObject({ reason: farewell(end) });
    expect(through).toEqual([]);
  });

  it('[A2] a reset inside a frame', async () => {
    const { other, through } = await theatre.misbehave(end, (peer, call) => {
      peer.send(secret(end, call), { claims: 2_000n });
      peer.socket.destroy();
    });
    expect(other).toMatchObject({ reason: farewell(end) });
    expect(through).toEqual([]);
  });

  it('[G4] 7.1.2 a close that it does not answer does not hold the connection', { timeout: 15_000 }, async () => {
    const call = await theatre.call();
    call[end].polite = false;
    const started = performance.now();
    call[otherEnd(end)].send(closePayload(1000), close);
    expect(await call[end].gone).toBeGreaterThan(started);
    await call[otherEnd(end)].gone;
  });

  it('7.1.1 whoever is told to go is told with one close frame, and then nothing more', async () => {
    const call = await theatre.call();
    call[end].send(closePayload(1000), close);
    await Promise.all([call.caller.gone, call.vendor.gone]);
    for (const { frames } of [call.caller, call.vendor]) {
      expect(frames.filter(({ opcode }) => opcode === Opcode.close)).toHaveLength(1);
      expect(frames.at(-1)?.opcode).toBe(Opcode.close);
    }
    await hangUp(call);
  });
});
