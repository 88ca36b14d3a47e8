import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { topics } from '../../src/policy/phi/lexicon/name-lexicon.ts';
import type { Topic } from '../../src/policy/phi/lexicon/name-lexicon.ts';

const here = import.meta.dirname;

/** The lines of a committed list without comments. */
export function readLines(folder: string, name: string): string[] {
  const text = readFileSync(join(here, folder, name), 'utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('# '));
}

/** Names of one origin. Those of the US census are in order of frequency, the others in none. */
export interface Origin {
  readonly name: string;
  readonly given: readonly string[];
  readonly surnames: readonly string[];
}

export interface Slot {
  readonly name: string;
  readonly topic: Topic;
  readonly values: readonly string[];
}

export interface Lists {
  readonly surnames: readonly string[];
  readonly given: readonly string[];
  readonly givenRank: ReadonlyMap<string, number>;
  readonly surnameRank: ReadonlyMap<string, number>;
  readonly moreGiven: readonly string[];
  readonly origins: readonly Origin[];
  readonly cities: readonly string[];
  /** Word to rank of use. */
  readonly vocabulary: ReadonlyMap<string, number>;
  readonly slots: readonly Slot[];
}

const isTopic = (name: string): name is Topic => Object.hasOwn(topics, name);

function readOrigins(file: string): Origin[] {
  return readLines('lists', file).map((line) => {
    const [name = '', given = '', surnames = ''] = line.split('\t');
    return { name, given: given.split(' ').filter(Boolean), surnames: surnames.split(' ').filter(Boolean) };
  });
}

function readSlots(file: string, separator: string): Slot[] {
  return readLines('lists', file).map((line) => {
    const colon = line.indexOf(':');
    const [name = '', topic = 'none'] = line.slice(0, colon).split('/');
    if (!isTopic(topic)) throw new Error(`${file}: unknown topic "${topic}"`);
    const values = line
      .slice(colon + 1)
      .split(separator)
      .map((value) => value.trim());
    return { name, topic, values: values.filter(Boolean) };
  });
}

/** Two frequency lists as one, the most frequent of both first. */
function interleave(a: readonly string[], b: readonly string[]): string[] {
  const both: string[] = [];
  for (let at = 0; at < Math.max(a.length, b.length); at += 1) {
    for (const name of [a[at], b[at]]) if (name !== undefined) both.push(name);
  }
  return [...new Set(both)];
}

export function readLists(): Lists {
  const given = interleave(readLines('lists', 'given-us-female.txt'), readLines('lists', 'given-us-male.txt'));
  const surnames = readLines('lists', 'surnames-us.txt');
  const vocabulary = readLines('lists', 'vocabulary.txt').map((line) => {
    const [word = '', rank = '0'] = line.split(' ');
    return [word, Number(rank)] as const;
  });
  return {
    surnames,
    given,
    givenRank: new Map(given.map((name, rank) => [name, rank])),
    surnameRank: new Map(surnames.map((name, rank) => [name, rank])),
    moreGiven: readLines('lists', 'given-more.txt'),
    origins: [...readOrigins('names-own.txt'), ...readOrigins('names-locales.txt')],
    cities: readLines('lists', 'cities.txt'),
    vocabulary: new Map(vocabulary),
    slots: [...readSlots('topics.txt', ','), ...readSlots('words.txt', ','), ...readSlots('macros.txt', '|')],
  };
}

/** A sentence to fill, with who may say it. `weight` makes a section more frequent. */
export interface Frame {
  readonly text: string;
  readonly speaker: 'caller' | 'agent';
  /** `NAME`: said right after a name was asked for; `none`: certainly not; `any`: whatever was asked. */
  readonly asked: 'NAME' | 'none' | 'any';
  readonly weight: number;
  readonly clean: boolean;
}

export function readFrames(): Frame[] {
  const files = readdirSync(join(here, 'frames')).sort();
  return files.flatMap((file) => {
    let head: Omit<Frame, 'text'> = { speaker: 'caller', asked: 'any', weight: 1, clean: file.startsWith('clean-') };
    const frames: Frame[] = [];
    for (const line of readLines('frames', file)) {
      if (line.startsWith('## ')) head = readHead(line, file);
      else frames.push({ ...head, text: line });
    }
    return frames;
  });
}

function readHead(line: string, file: string): Omit<Frame, 'text'> {
  const value = (key: string): string | undefined => new RegExp(`${key}=(\\S+)`).exec(line)?.[1];
  const asked = value('asked');
  return {
    speaker: value('speaker') === 'agent' ? 'agent' : 'caller',
    asked: asked === 'NAME' || asked === 'none' ? asked : 'any',
    weight: Number(value('weight') ?? 1),
    clean: file.startsWith('clean-'),
  };
}
