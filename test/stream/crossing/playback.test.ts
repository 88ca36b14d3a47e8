import { describe, expect, test } from 'vitest';
import { Playback } from '../../../src/stream/crossing/playback.ts';
import { bounds } from '../../../src/stream/limits.ts';

const second = 8_000;

describe('what the caller has heard', () => {
  test('by the clock, as long as there is something to hear', () => {
    const playback = new Playback();
    playback.add('a', second, 1000);
    expect(playback.interrupt(1300)).toEqual([{ item: 'a', heardMs: 300 }]);
    expect(playback.isBusy(1300)).toBe(false);
  });

  test('by the marks, where they differ from the clock', () => {
    const playback = new Playback();
    playback.add('a', second / 2, 0);
    const mark = playback.mark() ?? '';
    playback.add('a', second / 2, 0);
    playback.reached(mark, 900);
    expect(playback.interrupt(1000)).toEqual([{ item: 'a', heardMs: 600 }]);
  });

  test('all that follows the item that was broken into is unheard', () => {
    const playback = new Playback();
    for (const item of ['a', 'b', 'c']) playback.add(item, second, 0);
    expect(playback.interrupt(1250)).toEqual([
      { item: 'b', heardMs: 250 },
      { item: 'c', heardMs: 0 },
    ]);
  });

  test('a silence between two pieces of one item is not heard as a part of it', () => {
    const playback = new Playback();
    playback.add('a', second, 0);
    playback.add('a', second, 5000);
    expect(playback.interrupt(5200)).toEqual([{ item: 'a', heardMs: 1200 }]);
  });

  test('a mark from before an interruption says nothing', () => {
    const playback = new Playback();
    playback.add('a', second, 0);
    const mark = playback.mark() ?? '';
    playback.interrupt(100);
    playback.add('b', second, 200);
    playback.reached(mark, 300);
    expect(playback.interrupt(400)).toEqual([{ item: 'b', heardMs: 200 }]);
  });

  test('is over when the last mark is back, not before', () => {
    const playback = new Playback();
    playback.add('a', second / 4, 0);
    const mark = playback.mark() ?? '';
    expect(playback.isBusy(5000)).toBe(true);
    playback.reached(mark, 5001);
    expect(playback.isBusy(5001)).toBe(false);
    expect(playback.mark()).toBeUndefined();
  });
});

test('marks and items are bounded, whatever the carrier does', () => {
  const playback = new Playback();
  const names = new Set<string>();
  for (let index = 0; index < 2 * bounds.marks; index += 1) {
    playback.add(`item_${index}`, second, 0);
    const name = playback.mark();
    if (name !== undefined) names.add(name);
  }
  expect(names.size).toBe(bounds.marks);
  expect(playback.interrupt(0).length).toBeLessThanOrEqual(bounds.unheardItems);
});
