import { asideLength, hostEnd, isBracket, isDot, isStopWord, sureProviders } from '../internet.ts';
import { Flag } from '../lexicon/flags.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

/** A local part is at most this many tokens long; a spelled one has a token for each letter. */
const longestLocal = 26;
const localMarks = new Set(['.', '-', '_', '+', ',', "'", '\u2026']);

/** The index of the "@" or "at" after a local part that begins at a token. */
function atSign(view: View, start: number): number | undefined {
  const asked = view.context.asked.includes('EMAIL');
  for (let at = start; at < start + longestLocal; at += 1) {
    const { lower } = view.token(at);
    const flags = view.flags(at);
    const aside = at === start ? 0 : asideLength(view, at);
    if (aside > 0) {
      at += aside - 1;
      continue;
    }
    if ((flags & Flag.end) !== 0 || lower === 'word') return undefined;
    if (lower === '@' || lower === 'arroba' || (lower === 'at' && at > start)) return at === start ? undefined : at;
    if ((flags & Flag.punct) !== 0 && !localMarks.has(lower) && !isBracket(view, at)) return undefined;
    if (lower === '.' && !view.glued(at + 1) && (view.flags(at + 1) & Flag.grammar) !== 0) return undefined;
    // Of the first word the caller has asked.
    if (at > start && !asked && lower !== 'and' && isStopWord(view, at)) return undefined;
  }
  return undefined;
}

/** After "@" the host is whatever is glued to it; after "at" it needs an ending or a known provider. */
function mailHost(view: View, sign: number): number | undefined {
  const end = hostEnd(view, sign + 1);
  if (end !== undefined) return end;
  const first = sign + 1;
  const known = providerEnd(view, first);
  const dotted = known !== undefined && isDot(view.token(known).lower) && !endsSentence(view, known);
  const provider = dotted ? known + 1 : known;
  if (provider !== undefined || view.token(sign).lower !== '@') return provider;
  let glued = first;
  while (view.glued(glued) && glued < sign + 12 && (view.flags(glued) & Flag.end) === 0) glued += 1;
  return glued > first ? glued : undefined;
}

/** "gmail", and "g mail" as some recognisers of speech write it: the token after it. */
function providerEnd(view: View, at: number): number | undefined {
  const { lower } = view.token(at);
  if (sureProviders.has(lower)) return at + 1;
  const halved = halves.has(lower) && sureProviders.has(lower + view.token(at + 1).lower);
  return halved ? at + 2 : undefined;
}

const halves = new Set(['g', 'hot', 'out', 'i', 'proton', 'ya']);

function endsSentence(view: View, at: number): boolean {
  return view.token(at).lower === '.' && !view.glued(at + 1);
}

/** The pieces of an address that was asked for, when it comes in parts: "jane dot", "at gmail dot com". */
function askedPart(view: View, at: number): Match | undefined {
  const { context, before } = view;
  if (context.asked[0] !== 'EMAIL' && context.pending !== 'EMAIL' && before?.kind !== 'EMAIL') return undefined;
  if (view.token(at).lower === 'at' || view.token(at).lower === '@') {
    const host = mailHost(view, at);
    return host === undefined ? undefined : { kind: 'EMAIL', end: host, score: 0.9 };
  }
  const end = partEnd(view, at);
  return end === undefined ? undefined : { kind: 'EMAIL', end, score: 0.8 };
}

/** Words joined by "dot" or "underscore", or letters one by one. */
function partEnd(view: View, at: number): number | undefined {
  let joints = 0;
  let letters = 0;
  let end = at;
  for (let next = at; next < at + longestLocal; next += 1) {
    const { lower } = view.token(next);
    const flags = view.flags(next);
    const aside = asideLength(view, next);
    if (aside > 0 && next > at) {
      joints += 1;
      end = next + aside;
      next = end - 1;
      continue;
    }
    if ((flags & Flag.end) !== 0 || isStopWord(view, next)) break;
    if (lower === 'dot' || lower === 'underscore' || lower === 'dash' || lower === 'hyphen' || lower === '_')
      joints += 1;
    else if ((flags & Flag.letter) !== 0) letters += 1;
    else if ((flags & Flag.punct) !== 0 && !view.glued(next)) break;
    end = next + 1;
  }
  return joints > 0 || letters >= 3 ? end : undefined;
}

export const email: Recognizer = {
  name: 'email',
  opens: Flag.word | Flag.number | Flag.punct,
  match(view, at) {
    if ((view.flags(at) & Flag.punct) !== 0) return view.token(at).lower === '@' ? askedPart(view, at) : undefined;
    if (!isStopWord(view, at)) {
      const sign = atSign(view, at);
      const end = sign === undefined ? undefined : mailHost(view, sign);
      if (end !== undefined) return { kind: 'EMAIL', end, score: 0.98 };
    } else if (view.token(at).lower !== 'at') return undefined;
    return askedPart(view, at);
  },
};
