import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Opcode } from '../support/frames.ts';
import { ends, mark, secret, Theatre, type End } from '../support/theatre.ts';

let theatre: Theatre;
beforeAll(async () => {
  theatre = await Theatre.open();
});
afterAll(() => theatre.close());

const largest: Readonly<Record<End, number>> = { caller: 64 * 1024, vendor: 1024 * 1024 };

/** What the layer below reads of one message: the caller's listener also takes apps, which may send more. */
const readable = 1024 * 1024;

describe.each(ends)('10.4 sizes, from the %s', (end) => {
  const limit = largest[end];

  it.each<[string, bigint]>([
    ['10 MiB', 10n * 1024n * 1024n],
    ['one byte more than is read', BigInt(readable) + 1n],
    ['2^53 - 1', (1n << 53n) - 1n],
    ['2^62', 1n << 62n],
    ['2^63, a length whose top bit is set', 1n << 63n],
  ])('[C1] a frame that claims %s: 1009 from its header alone', async (_what, claims) => {
    const { told, other, through } = await theatre.misbehave(end, (peer, call) =>
      peer.send(secret(end, call), { claims, form: 64 }),
    );
    expect(told).toMatchObject({ code: 1009 });
    expect(other).toMatchObject({ code: 1009, reason: 'FRAME_TOO_LARGE' });
    expect(through).toEqual([]);
  });

  it('[C1] a whole message of one byte more than the limit: 1009', async () => {
    const { told, other, through } = await theatre.misbehave(end, (peer, call) =>
      peer.send(secret(end, call).padEnd(limit + 1)),
    );
    expect(told).toMatchObject({ code: 1009 });
    expect(other).toMatchObject({ code: 1009, reason: 'FRAME_TOO_LARGE' });
    expect(through).toEqual([]);
  });

  it('[C1] fragments that are larger together: 1009', async () => {
    const { told, other } = await theatre.misbehave(end, (peer) => {
      const half = Buffer.alloc(limit / 2, 0x20);
      peer.send(half, { fin: false });
      peer.send(half, { fin: false, opcode: Opcode.continuation });
      peer.send(half, { opcode: Opcode.continuation });
    });
    expect(told).toMatchObject({ code: 1009 });
    expect(other).toMatchObject({ reason: 'FRAME_TOO_LARGE' });
  });

  it('[C2] more than 64 fragments, also empty ones: 1008', async () => {
    for (const payload of ['x', '']) {
      const { told, other, through } = await theatre.misbehave(end, (peer) => {
        for (let at = 0; at < 66; at += 1)
          peer.send(payload, { fin: false, opcode: at === 0 ? Opcode.text : Opcode.continuation });
      });
      expect(told).toMatchObject({ code: 1008 });
      expect(other).toMatchObject({ reason: 'FRAME_TOO_LARGE' });
      expect(through).toEqual([]);
    }
  });

  it('a message as large as the limit is read, and judged as a message', async () => {
    const call = await theatre.call();
    call[end].send(' '.repeat(limit));
    call[end].send(mark(end, call, 'after'));
    const other = end === 'caller' ? call.vendor : call.caller;
    await expect.poll(() => other.texts.some((text) => text.includes('after'))).toBe(true);
    call.caller.socket.destroy();
    await call.vendor.gone;
  });

  it.each([125, 126, 127, 128, 65_535])('a mark whose frame has a payload of %i bytes arrives', async (bytes) => {
    const padded = (text: string): string => `${text}${' '.repeat(Math.max(0, bytes - text.length))}`;
    const through = await theatre.pass(end, (peer, call) => peer.send(padded(mark(end, call))));
    expect(through.map((text) => JSON.parse(text) as object)).toMatchObject([{ event: 'mark' }]);
  });
});
