import { kinds } from './kinds.ts';
import type { PhiKind } from './kinds.ts';
import { cueWords } from './lexicon/cues.ts';
import type { Cue } from './lexicon/cues.ts';
import type { Span } from './recognizer.ts';
import type { Token } from './tokens.ts';

/** What a turn asks for. It is read off words alone: a statement that sounds like a question only lowers a bar. */

const nameQuestions = new Set([
  'name',
  'names',
  'surname',
  'spell',
  'spelled',
  'spelling',
  'spelt',
  'who',
  "who's",
  'whom',
  'whose',
  'called',
  'initial',
  'initials',
  'pronounce',
  'pronounced',
  'under',
]);
/** Words that ask for a value only with "number" after them, or as "and the group": "in case" is no case number. */
const weakCues = new Set(
  'case order ticket statement plan group file medical tag tags lot model machine sensor monitor patient referral'.split(
    ' ',
  ),
);
const numberFallback: readonly PhiKind[] = ['PHONE', 'MRN', 'ACCOUNT', 'MEMBER'];

/** "is that five five six", "so it's lucia, correct": who reads a value back asks for it again. */
export function readBackKinds(tokens: readonly Token[], spans: readonly Span[]): PhiKind[] {
  if (!tokens.some(({ lower }) => readBackWords.has(lower))) return [];
  return [...new Set(spans.map(({ kind }) => kind))].filter((kind) => kinds[kind].group === 'identifier');
}

const readBackWords = new Set(['is', "'s", 'was', 'right', 'correct', 'so', 'say', 'said', 'have', '?']);

/** A caller who names a kind ("use the card on file") has not asked for it; one who says "what's your fax" has. */
export function asks(tokens: readonly Token[]): boolean {
  return tokens.some(({ lower }) => lower === 'your' || lower === 'who' || lower === 'whose');
}

const ownDates = new Set([
  'birthdays',
  'birthdates',
  'dobs',
  'birthday',
  'birthdate',
  'dob',
  'birth',
  'born',
  'bday',
  'dated',
]);
const afterDate = new Set(['of', 'was', 'did']);

/** "when was your last visit", "when did it start". */
const pastTense = new Set(['was', 'were', 'did', 'had']);

/** A birthday, a due date, the "date of injury": somebody's own, not a free one that is looked for. */
export function asksBirth(tokens: readonly Token[]): boolean {
  return tokens.some(({ lower }, index) => {
    if (lower === 'due') return isMothersDue(tokens, index);
    if (lower === 'when') return pastTense.has(tokens[index + 1]?.lower ?? '');
    return ownDates.has(lower) || (lower === 'date' && afterDate.has(tokens[index + 1]?.lower ?? ''));
  });
}

/** "your due date", "when are you due"; a bill that is due is no date of a person. */
function isMothersDue(tokens: readonly Token[], index: number): boolean {
  return tokens[index + 1]?.lower === 'date' || ['you', 'she', 'baby'].includes(tokens[index - 1]?.lower ?? '');
}

/** "what time is best": the answer is no value, whatever was asked before. */
export function asksTime(tokens: readonly Token[]): boolean {
  return tokens.some(({ lower }, index) => lower === 'what' && tokens[index + 1]?.lower === 'time');
}

const dateQuestions = new Set([
  'birthdays',
  'birthdates',
  'dobs',
  'dated',
  'when',
  "when's",
  'day',
  'date',
  'dates',
  'month',
  'year',
]);

/** Words that ask for a part of an address, or for what stands on a card. */
const placeQuestions = new Set([
  'city',
  'town',
  'county',
  'ship',
  'where',
  'intersection',
  'reservation',
  'neighborhood',
  'village',
  'parish',
  'township',
  'borough',
]);
const partsOfName = new Set(['first', 'last', 'middle', 'maiden', 'family']);

function isNumberNext(tokens: readonly Token[], index: number): boolean {
  return tokens.slice(index + 1, index + 3).some(({ lower }) => cueWords.get(lower) === 'NUMBER');
}

