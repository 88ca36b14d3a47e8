/**
 * A phrase as it is written in the lists beside this file: words in their order, each
 *
 *     word          itself                      a|b|in_crisis   one of several, `_` joins words of one
 *     $name         one of a set of the list    word?  a|b?     may be missing
 *     a|b*          up to three of them         ..   ...        up to two, up to six words of any kind
 *     ^             (first) the utterance begins here            >   (last, or one of the last) the utterance has ended here
 */
interface Step {
  /** What may stand here, by its first word: the words that must follow it, the longest first. Undefined: any word. */
  readonly options: ReadonlyMap<string, readonly (readonly string[])[]> | undefined;
  readonly least: 0 | 1;
  readonly most: number;
}

interface Phrase {
  readonly atStart: boolean;
  readonly atEnd: boolean;
  readonly steps: readonly Step[];
  /** The words with which it can begin; it has to begin with one. */
  readonly first: ReadonlySet<string>;
  /** Words of which it has to hold one: those that stand least often where it does not. */
  readonly key: readonly string[];
}

/** A stretch of words, `end` exclusive. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

/** What is searched: the words, where the utterance in hand begins among them, and whether it has ended. */
export interface Heard {
  readonly words: readonly string[];
  readonly from: number;
  readonly ended: boolean;
}

const gaps: Readonly<Record<string, number>> = { '..': 2, '...': 6 };

/** Words of half of all utterances: that one stands in it says least about a phrase. */
const everywhere: ReadonlySet<string> = new Set(
  'i you it the a an my me we they he she this that to of in on at for with from and or so but if is am are was be been do did have has had will would can could not no what how when about like know want need get go going just now here there your our'.split(
    ' ',
  ),
);

/**
 * Phrases by the words without which they cannot stand: an utterance costs two look-ups a word, and few phrases are
 * compared with it. What most utterances pass over lies close together, as it is seldom in the processor's cache.
 */
export class Phrases {
  private readonly phrases: readonly Phrase[];
  /** Places in `phrases`. */
  private readonly byFirst = new Map<string, number[]>();
  private readonly byKey = new Map<string, number[]>();
  /** By phrase: the round in which one of its keys was last heard. */
  private readonly marks: Uint32Array;
  private round = 0;

