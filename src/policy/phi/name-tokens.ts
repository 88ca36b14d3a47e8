import type { Token } from './tokens.ts';

/** Letters. */
export const longestRun = 24;
/** Sounds that stand between two words and mean nothing: "my name is, um, ..." */
const hesitations = new Set(['um', 'umm', 'uh', 'uhh', 'er', 'erm', 'hmm', 'hm', 'mm', 'eh', 'ah']);
const hesitationGap = 9;
const gaps: ReadonlyMap<string, number> = new Map(
  Object.entries({ ',': 1, '.': 2, '?': 2, '!': 2, ':': 3, '-': 4, '–': 4, '/': 5, '@': 6, '"': 7 }),
);
const otherGap = 8;
export const sentenceGap = 2;

/** 0 for a word; else what the mark or hesitation is as a gap. */
export function gapOf(token: Token): number {
  if (token.kind === 'punct') return gaps.get(token.text) ?? otherGap;
  return token.lower.length <= 3 && hesitations.has(token.lower) ? hesitationGap : 0;
}

export function isLetter(token: Token | undefined): boolean {
  return token?.kind === 'word' && token.lower.length === 1;
}

/** The last of the letters in a row that begin at `start`, before `to`; marks and hesitations may stand between two. */
export function runEnd(tokens: readonly Token[], start: number, to: number): number {
  let end = start;
  let letters = 1;
  let at = start + 1;
  for (; at < to && letters < longestRun; at += 1) {
    const token = tokens[at];
    if (token === undefined) break;
    if (gapOf(token) > 0) continue;
    if (!isLetter(token)) break;
    end = at;
    letters += 1;
  }
  // "it starts with p i think": the pronoun is no second or third letter when a word follows.
  return letters <= 3 && at < to && tokens[end]?.lower === 'i' ? beforeLast(tokens, start, end) : end;
}

function beforeLast(tokens: readonly Token[], start: number, end: number): number {
  for (let at = end - 1; at > start; at -= 1) if (isLetter(tokens[at])) return at;
  return start;
}

export function joined(tokens: readonly Token[], start: number, end: number): string {
  let text = '';
  for (let at = start; at <= end; at += 1) if (isLetter(tokens[at])) text += tokens[at]?.lower ?? '';
  return text;
}

/** 1 lower case, 2 Capital, 3 CAPITALS, 4 mixed, 5 one capital letter, 6 number; +8 with an apostrophe. */
export function shapeOf(token: Token): number {
  if (token.kind === 'number') return 6;
  const { text } = token;
  let upper = 0;
  for (let at = 0; at < text.length; at += 1) if (isUpper(text.charCodeAt(at))) upper += 1;
  const mark = text.length > 1 && token.lower.includes("'") ? 8 : 0;
  if (upper === 0) return 1 + mark;
  if (text.length === 1) return 5;
  if (upper === 1) return isUpper(text.charCodeAt(0)) ? 2 + mark : 4 + mark;
  return (upper === text.length ? 3 : 4) + mark;
}

/** ASCII and Latin-1 capitals, which is what speech-to-text sends. */
function isUpper(code: number): boolean {
  return (code >= 65 && code <= 90) || (code >= 0xc0 && code <= 0xde && code !== 0xd7);
}
