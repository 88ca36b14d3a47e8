import { Flag } from './lexicon/flags.ts';
import type { View } from './recognizer.ts';

/** What e-mail addresses, web addresses and their spoken forms share. */
const topLevels = new Set(
  `com net org edu gov mil co io us uk ca me info biz health care clinic med doctor app dev ai tv de fr es it nl au nz ie in eu ch at be se no dk fi pl
br mx jp cn ru test example local xyz site online website shop store page blog tech cloud email life live fitness salon spa beauty space studio`.split(
    /\s+/,
  ),
);

/** After "at" these are a host even without an ending. */
export const sureProviders = new Set(
  'gmail yahoo hotmail outlook icloud aol protonmail comcast verizon googlemail sbcglobal bellsouth'.split(' '),
);

const mailProviders = new Set(
  `gmail yahoo hotmail outlook icloud aol protonmail proton comcast verizon att msn live me mac googlemail ymail mail gmx zoho fastmail
sbcglobal bellsouth cox charter earthlink rocketmail hey tutanota`.split(/\s+/),
);

export function isDot(word: string): boolean {
  return word === 'dot' || word === '.' || word === 'punto';
}

export function isTopLevel(word: string): boolean {
  return topLevels.has(word);
}

/** Words of half the addresses there are: knowing them would say nothing. */
export function isHostWord(word: string): boolean {
  return mailProviders.has(word) || topLevels.has(word) || word === 'www' || word === 'http' || word === 'https';
}

/** Words and marks between the parts of a host or a local part. */
const asides = new Set(
  [
    'all one word',
    'one word',
    'all lowercase',
    'all lower case',
    'lowercase',
    'lower case',
    'all together',
    'no space',
    'no spaces',
  ].map((words) => ` ${words}`),
);

/** Tokens of "all one word", "no spaces": said of an address in the middle of it. */
export function asideLength(view: View, at: number): number {
  // Asked of every word of what may be an address: most are neither small words nor "lower".
  if ((view.flags(at) & (Flag.grammar | Flag.common)) === 0 || !asideStarts.has(view.token(at).lower)) return 0;
  let said = '';
  for (let length = 1; length <= 3; length += 1) {
    said += ` ${view.token(at + length - 1).lower}`;
    if (asides.has(said) && !asides.has(`${said} ${view.token(at + length).lower}`)) return length;
  }
  return 0;
}

const asideStarts = new Set(['all', 'one', 'lowercase', 'lower', 'no']);

const inner = new Set(['-', '_', 'dash', 'hyphen', 'underscore', 'minus']);
const longestHost = 14;

/** "aol period com": "period" and "point" are a dot before the plainest endings alone. */
function isDotAt(view: View, at: number): boolean {
  const { lower } = view.token(at);
  return isDot(lower) || ((lower === 'period' || lower === 'point') && plainTopLevels.has(view.token(at + 1).lower));
}

/** The end of a host that begins at a token: "gmail dot com", "postbox.example.com", "my clinic dot co dot uk". */
export function hostEnd(view: View, at: number): number | undefined {
  let end: number | undefined;
  let dotted = false;
  for (let next = at; next < at + longestHost; next += 1) {
    const { lower } = view.token(next);
    const flags = view.flags(next);
    if ((flags & Flag.end) !== 0) break;
    if (dotted && isDotAt(view, next - (isBracket(view, next - 1) ? 2 : 1)) && isTopLevel(lower) && !isMore(view, next))
      end = next + 1;
    if (end !== undefined && !isDotAt(view, next + 1) && !isBracket(view, next + 1)) return end;
    if (isDotAt(view, next)) {
      if (lower === '.' && !joinsHost(view, next)) break;
      dotted = true;
    } else if (
      !inner.has(lower) &&
      (((flags & Flag.punct) !== 0 && !isBracket(view, next)) || (next > at && isStopWord(view, next)))
    )
      break;
  }
  return end;
}

const disguised = new Set(['at', 'dot', '@', '.']);

/** "[at]", "(dot)": the brackets of a disguised address. */
export function isBracket(view: View, at: number): boolean {
  const { lower } = view.token(at);
  if (lower === '[' || lower === '(') return disguised.has(view.token(at + 1).lower);
  return (lower === ']' || lower === ')') && disguised.has(view.token(at - 1).lower);
}

/** A full stop inside a host has no space around it; some recognisers write one before "com". */
function joinsHost(view: View, at: number): boolean {
  if (view.glued(at) && view.glued(at + 1)) return true;
  return plainTopLevels.has(view.token(at + 1).lower);
}

const plainTopLevels = new Set(['com', 'net', 'org', 'edu', 'gov']);

/** "co" of "co dot uk". */
function isMore(view: View, at: number): boolean {
  return (
    isDot(view.token(at + 1).lower) &&
    isTopLevel(view.token(at + 2).lower) &&
    (view.token(at + 1).lower !== '.' || view.glued(at + 2))
  );
}

const notStops = new Set(
  'dot dash underscore hyphen com first last my me mail home info help love happy dr doc mom dad the one two three four five six seven eight nine ten oh zero'.split(
    ' ',
  ),
);

/** Words of grammar end the search for the start of an address: they are seldom part of one. */
export function isStopWord(view: View, at: number): boolean {
  const flags = view.flags(at);
  if ((flags & Flag.grammar) === 0) return (flags & Flag.end) !== 0 || view.token(at).lower === 'word';
  if (view.glued(at + 1) && !(view.flags(at + 1) & Flag.end) && '@._-+'.includes(view.token(at + 1).lower))
    return false;
  const { lower } = view.token(at);
  if (lower === 'a' && (view.flags(at + 1) & (Flag.common | Flag.word)) === Flag.word) return false;
  if ((flags & Flag.letter) !== 0)
    return ((view.flags(at + 1) | view.flags(at - 1)) & Flag.letter) === 0 && view.token(at + 1).lower !== 'dot';
  return !notStops.has(lower) || lower === 'my' || lower === 'the' || lower === 'me';
}
