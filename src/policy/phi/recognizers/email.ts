import { hostEnd, isDot, isStopWord, mailProviders } from '../internet.ts';
import { Flag } from '../lexicon/flags.ts';
import type { Recognizer, View } from '../recognizer.ts';

/** A local part is at most this many tokens long; a spelled one has a token for each letter. */
const longestLocal = 26;
const localMarks = new Set(['.', '-', '_', '+', ',', "'", '\u2026']);

/** The index of the "@" or "at" after a local part that begins at a token. */
function atSign(view: View, start: number): number | undefined {
  const asked = view.context.asked.includes('EMAIL');
  for (let at = start; at < start + longestLocal; at += 1) {
    const { lower } = view.token(at);
    const flags = view.flags(at);
    if ((flags & Flag.end) !== 0) return undefined;
    if (lower === '@' || (lower === 'at' && at > start)) return at === start ? undefined : at;
    if ((flags & Flag.punct) !== 0 && !localMarks.has(lower)) return undefined;
    if (lower === '.' && !view.glued(at + 1) && (view.flags(at + 1) & Flag.grammar) !== 0) return undefined;
    if (isStopWord(view, at) && !(asked && at > start && !view.token(at).lower.startsWith('i'))) return undefined;
  }
  return undefined;
}

/** A host may be known without its ending: "jane at gmail". */
function mailHost(view: View, at: number): number | undefined {
  const end = hostEnd(view, at);
  if (end !== undefined) return end;
  if (!mailProviders.has(view.token(at).lower)) return undefined;
  return isDot(view.token(at + 1).lower) ? at + 2 : at + 1;
}

export const email: Recognizer = {
  name: 'email',
  opens: Flag.word | Flag.number,
  match(view, at) {
    if (isStopWord(view, at)) return undefined;
    const sign = atSign(view, at);
    if (sign === undefined) return undefined;
    const end = mailHost(view, sign + 1);
    if (end === undefined) return undefined;
    return { kind: 'EMAIL', end, score: 0.98 };
  },
};
