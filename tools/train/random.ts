/** A seeded source of chance (mulberry32): the same seed gives the same sentences, weights and bytes. */
export interface Random {
  /** 0 <= x < 1 */
  next(): number;
  below(count: number): number;
  chance(probability: number): boolean;
  pick<T>(values: readonly T[]): T;
}

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let hash = Math.imul(state ^ (state >>> 15), state | 1);
    hash ^= hash + Math.imul(hash ^ (hash >>> 7), hash | 61);
    return ((hash ^ (hash >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    below: (count) => Math.floor(next() * count),
    chance: (probability) => next() < probability,
    pick<T>(values: readonly T[]): T {
      const value = values[Math.floor(next() * values.length)];
      if (value === undefined) throw new RangeError('pick: the list is empty');
      return value;
    },
  };
}

/** Which part of the data a frame or a name belongs to; by hash, so that adding a line moves no other. */
export const splits = ['train', 'dev', 'test'] as const;
export type Split = (typeof splits)[number];

export function splitOf(text: string, held: number): Split {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x735a2d97);
  const place = ((hash ^ (hash >>> 14)) >>> 0) / 4_294_967_296;
  if (place < held) return 'test';
  return place < held * 2 ? 'dev' : 'train';
}
