import { hashWord, packFacts, topics } from '../../src/policy/phi/lexicon/name-lexicon.ts';
import type { Topic } from '../../src/policy/phi/lexicon/name-lexicon.ts';
import type { Frame, Lists } from './lists.ts';
import { createWriter } from './pack.ts';

/** Level of a rank: more common, higher. A rank past the last border has level 1. */
function level(rank: number, borders: readonly number[]): number {
  const place = borders.findIndex((border) => rank < border);
  return place < 0 ? 1 : borders.length + 1 - place;
}

const givenBorders = [80, 400, 1500];
const surnameBorders = [600, 4000, 15_000];
const wordBorders = [600, 2500, 6000, 14_000, 30_000];
/** Words written by hand in frames and slots count as at least this common: people say them. */
const spokenRank = 5999;

interface Facts {
  given: number;
  surname: number;
  word: number;
  topic: Topic;
}

export type WordFacts = ReadonlyMap<string, Readonly<Facts>>;

/** What the committed lexicon knows of each word. Frames of the test split are not read: their words stay unknown. */
export function collectFacts(lists: Lists, frames: readonly Frame[]): WordFacts {
  const facts = new Map<string, Facts>();
  const of = (word: string): Facts => {
    const known = facts.get(word) ?? { given: 0, surname: 0, word: 0, topic: 'none' };
    facts.set(word, known);
    return known;
  };
  const parts = (name: string): string[] => name.split(/[ -]/).filter((part) => part.length > 1);
  const addGiven = (name: string, known: number): void => {
    for (const part of parts(name)) of(part).given = Math.max(of(part).given, known);
  };
  const addSurname = (name: string, known: number): void => {
    for (const part of parts(name))
      if (!lists.slots.some((slot) => slot.name === 'particle' && slot.values.includes(part)))
        of(part).surname = Math.max(of(part).surname, known);
  };
  lists.given.forEach((name, rank) => addGiven(name, level(rank, givenBorders)));
  lists.surnames.forEach((name, rank) => addSurname(name, level(rank, surnameBorders)));
  for (const name of lists.moreGiven) addGiven(name, 1);
  for (const origin of lists.origins) {
    for (const name of origin.given) addGiven(name, 2);
    for (const name of origin.surnames) addSurname(name, 2);
  }
  for (const [word, rank] of lists.vocabulary) of(word).word = level(rank, wordBorders);
  const spoken = level(spokenRank, wordBorders);
  for (const slot of lists.slots) {
    for (const word of slot.values
      .flatMap((value) => value.replace(/\{\w+\}/g, '').split(/[ -]/))
      .filter((word) => word.length > 1)) {
      const known = of(word.replace(/'s$/, ''));
      if (slot.topic === 'none' || slot.values.includes(word))
        known.topic = known.topic === 'none' ? slot.topic : known.topic;
      // A city or a drug is no ordinary word: its topic says what it is.
      if (slot.topic === 'none' && slot.values.length > 0) known.word = Math.max(known.word, spoken);
    }
  }
  for (const city of lists.cities) {
    const known = of(city);
    if (!city.includes(' ') && known.topic === 'none') known.topic = 'city';
  }
  for (const frame of frames)
    for (const word of frameWords(frame.text)) of(word).word = Math.max(of(word).word, spoken);
  return facts;
}

/** The words of a frame as tokens know them: "i'm" whole, a final 's apart. */
export function frameWords(frame: string): string[] {
  const words =
    frame
      .replace(/\{\w+\}/g, ' ')
      .toLowerCase()
      .match(/[a-z]+(?:'[a-z]+)*/g) ?? [];
  return words.map((word) => word.replace(/'s$/, ''));
}

/** The lexicon as `createNameLexicon` reads it. */
export function packLexicon(facts: WordFacts): string {
  const byHash = new Map<number, number>();
  for (const [word, { given, surname, word: common, topic }] of facts)
    byHash.set(hashWord(word) >>> 0, packFacts(given, surname, common, topics[topic]));
  const hashes = [...byHash.keys()].sort((a, b) => a - b);
  const writer = createWriter();
  writer.add(hashes.length);
  let last = 0;
  for (const hash of hashes) {
    writer.add(hash - last);
    writer.add(byHash.get(hash) ?? 0);
    last = hash;
  }
  return writer.base64();
}
