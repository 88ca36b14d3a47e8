/** The walk over the frames of a direction, in every cut. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { FrameWalker } from '../../src/stream/frame-walker.ts';

interface WrittenFrame {
  readonly opcode: number;
  readonly fin: boolean;
  readonly data: Buffer;
}

const written = fc
  .record({
    opcode: fc.constantFrom(0, 1, 2, 8, 9, 10),
    fin: fc.boolean(),
    data: fc.oneof(
      { weight: 8, arbitrary: fc.uint8Array({ maxLength: 300 }) },
      fc.constantFrom(125, 126, 127, 16_384, 16_385, 65_535, 65_536).map((length) => new Uint8Array(length).fill(7)),
    ),
  })
  .map(({ opcode, fin, data }): WrittenFrame => {
    const control = opcode > 7;
    return { opcode, fin: control || fin, data: Buffer.from(control ? data.subarray(0, 125) : data) };
  });

/** RFC 6455 section 5.2. */
function wireOf({ opcode, fin, data }: WrittenFrame, masked: boolean): Buffer {
  const short = data.length < 126 ? data.length : data.length < 65_536 ? 126 : 127;
  const head = Buffer.from([(fin ? 0x80 : 0) | opcode, (masked ? 0x80 : 0) | short]);
  const length = Buffer.alloc(short === 126 ? 2 : short === 127 ? 8 : 0);
  if (length.length > 0) length.writeUIntBE(data.length, Math.max(0, length.length - 6), Math.min(6, length.length));
  const mask = Buffer.from(masked ? [0x37, 0xfa, 0x21, 0x3d] : []);
  const content = masked ? data.map((byte, index) => byte ^ (mask[index % 4] ?? 0)) : data;
  return Buffer.concat([head, length, mask, content]);
}

/** Cuts `bytes` where the fractions say. */
function cut(bytes: Buffer, fractions: readonly number[]): Buffer[] {
  const points = [...fractions.map((one) => Math.floor(one * bytes.length)), 0, bytes.length].sort((a, b) => a - b);
  return points.slice(1).map((end, index) => Buffer.from(bytes.subarray(points[index], end)));
}

interface Walked {
  readonly all: Buffer;
  readonly taken: readonly { readonly payload: Buffer; readonly binary: boolean }[];
}

function walk(pieces: readonly Buffer[], masked: boolean, wanted: (payload: Buffer) => boolean): Walked {
  const out: Buffer[] = [];
  const taken: { payload: Buffer; binary: boolean }[] = [];
  const walker = new FrameWalker(masked, {
    take: (frame, content, binary) => {
      const payload = content.open();
      if (!wanted(payload)) return false;
      out.push(Buffer.from(frame));
      taken.push({ payload: Buffer.from(payload), binary });
      return true;
    },
    pass: (bytes) => out.push(Buffer.from(bytes)),
  });
  for (const piece of pieces) walker.push(piece);
  return { all: Buffer.concat(out), taken };
}

/** Which frames may be taken when every frame arrives whole: data, final, and not between the pieces of a message. */
function takeable(frames: readonly WrittenFrame[]): readonly WrittenFrame[] {
  let inPieces = false;
  return frames.filter(({ opcode, fin, data }) => {
    const whole = !inPieces && fin && (opcode === 1 || opcode === 2);
    if (opcode < 8) inPieces = !fin;
    return whole && data.length <= 16_384;
  });
}

const frames = fc.array(written, { maxLength: 12 });
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 });
const runs = { numRuns: 2_000 };

describe('walking over frames', () => {
  test.prop([frames, fc.boolean()], runs)('takes every whole data frame, with its content', (sent, mask) => {
    const walked = walk(
      sent.map((frame) => wireOf(frame, mask)),
      mask,
      () => true,
    );
    const expected = takeable(sent);
    expect(walked.taken.map(({ binary }) => binary)).toEqual(expected.map(({ opcode }) => opcode === 2));
    for (const [index, { payload }] of walked.taken.entries())
      expect(payload.equals(expected[index]?.data ?? payload)).toBe(true);
  });

  test.prop([frames, fc.boolean(), cuts, fc.nat(3)], runs)(
    'loses, adds and reorders no byte in any cut, whatever is taken',
    (sent, mask, fractions, keep) => {
      const bytes = Buffer.concat(sent.map((frame) => wireOf(frame, mask)));
      const walked = walk(cut(bytes, fractions), mask, (payload) => payload.length % 4 <= keep);
      expect(walked.all.equals(bytes)).toBe(true);
      const possible = takeable(sent).map(({ data }) => data.toString('hex'));
      for (const { payload } of walked.taken) expect(possible).toContain(payload.toString('hex'));
    },
  );

  test.prop([frames, fc.boolean()], runs)('takes nothing from a peer with the wrong mask', (sent, mask) => {
    const pieces = sent.map((frame) => wireOf(frame, mask));
    const walked = walk(pieces, !mask, () => true);
    expect(walked.taken).toEqual([]);
    expect(walked.all.equals(Buffer.concat(pieces))).toBe(true);
  });

  test.prop([fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), fc.boolean()], runs)(
    'loses no byte of what is no frame at all',
    (pieces, masked) => {
      const buffers = pieces.map((piece) => Buffer.from(piece));
      expect(walk(buffers, masked, () => false).all.equals(Buffer.concat(buffers))).toBe(true);
    },
  );
});
