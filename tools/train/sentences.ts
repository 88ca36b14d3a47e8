import { tokenize } from '../../src/policy/phi/tokens.ts';
import type { Token } from '../../src/policy/phi/tokens.ts';
import type { PhiKind } from '../../src/policy/phi/kinds.ts';
import type { Speaker } from '../../src/policy/phi/recognizer.ts';
import { expand } from './grammar.ts';
import type { Fill, Label, Piece, Style } from './grammar.ts';
import type { Frame, Lists } from './lists.ts';
import { createPersons } from './persons.ts';
import { splitOf } from './random.ts';
import type { Random, Split } from './random.ts';
import { createSlots } from './slots.ts';

/** Which split a frame belongs to: 8 % are kept for `dev` and for `test`, each. */
export function heldFrames(frame: string): Split {
  return splitOf(frame, 0.08);
}

export interface Sentence {
  readonly text: string;
  readonly tokens: readonly Token[];
  readonly labels: readonly Label[];
  readonly asked: PhiKind | undefined;
  readonly speaker: Speaker;
  /** No name in it. */
  readonly clean: boolean;
}

export interface Generator {
  next(): Sentence;
}

const otherKinds: readonly PhiKind[] = ['PHONE', 'DATE', 'EMAIL', 'ADDRESS', 'MRN', 'CARD'];

export function createGenerator(
  lists: Lists,
  frames: readonly Frame[],
  split: Split | 'all',
  random: Random,
): Generator {
  const slots = createSlots(lists, createPersons(lists, split, random), random);
  const mine = frames.filter((frame) => split === 'all' || heldFrames(frame.text) === split);
  const weighted = (clean: boolean): Frame[] =>
    mine.filter((frame) => frame.clean === clean).flatMap((frame) => Array<Frame>(frame.weight).fill(frame));
  const [named, clean] = [weighted(false), weighted(true)];
  const tails = clean.filter((frame) => frame.asked === 'any' && frame.weight === 1);

  function pieces(frame: Frame, fill: Fill): Piece[] {
    const parts = [frame.text];
    if (random.chance(0.22)) parts.unshift(random.pick(tails.filter((tail) => tail.speaker === frame.speaker)).text);
    if (random.chance(0.25)) parts.push(random.pick(tails.filter((tail) => tail.speaker === frame.speaker)).text);
    return parts.flatMap((part, at) => [
      ...(at === 0 ? [] : [{ text: ' ', label: 'other' as Label, proper: false }]),
      ...expand(part, fill, random),
    ]);
  }
  return {
    next(): Sentence {
      const frame = random.pick(random.chance(0.5) ? named : clean);
      const style: Style = random.chance(0.62) ? 'spoken' : 'written';
      const made = pieces(frame, slots(style));
      const [text, spans] = style === 'spoken' ? spoken(made, random) : written(made, random);
      const tokens = tokenize(text);
      const labels = withTitles(
        tokens,
        tokens.map((token) => labelAt(spans, token.start, token.end)),
      );
      return {
        text,
        tokens,
        labels,
        asked: askedFor(frame, random),
        speaker: frame.speaker,
        clean: !labels.includes('name'),
      };
    },
  };
}

function askedFor(frame: Frame, random: Random): PhiKind | undefined {
  const chance = random.next();
  if (frame.speaker === 'agent' || frame.asked === 'none') return undefined;
  if (frame.asked === 'NAME') return chance < 0.88 ? 'NAME' : undefined;
  if (chance < 0.78) return undefined;
  return chance < 0.85 ? 'NAME' : random.pick(otherKinds);
}

interface LabelSpan {
  readonly start: number;
  readonly end: number;
  readonly label: Label;
}

function labelAt(spans: readonly LabelSpan[], start: number, end: number): Label {
  return spans.find((span) => span.start < end && start < span.end)?.label ?? 'other';
}

const titles = new Set(['mr', 'mrs', 'ms', 'miss', 'mister', 'missus', 'doctor', 'dr', 'professor', 'prof']);

