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

/** Phrases by their first word, so that an utterance costs about one look-up a word. */
export class Phrases {
  private readonly byFirst = new Map<string, Phrase[]>();

  /** One phrase a line; a line that begins with # is a remark. `sets` are lists of words and `_` phrases by name, without the `$`. */
  constructor(lines: string, sets: Readonly<Record<string, string>> = {}) {
    for (const line of lines.split('\n'))
      if (!/^\s*(?:#|$)/u.test(line)) for (const each of endingsOf(line.trim())) this.add(each, sets);
  }

  /** Every place where a phrase stands. One that may end an utterance counts only when it has ended. */
  find(heard: Heard): readonly Stretch[] {
    const found: Stretch[] = [];
    for (let start = 0; start < heard.words.length; start += 1) {
      for (const phrase of this.byFirst.get(heard.words[start] ?? '') ?? nothing) {
        const end = endOf(phrase, heard, start);
        if (end >= 0) found.push({ start, end });
      }
    }
    return found;
  }

  private add(line: string, sets: Readonly<Record<string, string>>): void {
    const phrase = parse(line, sets);
    for (const word of firstWords(phrase.steps, line)) {
      const before = this.byFirst.get(word);
      if (before === undefined) this.byFirst.set(word, [phrase]);
      else before.push(phrase);
    }
  }
}

const nothing: readonly Phrase[] = [];
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
  return { atStart, atEnd, steps };
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

/** The words with which a phrase can begin; it has to begin with one. */
function firstWords(steps: readonly Step[], line: string): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { options, least } of steps) {
    if (options === undefined) throw new Error(`The phrase "${line}" begins with a gap`);
    for (const word of options.keys()) words.add(word);
    if (least === 1) return words;
  }
  throw new Error(`The phrase "${line}" may be empty`);
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
