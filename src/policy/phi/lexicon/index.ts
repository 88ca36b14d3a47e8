import type { PhiKind } from '../kinds.ts';
import { bookWords, commonWords, properWords } from './common.ts';
import { conditions } from './conditions.ts';
import { cueWords } from './cues.ts';
import { Flag } from './flags.ts';
import { medications } from './medications.ts';
import { givenNames, surnames } from './people.ts';
import { Phrases } from './phrases.ts';
import { smallTownNames, townNames } from './towns.ts';
import { treatments } from './treatments.ts';
import * as words from './words.ts';
import { tokenize } from '../tokens.ts';
import type { Token } from '../tokens.ts';

/** Every word the engine knows, with its `Flag` bits, and the terms of several words. Built once at start. */
export interface Lexicon {
  readonly words: ReadonlyMap<string, number>;
  readonly towns: Phrases<true>;
  /** Their first words have no flag: half of them are surnames too, and only a place of a town tells. */
  readonly smallTowns: Phrases<true>;
  readonly health: Phrases<PhiKind>;
}

function split(list: string): string[] {
  return list.split(/\s+/).filter((word) => word !== '');
}

/** Names of towns that are rather something else, unless their state follows. */
export const noTowns = new Set(
  split(`of the bend best central mobile reading surprise orange nice bath as university male date van imus cut_off many opportunity
security enterprise commerce normal media progress hope defiance industry price sandy day why eighty_four`),
);

export function buildLexicon(): Lexicon {
  const lexicon = new Map<string, number>();
  const add = (list: Iterable<string>, flag: number): void => {
    for (const word of list) lexicon.set(word, (lexicon.get(word) ?? 0) | flag);
  };
  add(split(givenNames), Flag.given);
  add(split(surnames), Flag.surname);
  add(split(commonWords), Flag.common);
  add(split(bookWords), Flag.common | Flag.book);
  add(split(properWords), Flag.proper);
  add(split(words.clinicWords), Flag.common);
  add(split(words.grammar), Flag.common | Flag.grammar);
  add(Object.keys(words.digitWords), Flag.digit | Flag.common);
  add(Object.keys(words.teenWords), Flag.teen | Flag.common);
  add(Object.keys(words.tensWords), Flag.tens | Flag.common);
  add(Object.keys(words.repeatWords), Flag.repeat | Flag.common);
  add(Object.keys(words.ordinalWords), Flag.ordinal | Flag.common);
  add(Object.keys(words.months), Flag.month);
  add(Object.keys(words.alphabetWords), Flag.alphabet);
  add(['hundred', 'thousand'], Flag.scale | Flag.common);
  add(split(words.weekdays), Flag.weekday | Flag.common);
  add(split(words.fillers), Flag.filler | Flag.common);
  add(split(words.joiners), Flag.joiner | Flag.common);
  add(split(words.units), Flag.unit | Flag.common);
  add(split(words.streets), Flag.street);
  add(split(words.titles), Flag.title);
  add(split(words.relations), Flag.relation | Flag.common);
  add(split(words.states), Flag.state);
  add(cueWords.keys(), Flag.cue | Flag.common);
  add('abcdefghijklmnopqrstuvwxyz', Flag.letter);
  return { words: lexicon, towns: townPhrases(add), smallTowns: phrasesOf(smallTownNames), health: healthTerms(add) };
}

function townPhrases(add: (list: Iterable<string>, flag: number) => void): Phrases<true> {
  const towns = phrasesOf(townNames);
  add(towns.firstWords(), Flag.town);
  return towns;
}

function phrasesOf(names: string): Phrases<true> {
  const towns = new Phrases<true>();
  for (const town of split(names)) {
    if (noTowns.has(town)) continue;
    const bare = town.replace(/^the_/, '');
    towns.add(bare.replaceAll('_', ' '), true);
  }
  return towns;
}

/** A term is found in the plural too; "retin-a" and "crohn's" as the tokens they are cut into. */
function healthTerms(add: (list: Iterable<string>, flag: number) => void): Phrases<PhiKind> {
  const terms = new Phrases<PhiKind>();
  const lists: readonly (readonly [PhiKind, string])[] = [
    ['TREATMENT', treatments],
    ['MEDICATION', medications],
    ['CONDITION', conditions],
  ];
  for (const [kind, list] of lists) {
    for (const term of list.split(',').map((each) => each.replace(/\s+/g, ' ').trim())) {
      const written = tokenize(term)
        .map(({ lower }) => lower)
        .filter((word) => word !== '-')
        .join(' ');
      terms.add(written, kind);
      if (/[a-rt-z]$/.test(written) && written.length > 3) terms.add(`${written}s`, kind);
    }
  }
  add(terms.firstWords(), Flag.health);
  return terms;
}

/** "johns office": recognisers of speech leave the apostrophe out. */
function nameOfPossessive(word: string, lexicon: Lexicon): number {
  if (word.length < 4 || !word.endsWith('s')) return 0;
  const stem = lexicon.words.get(word.slice(0, -1)) ?? 0;
  return (stem & Flag.given) === 0 ? stem & Flag.surname : stem & (Flag.given | Flag.surname | Flag.proper);
}

const foreignCapital = /^\p{Lu}/u;

function startsWithCapital(text: string): boolean {
  const code = text.charCodeAt(0);
  return code < 128 ? code >= 65 && code <= 90 : foreignCapital.test(text);
}

/** What a token can be. */
export function flagsOf(token: Token, lexicon: Lexicon): number {
  if (token.kind === 'number') return Flag.number;
  if (token.kind === 'punct') return Flag.punct;
  const listed = lexicon.words.get(token.lower);
  const rare = listed === undefined || (listed & Flag.book) !== 0;
  let bits = Flag.word | (listed ?? 0) | (rare ? nameOfPossessive(token.lower, lexicon) : 0);
  if (startsWithCapital(token.text)) {
    bits |= Flag.capital;
    if (token.text.length > 1 && token.text === token.text.toUpperCase()) bits |= Flag.capitals;
  }
  return bits;
}

/** The flags of tokens from `from` on beside those before them, in the same array while it has room. */
export function withFlags(flags: Int32Array, tokens: readonly Token[], from: number, lexicon: Lexicon): Int32Array {
  let all = flags;
  if (all.length < tokens.length) {
    // A whole text comes at once; one that grows is given room.
    all = new Int32Array(from === 0 ? tokens.length : tokens.length * 2);
    all.set(flags);
  }
  for (let at = from; at < tokens.length; at += 1) {
    const token = tokens[at];
    if (token !== undefined) all[at] = flagsOf(token, lexicon);
  }
  return all;
}
