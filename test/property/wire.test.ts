import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { frame, Opcode } from '../conformance/support/frames.ts';
import type { Peer } from '../conformance/support/peer.ts';
import { ends, hangUp, mark, media, otherEnd, secret, Theatre, type End } from '../conformance/support/theatre.ts';
import type { RawCall } from '../conformance/support/caller.ts';
import { runs, seeds } from './seeds.ts';

/** One piece of what a peer puts on the wire. */
type Piece =
  | { readonly kind: 'noise'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'frame';
      readonly opcode: number;
      readonly fin: boolean;
      readonly rsv: number;
      readonly masked: boolean;
      readonly text: string;
    }
  | { readonly kind: 'media' | 'mark' | 'secret' };

const piece: fc.Arbitrary<Piece> = fc.oneof(
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => ({ kind: 'noise' as const, bytes })) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('frame' as const),
      opcode: fc.oneof({ weight: 4, arbitrary: fc.constantFrom(0, 1, 2, 9, 10) }, fc.nat({ max: 15 })),
      fin: fc.oneof({ weight: 4, arbitrary: fc.constant(true) }, fc.boolean()),
      rsv: fc.oneof({ weight: 9, arbitrary: fc.constant(0) }, fc.nat({ max: 7 })),
      masked: fc.oneof({ weight: 9, arbitrary: fc.constant(true) }, fc.boolean()),
      text: fc.oneof(fc.string({ unit: 'binary', maxLength: 200 }), fc.json({ maxDepth: 4 })),
    }),
  },
  { weight: 6, arbitrary: fc.constantFrom<Piece>({ kind: 'media' }, { kind: 'mark' }, { kind: 'secret' }) },
);

function put(peer: Peer, one: Piece, end: End, call: RawCall, cut: number): void {
  const bytes = bytesOf(peer, one, end, call);
  const at = cut % (bytes.length + 1);
  peer.raw(bytes.subarray(0, at));
  peer.raw(bytes.subarray(at));
}

function bytesOf(peer: Peer, one: Piece, end: End, call: RawCall): Buffer {
  if (one.kind === 'noise') return Buffer.from(one.bytes);
  const mask = peer.mask;
  if (one.kind !== 'frame') {
    const text = one.kind === 'media' ? media(end, call) : one.kind === 'mark' ? mark(end, call) : secret(end, call);
    return frame(text, { mask });
  }
  const owes = one.masked ? mask : mask === undefined ? Buffer.from('01020304', 'hex') : undefined;
  return frame(one.text, { opcode: one.opcode, fin: one.fin, rsv: one.rsv, mask: owes });
}

describe.each(ends)('bytes of all kinds from the %s of a running call', (end) => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterAll(() => theatre.close());

  it.each(seeds)(
    'never hurt the process or another call, and say nothing to anybody (seed %i)',
    { timeout: 120_000 },
    async (seed) => {
      const beside = await theatre.call();
      await fc.assert(
        fc.asyncProperty(fc.array(fc.tuple(piece, fc.nat({ max: 400 })), { maxLength: 25 }), async (pieces) => {
          const call = await theatre.call();
          const other = call[otherEnd(end)];
          for (const [one, cut] of pieces) put(call[end], one, end, call, cut);
          // A ping that is answered, or the end: then everything before it has been read.
          call[end].send('read', { opcode: Opcode.ping });
          call[end].send(Buffer.from([3, 0xe8]), { opcode: Opcode.close });
          // A length that was claimed keeps the other waiting for bytes until this end hangs up.
          call[end].socket.end();
          await Promise.all([call.caller.gone, call.vendor.gone]);
          const texts = other.texts.join('\n').toLowerCase();
          if (end === 'caller') expect(texts).not.toMatch(/zephyrine|quillfeather/u);
          for (const { fin, rsv } of other.frames) expect([fin, rsv]).toEqual([true, 0]);
          expect(other.frames.every(({ opcode }) => [1, 2, 8, 9, 10].includes(opcode))).toBe(true);
        }),
        { seed, numRuns: runs(15) },
      );
      beside.caller.send(mark('caller', beside, 'beside'));
      await expect.poll(() => beside.vendor.texts.at(-1)).toContain('beside');
      await hangUp(beside);
    },
  );
});
