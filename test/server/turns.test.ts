import { describe, expect, it, vi } from 'vitest';
import { Turns } from '../../src/server/turns.ts';

interface Seen {
  readonly one: number;
  readonly now: number;
}

function watched() {
  const seen: Seen[] = [];
  const stood: number[] = [];
  const turns = new Turns<number>({
    onTurn: (_, stoodMs) => stood.push(stoodMs),
    onEach: (one, now) => seen.push({ one, now }),
  });
  return { seen, stood, turns };
}

/** How often each of them is there. */
function counts(all: readonly number[]): number[] {
  return [...new Set(all)].map((one) => all.filter((each) => each === one).length);
}

describe('turns', () => {
  it('look at each call once a turn, and at no more than a tenth of them in one tick', async () => {
    const { seen, stood, turns } = watched();
    for (let one = 0; one < 25; one += 1) turns.add(one);
    turns.start();
    await vi.waitUntil(() => stood.length >= 4);
    turns.stop();
    expect(Math.max(...counts(seen.map(({ now }) => now)))).toBe(3);
    const times = counts(seen.map(({ one }) => one));
    expect(times).toHaveLength(25);
    // The last turn has begun, and may not be over.
    expect(Math.min(...times)).toBeGreaterThanOrEqual(stood.length - 1);
    expect(Math.max(...times)).toBeLessThanOrEqual(stood.length);
  });

  it('look at a few calls in one go', async () => {
    const { seen, stood, turns } = watched();
    for (let one = 0; one < 12; one += 1) turns.add(one);
    turns.start();
    await vi.waitUntil(() => stood.length >= 3);
    expect(Math.max(...counts(seen.map(({ now }) => now)))).toBe(12);
    for (let one = 12; one < 30; one += 1) turns.add(one);
    const before = seen.length;
    await vi.waitUntil(() => stood.length >= 6);
    turns.stop();
    // The turn in which they came was in one go, too.
    const last = seen.slice(before + 30).map(({ now }) => now);
    expect(Math.max(...counts(last))).toBe(3);
  });

  it('forget a call that is gone, and fill its place first', async () => {
    const { seen, stood, turns } = watched();
    for (let one = 0; one < 20; one += 1) turns.add(one);
    turns.delete(7);
    turns.add(20);
    turns.start();
    await vi.waitUntil(() => stood.length >= 2);
    turns.stop();
    expect(seen.map(({ one }) => one)).not.toContain(7);
    const together = seen.filter(({ now }) => now === seen.find(({ one }) => one === 20)?.now);
    expect(together.map(({ one }) => one)).toEqual([17, 20]);
  });

  it('say for how long the process has stood still', async () => {
    const { stood, turns } = watched();
    turns.start();
    await vi.waitUntil(() => stood.length >= 1);
    const until = performance.now() + 300;
    while (performance.now() < until);
    await vi.waitUntil(() => stood.length >= 2);
    turns.stop();
    // Less the turn in which a timer would have stood still anyway.
    expect(Math.max(...stood)).toBeGreaterThan(150);
  });
});
