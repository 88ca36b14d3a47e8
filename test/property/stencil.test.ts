/** A prover that remembers the frames of its stream says the same of every frame as one that has seen none. */
import { fc, test } from '@fast-check/vitest';
import { describe, expect } from 'vitest';
import { ShapeProver } from '../../src/stream/peek.ts';
import { Way } from '../../src/stream/protocol.ts';
import { base64, compileShape, literal } from '../../src/stream/shape.ts';
import { contentOf } from '../stream/content.ts';
import { audioShape, sid } from '../stream/audio-shape.ts';

const bare = compileShape({ type: literal('audio'), audio: base64 });

function prover(): ShapeProver {
  const made = new ShapeProver(
    { [Way.toVendor]: [audioShape, bare], [Way.toCaller]: [bare] },
    { [Way.toVendor]: false, [Way.toCaller]: true },
  );
  made.bind(sid);
  return made;
}

const figure = fc.oneof(fc.nat(9), fc.nat(99), fc.nat(999_999_999)).map(String);
const payload = fc.uint8Array({ minLength: 1, maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('base64'));

interface Values {
  readonly figures: readonly string[];
  readonly payload: string;
}
const values: fc.Arbitrary<Values> = fc.record({
  figures: fc.array(figure, { minLength: 4, maxLength: 4 }),
  payload: fc.oneof(payload, fc.constantFrom('AAAA', 'AA==', 'A', 'AAA?', 'jane', '====')),
});

/** How one side writes its frames: which fields, in which order, with which white space. */
interface Style {
  readonly names: readonly string[];
  readonly space: string;
  readonly bare: boolean;
}
const style: fc.Arbitrary<Style> = fc.record({
  names: fc.shuffledSubarray(['event', 'sequenceNumber', 'streamSid', 'media', 'item', 'index', 'done'], {
    minLength: 3,
  }),
  space: fc.constantFrom('', ' ', '\n\t'),
  bare: fc.boolean(),
});

function frameOf(written: Style, { figures: [first, second, third, fraction], payload: audio }: Values): Buffer {
  const { space } = written;
  const fields: Readonly<Record<string, string>> = {
    event: '"media"',
    sequenceNumber: `"${first}"`,
    streamSid: `"${sid}"`,
    media: `{"track":"inbound",${space}"chunk":"${second}","timestamp":"${third}","payload":"${audio}"}`,
    item: '"item_A1"',
    index: `${third}.${fraction}`,
    done: 'false',
  };
  if (written.bare) return Buffer.from(`{${space}"type":"audio","audio":"${audio}"${space}}`);
  return Buffer.from(`{${written.names.map((name) => `"${name}":${space}${fields[name]}`).join(`,${space}`)}}`);
}

/** Bytes of a frame that are overwritten. */
const damage = fc.array(
  fc.tuple(fc.nat(400), fc.oneof(fc.nat(255), fc.constantFrom(0x22, 0x2e, 0x30, 0x39, 0x3a, 0x3d))),
  {
    maxLength: 3,
  },
);

function damaged(frame: Buffer, changes: readonly (readonly [number, number])[]): Buffer {
  const copy = Buffer.from(frame);
  for (const [at, byte] of changes) if (at < copy.length) copy[at] = byte;
  return copy;
}

const way = fc.constantFrom(Way.toVendor, Way.toCaller);
const mask = fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined });
const frames = fc.array(fc.record({ values, damage, mask, before: fc.constantFrom(2, 4, 13), after: fc.nat(1) }), {
  minLength: 2,
  maxLength: 12,
});

describe('a stencil', () => {
  test.prop([style, way, frames], { numRuns: 4_000 })('changes no verdict', (written, direction, sent) => {
    const remembering = prover();
    for (const one of sent) {
      const data = damaged(frameOf(written, one.values), one.damage);
      const key = one.mask && Buffer.from(one.mask);
      const fresh = prover();
      const expected = fresh.proves(direction, data, false);
      const content = contentOf(data, key, one.before, one.after);
      expect(remembering.provesFrame(direction, content, false)).toBe(expected);
      if (expected) expect(remembering.sequence).toBe(fresh.sequence);
      expect(content.open().equals(data)).toBe(true);
    }
  });

  const orders = [
    ['event', 'sequenceNumber', 'media', 'streamSid'],
    ['media', 'streamSid', 'event', 'index', 'item', 'done'],
  ];
  test.each(orders)('finds every byte that could be changed in the next frame (%s first)', (...names) => {
    const said = { figures: ['17', '4', '99', '250'], payload: Buffer.from('mu-law').toString('base64') };
    const frame = frameOf({ names, space: '', bare: false }, said);
    const fresh = prover();
    const different: string[] = [];
    for (let at = 0; at < frame.length; at += 1) {
      const remembering = prover();
      expect(remembering.provesFrame(Way.toVendor, contentOf(frame), false)).toBe(true);
      for (let byte = 0; byte < 256; byte += 1) {
        const next = damaged(frame, [[at, byte]]);
        const proven = remembering.provesFrame(Way.toVendor, contentOf(next, Buffer.from([1, 2, 3, 4])), false);
        if (proven !== fresh.proves(Way.toVendor, next, false)) different.push(`${byte} at ${at}`);
      }
    }
    expect(different).toEqual([]);
  });
});