  /** One phrase a line; a line that begins with # is a remark. `sets` are lists of words and `_` phrases by name, without the `$`. */
  constructor(lines: string, sets: Readonly<Record<string, string>> = {}) {
    const written = lines.split('\n').filter((line) => !/^\s*(?:#|$)/u.test(line));
    this.phrases = written.flatMap((line) => endingsOf(line.trim())).map((line) => parse(line, sets));
    this.marks = new Uint32Array(this.phrases.length);
    for (const [place, { first, key }] of this.phrases.entries()) {
      for (const word of first) push(this.byFirst, word, place);
      for (const word of key) push(this.byKey, word, place);
    }
  }

  /** Every place where a phrase stands. One that may end an utterance counts only when it has ended. */
  find(heard: Heard): readonly Stretch[] {
    const found: Stretch[] = [];
    if (!this.mark(heard.words)) return found;
    for (let start = 0; start < heard.words.length; start += 1) {
      for (const place of this.byFirst.get(heard.words[start] ?? '') ?? nowhere) {
        const phrase = this.marks[place] === this.round ? this.phrases[place] : undefined;
        const end = phrase === undefined ? -1 : endOf(phrase, heard, start);
        if (end >= 0) found.push({ start, end });
      }
    }
    return found;
  }

  /** Marks the phrases that have a key among these words: no other can stand in them. False where there is none. */
  private mark(words: readonly string[]): boolean {
    let marked = false;
    this.round = (this.round + 1) >>> 0;
    for (const word of words) {
      for (const place of this.byKey.get(word) ?? nowhere) {
        this.marks[place] = this.round;
        marked = true;
      }
    }
    return marked;
  }
}

function push(places: Map<string, number[]>, word: string, place: number): void {
  const before = places.get(word);
  if (before === undefined) places.set(word, [place]);
  else before.push(place);
}

const nowhere: readonly number[] = [];
const noRests: readonly (readonly string[])[] = [];

/** `forever|>` is the word, or the end. */
function endingsOf(line: string): readonly string[] {
  const [, before = '', last = ''] = /^(.*\s)(\S+)$/u.exec(line) ?? [];
  const options = last.split('|');
  if (options.length === 1 || !options.includes('>')) return [line];
  return [`${before}>`, before + options.filter((option) => option !== '>').join('|')];
}

function parse(line: string, sets: Readonly<Record<string, string>>): Phrase {
  const parts = line.split(/\s+/u);
  const atStart = parts[0] === '^';
  const atEnd = parts.at(-1) === '>';
  const steps = parts.slice(atStart ? 1 : 0, atEnd ? -1 : undefined).map((part) => stepOf(part, sets, line));
  return { atStart, atEnd, steps, first: firstWords(steps, line), key: keyOf(steps) };
}

function stepOf(part: string, sets: Readonly<Record<string, string>>, line: string): Step {
  const gap = gaps[part];
  if (gap !== undefined) return { options: undefined, least: 0, most: gap };
  const sign = /[?*]$/u.exec(part)?.[0];
  const names = (sign === undefined ? part : part.slice(0, -1)).split('|');
  const options = new Map<string, string[][]>();
  for (const option of names.flatMap((name) => optionsOf(name, sets, line))) {
    const [first = '', ...rest] = option.split('_');
    // The longest first: "live" must not keep "live agent" from being read.
    options.set(
      first,
      [...(options.get(first) ?? []), rest].sort((one, other) => other.length - one.length),
    );
  }
  return { options, least: sign === undefined ? 1 : 0, most: sign === '*' ? 3 : 1 };
}

function optionsOf(name: string, sets: Readonly<Record<string, string>>, line: string): string[] {
  if (!name.startsWith('$')) return [name];
  const set = sets[name.slice(1)];
  if (set === undefined) throw new Error(`No set ${name} for the phrase "${line}"`);
  return set.split(/\s+/u).flatMap((member) => optionsOf(member, sets, line));
}

function firstWords(steps: readonly Step[], line: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { options, least } of steps) {
    if (options === undefined) throw new Error(`The phrase "${line}" begins with a gap`);
    for (const word of options.keys()) words.add(word);
    if (least === 1) return words;
  }
  throw new Error(`The phrase "${line}" may be empty`);
}

/** The words of the rarest step that may not be missing; every phrase has one. */
function keyOf(steps: readonly Step[]): readonly string[] {
  const needed = steps.flatMap(({ options, least }) =>
    options === undefined || least === 0 ? [] : [[...options.keys()]],
  );
  return needed.reduce((rarest, words) => (frequency(words) < frequency(rarest) ? words : rarest));
}

/** How often one of these words stands somewhere, roughly: an everyday one as often as a hundred others. */
function frequency(words: readonly string[]): number {
  return words.reduce((sum, word) => sum + (everywhere.has(word) ? 100 : 1), 0);
}

/** Where the phrase ends that begins at `start`; -1 where it does not stand there. */
function endOf(phrase: Phrase, heard: Heard, start: number): number {
  if (phrase.atStart && start !== heard.from) return -1;
  return walk(phrase, heard, 0, 0, start);
}

function walk(phrase: Phrase, heard: Heard, index: number, taken: number, at: number): number {
  const step = phrase.steps[index];
  if (step === undefined) return !phrase.atEnd || (heard.ended && at === heard.words.length) ? at : -1;
  const end = taken < step.most ? take(step, phrase, heard, index, taken, at) : -1;
  if (end >= 0 || taken < step.least) return end;
  return walk(phrase, heard, index + 1, 0, at);
}

/** The word at `at`, and those that belong to it, as one of the step; then the rest of the phrase. */
function take(step: Step, phrase: Phrase, heard: Heard, index: number, taken: number, at: number): number {
  const word = heard.words[at];
  if (word === undefined) return -1;
  if (step.options === undefined) return walk(phrase, heard, index, taken + 1, at + 1);
  for (const rest of step.options.get(word) ?? noRests) {
    if (!follows(rest, heard.words, at + 1)) continue;
    const end = walk(phrase, heard, index, taken + 1, at + 1 + rest.length);
    if (end >= 0) return end;
  }
  return -1;
}

function follows(rest: readonly string[], words: readonly string[], at: number): boolean {
  for (let index = 0; index < rest.length; index += 1) if (words[at + index] !== rest[index]) return false;
  return true;
}
