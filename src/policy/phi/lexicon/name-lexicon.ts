import { nameEntries } from './name-data.ts';

/**
 * What is known of a word by itself, packed in 16 bits: how common it is as a given name (3 bits), as a surname (3) and
 * as an ordinary word (3), and its topic (4). A level of 0 is unknown, a higher one more common. One hit never decides:
 * a third of the commonest spoken words are also surnames.
 */
export const givenLevel = (facts: number): number => facts & 7;
export const surnameLevel = (facts: number): number => (facts >>> 3) & 7;
export const wordLevel = (facts: number): number => (facts >>> 6) & 7;
export const topicOf = (facts: number): number => (facts >>> 9) & 15;

export function packFacts(given: number, surname: number, word: number, topic: number): number {
  return given | (surname << 3) | (word << 6) | (topic << 9);
}

/** What a word is about, where the trainer's lists know it. The numbers are part of the trained data. */
export const topics = {
  none: 0,
  city: 1,
  region: 2,
  health: 3,
  brand: 4,
  food: 5,
  calendar: 6,
  kin: 7,
  title: 8,
  role: 9,
  number: 10,
  people: 11,
  alphabet: 12,
  filler: 13,
  particle: 14,
} as const;

export type Topic = keyof typeof topics;

/** A 32-bit hash of a folded word (FNV-1a with a final mix). 0 is never returned: it marks an empty slot. */
export function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < word.length; at += 1) hash = Math.imul(hash ^ word.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= hash >>> 13;
  return hash === 0 ? 1 : hash;
}

/** The bytes of base64 text without line breaks; global `atob` knows no Node module. */
export function decodeBase64(text: string): Uint8Array {
  const binary = atob(text);
  const bytes = new Uint8Array(binary.length);
  for (let at = 0; at < binary.length; at += 1) bytes[at] = binary.charCodeAt(at);
  return bytes;
}

/** Reads unsigned LEB128 numbers one after the other. */
export function createReader(bytes: Uint8Array): { next(): number; readonly done: boolean } {
  let at = 0;
  return {
    get done(): boolean {
      return at >= bytes.length;
    },
    next(): number {
      let value = 0;
      for (let factor = 1; ; factor *= 128) {
        const byte = bytes[at] ?? 0;
        at += 1;
        // Not `|`: gaps between hashes need 32 unsigned bits.
        value += (byte & 127) * factor;
        if (byte < 128) return value;
      }
    },
  };
}

export interface NameLexicon {
  /** Packed facts of a word by its hash; 0 for a word in no list. */
  facts(hash: number): number;
}

/** The committed lists hold hashes, not words: sorted, as gaps, each followed by its facts. About 5 ms. */
export function createNameLexicon(entries: string = nameEntries): NameLexicon {
  const reader = createReader(decodeBase64(entries));
  const size = reader.next();
  const capacity = 2 ** Math.ceil(Math.log2(size * 2));
  const mask = capacity - 1;
  const hashes = new Int32Array(capacity);
  const facts = new Uint16Array(capacity);
  let hash = 0;
  for (let entry = 0; entry < size; entry += 1) {
    hash += reader.next();
    const key = hash | 0;
    let slot = key & mask;
    while (hashes[slot] !== 0) slot = (slot + 1) & mask;
    hashes[slot] = key;
    facts[slot] = reader.next();
  }
  return {
    facts(key: number): number {
      for (let slot = key & mask; ; slot = (slot + 1) & mask) {
        const found = hashes[slot];
        if (found === key) return facts[slot] ?? 0;
        if (found === 0) return 0;
      }
    },
  };
}
