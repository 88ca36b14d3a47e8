import { expect, test } from 'vitest';
import { speechMulaw } from '../../../src/server/demo/speech.ts';

const frameBytes = 160;

/** ITU-T G.711 mu-law to linear, -32124 to 32124. */
function linear(code: number): number {
  const inverted = ~code & 0xff;
  const magnitude = (((inverted & 0x0f) << 3) + 0x84) << ((inverted >> 4) & 0x07);
  return inverted & 0x80 ? 0x84 - magnitude : magnitude - 0x84;
}

function loudness(frame: Buffer): number {
  return Math.sqrt(frame.reduce((sum, code) => sum + linear(code) ** 2, 0) / frame.length);
}

test('the recording is 8 to 10 seconds in whole 20 ms frames', () => {
  const speech = speechMulaw();
  expect(speech.length % frameBytes).toBe(0);
  expect(speech.length / 8000).toBeGreaterThan(8);
  expect(speech.length / 8000).toBeLessThan(10);
});

test('the recording is speech: loud and quiet frames, few of them alike', () => {
  const speech = speechMulaw();
  const frames = Array.from({ length: speech.length / frameBytes }, (_, at) =>
    speech.subarray(at * frameBytes, (at + 1) * frameBytes),
  );
  const loud = frames.filter((frame) => loudness(frame) > 1000).length;
  const quiet = frames.filter((frame) => loudness(frame) < 100).length;
  expect(loud).toBeGreaterThan(frames.length / 2);
  expect(quiet).toBeGreaterThan(5);
  expect(new Set(frames.map((frame) => frame.toString('base64'))).size).toBeGreaterThan(frames.length * 0.8);
});

test('a caller of speechMulaw cannot change what the next one hears', () => {
  speechMulaw().fill(0);
  expect(loudness(speechMulaw())).toBeGreaterThan(500);
});