/** A title right before a name belongs to it. */
function withTitles(tokens: readonly Token[], labels: readonly Label[]): Label[] {
  return labels.map((label, at) => {
    if (label !== 'other') return label;
    const next = tokens[at + 1]?.text === '.' ? at + 2 : at + 1;
    const title =
      titles.has(tokens[at]?.lower ?? '') || (tokens[at]?.text === '.' && titles.has(tokens[at - 1]?.lower ?? ''));
    return title && labels[tokens[at]?.text === '.' ? at + 1 : next] === 'name' ? 'name' : label;
  });
}

/** Lower case, no marks; hesitations, doubled and lost words. */
function spoken(pieces: readonly Piece[], random: Random): [string, LabelSpan[]] {
  const noisy = random.chance(0.3);
  const bare = random.chance(0.08);
  return assemble(pieces, (piece) => {
    let text = piece.text
      .replace(/[.,?!;:]+(?=\s|$)/g, '')
      .replace(/\./g, '')
      .replace(/-/g, ' ')
      .toLowerCase();
    if (bare && piece.label === 'other') text = text.replace(/'/g, '');
    return noisy ? disturb(text, piece.label, random) : text;
  });
}

const hesitations = ['um', 'uh', 'um', 'er', 'like', 'you know', 'well', 'so', 'okay', 'hmm'];

function disturb(text: string, label: Label, random: Random): string {
  return text
    .split(' ')
    .map((word) => {
      const chance = random.next();
      if (word === '' || chance > 0.09) return word;
      if (label === 'name') return chance < 0.03 ? `um ${word}` : word;
      if (chance < 0.04) return `${random.pick(hesitations)} ${word}`;
      if (chance < 0.06) return `${word} ${word}`;
      return chance < 0.07 && word.length < 4 ? '' : word;
    })
    .join(' ');
}

/** Sentence case and marks; sometimes capitals are missing, everywhere, or on ordinary nouns. */
function written(pieces: readonly Piece[], random: Random): [string, LabelSpan[]] {
  const kind = random.next();
  if (kind < 0.03) return assemble(pieces, (piece) => piece.text.toUpperCase());
  if (kind < 0.1) return assemble(pieces, (piece) => piece.text);
  const lowerNames = kind < 0.18;
  const sprinkled = kind > 0.93;
  const noMarks = kind > 0.86 && kind < 0.93;
  let starts = true;
  return assemble(pieces, (piece) => {
    let { text } = piece;
    if (piece.proper && !(lowerNames && piece.label === 'name')) text = titleCase(text);
    else if (piece.label === 'name' && /^[a-z]( |$|-|,|\.)/.test(text))
      text = text.replace(/\b[a-z]\b/g, (letter) => letter.toUpperCase());
    if (sprinkled && piece.label === 'other')
      text = text.replace(/\b[a-z]{4,}/g, (word) => (random.chance(0.15) ? titleCase(word) : word));
    text = text
      .replace(/\bi(?=$|[ ',.?!])/g, 'I')
      .replace(/([.?!] +)([a-z])/g, (_, mark: string, letter: string) => mark + letter.toUpperCase());
    if (piece.label === 'other')
      text = text.replace(/\b(mr|mrs|ms|dr|miss|doctor) ?$/, (title) =>
        random.chance(0.15) ? title : abbreviate(titleCase(title)),
      );
    if (starts) text = text.replace(/^\s*[a-z]/, (letter) => letter.toUpperCase());
    starts = /[.?!]\s*$/.test(text) && !/^(mr|mrs|ms|dr)\.$/i.test(text);
    return noMarks ? text.replace(/[.,?!](?=\s|$)/g, '') : text;
  });
}

function abbreviate(title: string): string {
  return /^(Mr|Mrs|Ms|Dr) ?$/.test(title) ? `${title.trim()}. ` : title;
}

function titleCase(text: string): string {
  return text
    .replace(/(^|[\s-])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())
    .replace(/\b(O'|Mc)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}

/** Puts the pieces together without doubled spaces; a label covers what its piece became. */
function assemble(pieces: readonly Piece[], write: (piece: Piece) => string): [string, LabelSpan[]] {
  let text = '';
  const spans: LabelSpan[] = [];
  for (const piece of pieces) {
    let written = write(piece).replace(/\s+/g, ' ');
    if (text === '' || text.endsWith(' ')) written = written.trimStart();
    const start = text.length;
    text += written;
    if (piece.label !== 'other') spans.push({ start, end: text.length, label: piece.label });
  }
  return [text.trimEnd(), spans];
}
