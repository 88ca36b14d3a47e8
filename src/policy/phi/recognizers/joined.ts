import { Flag, numeral } from '../lexicon/flags.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

/** Said of nothing but the name of an account, a file or an address. */
const sure = new Set(['underscore', 'underscores', '_']);
const joints = new Set([...sure, 'dot', 'dash', 'hyphen', 'point', 'slash']);
const longest = 24;
const part = Flag.word | Flag.number;
const spelled = numeral | Flag.letter;

/** A word that stands in such a name: no joint, no hesitation. */
function isPart(view: View, at: number): boolean {
  const { lower } = view.token(at);
  return (view.flags(at) & part) !== 0 && !joints.has(lower) && (view.flags(at) & Flag.filler) === 0;
}

interface Joined {
  readonly end: number;
  readonly underscores: number;
  readonly dots: number;
  /** Parts that are more than a number or a letter. */
  readonly words: number;
}

/** A word, or digits and letters as they are said; "lena nine nine" is one part. */
function partEnd(view: View, at: number): number {
  const next = (view.flags(at) & spelled) === 0 ? at + 1 : at;
  return (view.flags(next) & spelled) === 0 ? next : (view.run(next)?.end ?? Math.max(next, at + 1));
}

/** "tay underscore rios", "yesi dot bakes dot mia": parts with a joint between each two, and joints after the last. */
function readJoined(view: View, at: number): Joined | undefined {
  let underscores = 0;
  let dots = 0;
  let words = 0;
  let end = at;
  for (let next = at; next < at + longest;) {
    if (!isPart(view, next)) break;
    if ((view.flags(next) & spelled) === 0) words += 1;
    next = partEnd(view, next);
    end = next;
    if (!joints.has(view.token(next).lower)) break;
    for (; joints.has(view.token(next).lower); next += 1) {
      if (sure.has(view.token(next).lower)) underscores += 1;
      else if (view.token(next).lower === 'dot') dots += 1;
      if (sure.has(view.token(next).lower)) end = next + 1;
    }
  }
  return end > at + 1 ? { end, underscores, dots, words } : undefined;
}

/** A mail address that comes in parts has a recognizer of its own; one that nobody asked for is told by the word. */
function kindOf(view: View, at: number): 'URL' | 'EMAIL' | undefined {
  const { asked, pending } = view.context;
  if (asked[0] === 'EMAIL' || pending === 'EMAIL' || view.before?.kind === 'EMAIL') return undefined;
  for (let back = at - 1; back >= at - 5; back -= 1) if (view.token(back).lower === 'email') return 'EMAIL';
  return 'URL';
}

const leads = new Set(['as', 'at', 'is', "'s", "i'm", 'im', 'handle', 'username', 'called', 'tag', 'under']);

function isLed(view: View, at: number): boolean {
  return leads.has(view.token(at - 1).lower) || view.context.asked[0] === 'URL';
}

/** What joins the first two parts stands next. A small word begins a name only where something leads to one. */
function opensJoined(view: View, at: number): boolean {
  const flags = view.flags(at);
  if (sure.has(view.token(at).lower)) return isPart(view, at + 1);
  if ((flags & Flag.grammar) !== 0 && (flags & spelled) === 0 && !isLed(view, at)) return false;
  if ((flags & spelled) !== 0) return joints.has(view.token(view.run(at)?.end ?? at + 1).lower);
  return joints.has(view.token(at + 1).lower);
}

/** The name of an account by its joints, where neither "handle" nor the network is said. */
export const joined: Recognizer = {
  name: 'joined',
  opens: spelled | Flag.punct,
  near: joints,
  match(view, at): Match | undefined {
    const first = sure.has(view.token(at).lower) ? at + 1 : at;
    if (!isPart(view, first) || !opensJoined(view, at)) return undefined;
    const found = readJoined(view, first);
    const kind = kindOf(view, at);
    if (found === undefined || kind === undefined) return undefined;
    const named = found.words > 0 || found.underscores > 1;
    const dotted = found.words > 1 && (found.dots > 1 || (found.dots > 0 && isLed(view, at)));
    return dotted || (found.underscores > 0 && named) ? { kind, end: found.end, score: 0.93 } : undefined;
  },
};
