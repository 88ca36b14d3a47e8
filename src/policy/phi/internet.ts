import { Flag } from './lexicon/flags.ts';
import type { View } from './recognizer.ts';

/** What e-mail addresses, web addresses and their spoken forms share. */
const topLevels = new Set(
  `com net org edu gov mil co io us uk ca me info biz health care clinic med doctor app dev ai tv de fr es it nl au nz ie in eu ch at be se no dk fi pl
br mx jp cn ru test example local xyz site online website shop store page blog tech cloud email life live fitness salon spa beauty space studio`.split(
    /\s+/,
  ),
);

export const mailProviders = new Set(
  `gmail yahoo hotmail outlook icloud aol protonmail proton comcast verizon att msn live me mac googlemail ymail mail gmx zoho fastmail
sbcglobal bellsouth cox charter earthlink rocketmail hey tutanota`.split(/\s+/),
);

export function isDot(word: string): boolean {
  return word === 'dot' || word === '.' || word === 'period' || word === 'point';
}

export function isTopLevel(word: string): boolean {
  return topLevels.has(word);
}

/** Words and marks between the parts of a host or a local part. */
const inner = new Set(['-', '_', 'dash', 'hyphen', 'underscore', 'minus']);
const longestHost = 14;

/** The end of a host that begins at a token: "gmail dot com", "postbox.example.com", "my clinic dot co dot uk". */
export function hostEnd(view: View, at: number): number | undefined {
  let end: number | undefined;
  let dotted = false;
  for (let next = at; next < at + longestHost; next += 1) {
    const { lower } = view.token(next);
    const flags = view.flags(next);
    if ((flags & Flag.end) !== 0) break;
    if (dotted && isTopLevel(lower) && !isMore(view, next)) end = next + 1;
    if (end !== undefined && !isDot(view.token(next + 1).lower)) return end;
    if (isDot(lower)) {
      if (lower === '.' && !view.glued(next + 1) && !mayFollowSpelledDot(view, next)) break;
      dotted = true;
    } else if (!inner.has(lower) && ((flags & Flag.punct) !== 0 || isStopWord(view, next))) break;
  }
  return end;
}

/** "co" of "co dot uk". */
function isMore(view: View, at: number): boolean {
  return (
    isDot(view.token(at + 1).lower) &&
    isTopLevel(view.token(at + 2).lower) &&
    (view.token(at + 1).lower !== '.' || view.glued(at + 2))
  );
}

function mayFollowSpelledDot(view: View, at: number): boolean {
  return isTopLevel(view.token(at + 1).lower) && view.glued(at);
}

const stopWords = new Set(
  `is are was my your his her the and or it it's its that that's this to i i'm you he she we they email e-mail address so okay ok yes yeah sure um uh
well for with please thanks like be can could would will at on in of have has just use it'll send sent um's 's`.split(
    /\s+/,
  ),
);

/** Words that end the search for the start of an address: they are not part of one. */
export function isStopWord(view: View, at: number): boolean {
  const { lower } = view.token(at);
  return stopWords.has(lower);
}
