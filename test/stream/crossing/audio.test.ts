import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { decodeMulaw, encodeMulaw } from '../../../src/stream/crossing/mulaw.ts';
import { Resampler } from '../../../src/stream/crossing/resample.ts';

const codes = Buffer.from(Array.from({ length: 256 }, (_, code) => code));

describe('mu-law', () => {
  test('every code is decoded as ITU-T G.711 has it, and comes back as itself', () => {
    const samples = decodeMulaw(codes);
    expect([0x00, 0x0f, 0x10, 0x7e, 0x7f, 0x80, 0x8f, 0xf0, 0xfe, 0xff].map((code) => samples[code])).toEqual([
      -32_124, -16_764, -15_996, -8, 0, 32_124, 16_764, 120, 8, 0,
    ]);
    const again = encodeMulaw(samples);
    // There are two zeros; the positive one is written.
    expect([...again].filter((code, index) => code !== index)).toEqual([0xff]);
  });

  test('a sample is off by half a step of its segment at most', () => {
    fc.assert(
      fc.property(fc.integer({ min: -32_768, max: 32_767 }), (sample) => {
        const [level = 0] = decodeMulaw(encodeMulaw(Int16Array.of(sample)));
        expect(Math.abs(level - sample)).toBeLessThanOrEqual((Math.abs(sample) + 132) / 32);
      }),
    );
  });
});

function tone(hz: number, rate: number, count: number): Int16Array {
  return Int16Array.from({ length: count }, (_, index) =>
    Math.round(10_000 * Math.sin((2 * Math.PI * hz * index) / rate)),
  );
}

/** Level of one frequency, in decibels below the tone above. */
function levelOf(samples: Int16Array, hz: number, rate: number): number {
  const settled = samples.subarray(400, samples.length - 400);
  let [real, imaginary, weight] = [0, 0, 0];
  for (const [index, sample] of settled.entries()) {
    const window = 0.5 - 0.5 * Math.cos((2 * Math.PI * index) / settled.length);
    real += window * sample * Math.cos((2 * Math.PI * hz * index) / rate);
    imaginary += window * sample * Math.sin((2 * Math.PI * hz * index) / rate);
    weight += window;
  }
  return 20 * Math.log10((2 * Math.hypot(real, imaginary)) / weight / 10_000);
}

describe.each([
  { from: 8_000, to: 16_000, taps: 36 },
  { from: 24_000, to: 8_000, taps: 108 },
])('from $from to $to samples a second', ({ from, to, taps }) => {
  test.each([300, 1_000, 2_400, 3_300])('the voice passes: %i Hz', (hz) => {
    expect(levelOf(new Resampler(from, to, taps).push(tone(hz, from, from)), hz, to)).toBeCloseTo(0, 0);
  });

  test('nothing is heard that was not there', () => {
    const [hz, ghost] = from < to ? [1_000, 7_000] : [5_000, 3_000];
    expect(levelOf(new Resampler(from, to, taps).push(tone(hz, from, from)), ghost, to)).toBeLessThan(-60);
  });

  test('pieces of any size make no seam', () => {
    const audio = tone(700, from, 3_000);
    const whole = new Resampler(from, to, taps).push(audio);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 20 }), (sizes) => {
        const resampler = new Resampler(from, to, taps);
        let at = 0;
        const pieces = [...sizes, audio.length].map((size) => {
          const piece = resampler.push(audio.subarray(at, at + size));
          at = Math.min(audio.length, at + size);
          return [...piece];
        });
        expect(pieces.flat()).toEqual([...whole]);
      }),
      { numRuns: 30 },
    );
    expect(whole).toHaveLength((audio.length * to) / from);
  });
});
