import { hostEnd, isDot, isStopWord } from '../internet.ts';
import { Flag } from '../lexicon/flags.ts';
import type { Recognizer, View } from '../recognizer.ts';

const schemes = new Set(['http', 'https', 'www', 'ftp', 'wss']);
const longestPath = 16;

/** "/before", "slash photos dash two": what may follow a host. */
function pathEnd(view: View, host: number): number {
  let end = host;
  for (let at = host; at < host + longestPath; at += 1) {
    const { lower } = view.token(at);
    const opens = lower === '/' || lower === 'slash' || lower === 'dash' || lower === 'underscore' || lower === 'dot';
    if (opens && (view.flags(at + 1) & (Flag.word | Flag.number)) !== 0) end = (at += 1) + 1;
    else if (view.glued(at) && (view.flags(at) & Flag.end) === 0 && at === end && (view.flags(at) & Flag.punct) === 0)
      end = at + 1;
    else if (view.glued(at) && view.glued(at + 1) && at === end && '?#=&-_.%~:'.includes(lower)) end = (at += 1) + 1;
    else break;
  }
  return end;
}

function hostStart(view: View, at: number): number {
  let start = at;
  while (
    schemes.has(view.token(start).lower) ||
    isDot(view.token(start).lower) ||
    view.token(start).lower === ':' ||
    view.token(start).lower === '/' ||
    view.token(start).lower === 'colon' ||
    view.token(start).lower === 'slash'
  ) {
    start += 1;
    if (start > at + 10) break;
  }
  return start;
}

export const url: Recognizer = {
  name: 'url',
  opens: Flag.number,
  near: new Set([...schemes, 'w', 'dot', '.', 'punto']),
  match(view, at) {
    const scheme = schemes.has(view.token(at).lower) || spelledWww(view, at) > 0;
    if (!scheme && (isStopWord(view, at) || !nextIsDot(view, at))) return undefined;
    const host = hostEnd(view, scheme ? hostStart(view, at + spelledWww(view, at)) : at);
    return host === undefined ? undefined : { kind: 'URL', end: pathEnd(view, host), score: scheme ? 0.97 : 0.9 };
  },
};

/** "w w w dot". */
function spelledWww(view: View, at: number): number {
  for (let next = at; next < at + 3; next += 1) if (view.token(next).lower !== 'w') return 0;
  return 3;
}

/** Does the word belong to a host: a dot, or up to two more words and then a dot? */
function nextIsDot(view: View, at: number): boolean {
  for (let next = at + 1; next <= at + 3; next += 1) {
    if (isDot(view.token(next).lower)) return true;
    if (isStopWord(view, next) || (view.flags(next) & (Flag.word | Flag.number)) === 0)
      return view.token(next).lower === '-';
  }
  return false;
}
