import { plain } from './grammar.ts';
import type { Slots, Style } from './grammar.ts';
import type { Lists } from './lists.ts';
import type { Random } from './random.ts';

/** The commonest words, of which every second one of a sentence without order is. */
const commonest = 250;
/** Share of the words that come from the whole vocabulary rather than from the list of their part of speech. */
const fromVocabulary = { noun: 0.45, other: 0.25 };

/** Ordinary words: any that fits, so that no place in a sentence makes a word a name by itself. */
export function createWordSlots(lists: Lists, slot: (name: string) => string, random: Random): Slots {
  const vocabulary = [...lists.vocabulary.keys()].filter((word) => word.length > 1 && !isRatherName(word, lists));
  const [frequent, others] = [vocabulary.slice(0, commonest), vocabulary.slice(commonest)];

  const word = (part: 'noun' | 'verb' | 'adjective' | 'adverb'): string =>
    random.chance(part === 'noun' ? fromVocabulary.noun : fromVocabulary.other) ? random.pick(others) : slot(part);
  /** A word nobody has heard: the beginning of one and the end of another. */
  const invented = (): string => {
    const [a, b] = [random.pick(others), random.pick(others)];
    return a.slice(0, 2 + random.below(4)) + b.slice(Math.max(1, b.length - 2 - random.below(4)));
  };
  /** Words in no order: English as no frame has it. */
  const salad = (): string =>
    Array.from({ length: 3 + random.below(8) }, () => random.pick(random.chance(0.55) ? frequent : others)).join(' ');
  const acronym = (spoken: string, style: Style): string => {
    const kind = random.next();
    if (style === 'spoken') return spoken;
    if (kind < 0.4) return spoken.toUpperCase();
    return kind < 0.8 ? spoken.toUpperCase().replace(/ /g, '') : `${spoken.toUpperCase().replace(/ /g, '.')}.`;
  };
  return {
    noun: () => [plain(random.chance(0.04) ? invented() : word('noun'))],
    verb: () => [plain(word('verb'))],
    adjective: () => [plain(word('adjective'))],
    adverb: () => [plain(word('adverb'))],
    invented: () => [plain(invented())],
    salad: () => [plain(salad())],
    acronym: (style) => [plain(acronym(slot('acronym'), style))],
    city: () => [plain(random.chance(0.35) ? slot('citywide') : random.pick(lists.cities), true)],
  };
}

/** Is this dictionary word rather a name, so that it must not stand for any ordinary word? */
function isRatherName(word: string, lists: Lists): boolean {
  const rank = lists.vocabulary.get(word) ?? 0;
  const given = lists.givenRank.get(word) ?? Infinity;
  const surname = lists.surnameRank.get(word) ?? Infinity;
  return given < 900 || (surname < 1500 && rank > 2500);
}
