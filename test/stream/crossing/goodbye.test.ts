import { describe, expect, test } from 'vitest';
import { Goodbye } from '../../../src/stream/crossing/goodbye.ts';
import { bounds } from '../../../src/stream/limits.ts';

const { goodbyeMs, longestGoodbyeMs } = bounds;

describe('a goodbye', () => {
  test('that nobody said is never over', () => {
    expect(new Goodbye().isOver(true, longestGoodbyeMs * 2)).toBe(false);
  });

  test('is over once the caller has heard it, and at the latest after the longest time', () => {
    const goodbye = new Goodbye();
    goodbye.say('call_1', 100);
    expect(goodbye.isOver(true, 100 + goodbyeMs)).toBe(false);
    expect(goodbye.isOver(true, 101 + goodbyeMs)).toBe(true);
    expect(goodbye.isOver(false, 100 + longestGoodbyeMs)).toBe(false);
    expect(goodbye.isOver(false, 101 + longestGoodbyeMs)).toBe(true);
  });

  test('said again does not begin anew', () => {
    const goodbye = new Goodbye();
    goodbye.say('call_1', 0);
    goodbye.say('call_2', goodbyeMs);
    expect(goodbye.isOver(true, goodbyeMs + 1)).toBe(true);
    expect(goodbye.withdraw()?.id).toBe('call_1');
  });

  test('is withdrawn once, with an answer for the tool', () => {
    const goodbye = new Goodbye();
    expect(goodbye.withdraw()).toBeUndefined();
    goodbye.say('call_1', 0);
    expect(goodbye.withdraw()).toEqual({ id: 'call_1', output: expect.stringContaining('went on speaking') });
    expect([goodbye.isSaid, goodbye.withdraw(), goodbye.isOver(true, longestGoodbyeMs * 2)]).toEqual([
      false,
      undefined,
      false,
    ]);
  });
});