/** The kinds that a turn asks for, the last asked first. */
export function questionKinds(tokens: readonly Token[]): PhiKind[] {
  const found: PhiKind[] = [];
  const add = (kind: PhiKind): void => {
    if (!found.includes(kind)) found.unshift(kind);
  };
  let number = false;
  let id = false;
  for (let index = 0; index < tokens.length; index += 1) {
    const lower = tokens[index]?.lower ?? '';
    if (!asking.has(lower)) continue;
    const cue: Cue | undefined = cueWords.get(lower);
    if (asksHandle(tokens, index)) add('URL');
    else if (nameQuestions.has(lower) || (partsOfName.has(lower) && isLastWord(tokens, index))) add('NAME');
    else if (lower === 'with' && tokens[index + 2]?.lower.length === 1) add('NAME');
    else if (lower === 'old' || lower === 'age') add('AGE');
    else if (lower === 'security' && tokens[index + 1]?.lower === 'code') add('CARD');
    else if (placeQuestions.has(lower) || numbersHouse(tokens, index)) add('ADDRESS');
    else if (lower === 'address' && mailWords.has(tokens[index - 1]?.lower ?? '')) add('EMAIL');
    else if (dateQuestions.has(lower) && !found.includes('CARD')) add('DATE');
    else if (lower === 'id' || lower === 'identification') id = true;
    else if ((cue === 'NUMBER' && tokens[index + 1]?.lower !== 'name') || countsDigits(tokens, index)) number = true;
    else if (
      cue !== undefined &&
      cue !== 'NONE' &&
      cue !== 'NUMBER' &&
      (!weakCues.has(lower) || isNumberNext(tokens, index) || (tokens[0]?.lower === 'and' && isLastWord(tokens, index)))
    )
      add(cue);
  }
  if (id && !found.some((kind) => kind !== 'NAME')) found.unshift('MEMBER', 'LICENSE');
  if (number && tokens.some(({ lower }) => lower === 'back')) add('CARD');
  if (number && !found.some((kind) => kind !== 'NAME')) found.push(...numberFallback);
  return found;
}

const mailWords = new Set(['email', 'e-mail']);
const accounts = new Set(['handle', 'username', 'login', 'userid']);
const platforms = new Set(['website', 'instagram', 'insta', 'tiktok', 'snapchat', 'twitter', 'youtube']);

/** "what's your handle", "your instagram": the name of an account. */
function asksHandle(tokens: readonly Token[], index: number): boolean {
  const word = tokens[index]?.lower ?? '';
  if (word === 'tag') return tokens[index + 1]?.lower === 'you';
  if (word === 'name') return ['user', 'screen'].includes(tokens[index - 1]?.lower ?? '');
  return accounts.has(word) || (platforms.has(word) && tokens[index - 1]?.lower === 'your');
}

const numberedHouses = new Set(['house', 'unit', 'room', 'slip', 'lot', 'space', 'box', 'building', 'apartment']);
const whose = new Set(['your', 'her', 'his', 'their', 'which', 'the']);

/** "the house number", "which unit number", "what's the room or phone"; the practice has rooms of its own. */
function numbersHouse(tokens: readonly Token[], index: number): boolean {
  const word = tokens[index]?.lower ?? '';
  if (numberedHouses.has(word) && tokens[index + 1]?.lower === 'number') return true;
  if (!lodgings.has(word) || !whose.has(tokens[index - 1]?.lower ?? '')) return false;
  const own = tokens[index - 1]?.lower;
  const lead = tokens[index - 2]?.lower ?? '';
  return (
    own === 'which' || ["what's", 'whats', 'is', "'s", 'and', 'have', 'or', own === 'the' ? '-' : ''].includes(lead)
  );
}

/** "which dorm", "what's her room". */
const lodgings = new Set(['room', 'dorm', 'building', 'barracks', 'slip', 'lot', 'facility']);

const partsOfNumber = new Set(['first', 'next', 'middle']);
const counts = new Set(['two', 'three', 'four', '2', '3', '4']);

/** "the first three", "the next four". */
function countsDigits(tokens: readonly Token[], index: number): boolean {
  return partsOfNumber.has(tokens[index]?.lower ?? '') && counts.has(tokens[index + 1]?.lower ?? '');
}

function isLastWord(tokens: readonly Token[], index: number): boolean {
  return tokens.slice(index + 1).every(({ kind }) => kind === 'punct');
}

/** Every word by which a question can be told: most words are none, and are passed over. */
const asking = new Set([
  ...nameQuestions,
  ...partsOfName,
  ...placeQuestions,
  ...dateQuestions,
  ...platforms,
  ...partsOfNumber,
  ...cueWords.keys(),
  ...numberedHouses,
  ...lodgings,
  ...'with old age security address tag handle username login userid id identification'.split(' '),
]);
