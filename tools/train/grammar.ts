/**
 * The frame language: `{slot}`, `(a|b|c)` one of, `[x]` maybe (half of the time); what may be empty is written `(x|)`.
 * A frame expands to pieces; only a slot can hold a name.
 */
import type { Random } from './random.ts';

export type Label = 'name' | 'other' | 'either';

export interface Piece {
  readonly text: string;
  readonly label: Label;
  /** Written with a capital where the sentence is written with capitals. */
  readonly proper: boolean;
}

export const named = (text: string, proper = true): Piece => ({ text, label: 'name', proper });
export const plain = (text: string, proper = false): Piece => ({ text, label: 'other', proper });
/** Counts neither way: the surname in a street, a firm, an address. */
export const either = (text: string, proper = true): Piece => ({ text, label: 'either', proper });

/** How a sentence is written down: `spoken` as speech-to-text without capitals or digits, `written` with both. */
export type Style = 'spoken' | 'written';

/** Slots made by code, by name. */
export type Slots = Readonly<Record<string, (style: Style) => readonly Piece[]>>;

export type Fill = (slot: string) => readonly Piece[];

export function expand(frame: string, fill: Fill, random: Random): Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  let text = '';
  const flush = (): void => {
    if (text !== '') pieces.push({ text, label: 'other', proper: false });
    text = '';
  };
  while (at < frame.length) {
    const character = frame.charAt(at);
    if (character === '{') {
      flush();
      const end = frame.indexOf('}', at);
      pieces.push(...fill(frame.slice(at + 1, end)));
      at = end + 1;
    } else if (character === '(' || character === '[') {
      flush();
      const end = closing(frame, at);
      const choices = alternatives(frame.slice(at + 1, end));
      if (character === '(' || random.chance(0.5)) pieces.push(...expand(random.pick(choices), fill, random));
      at = end + 1;
    } else {
      text += character;
      at += 1;
    }
  }
  flush();
  return pieces;
}

function closing(frame: string, open: number): number {
  let depth = 0;
  for (let at = open; at < frame.length; at += 1) {
    if ('([{'.includes(frame.charAt(at))) depth += 1;
    if (')]}'.includes(frame.charAt(at))) depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error(`unclosed bracket in frame: ${frame}`);
}

function alternatives(inner: string): string[] {
  const choices: string[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at < inner.length; at += 1) {
    const character = inner.charAt(at);
    if ('([{'.includes(character)) depth += 1;
    if (')]}'.includes(character)) depth -= 1;
    if (depth === 0 && character === '|') {
      choices.push(inner.slice(start, at));
      start = at + 1;
    }
  }
  choices.push(inner.slice(start));
  return choices;
}
