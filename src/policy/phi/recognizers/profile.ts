import { Flag, numeral } from '../lexicon/flags.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

const networks = new Set(
  'instagram insta ig tiktok facebook fb twitter x youtube snapchat snap linkedin threads pinterest telegram discord reddit twitch venmo cashapp etsy bluesky whatsapp'.split(
    ' ',
  ),
);
/** What is named by an account's name. */
const accounts = new Set(
  'venmo cashapp gamertag channel page profile gram reddit discord screenname cashtag telegram etsy'.split(' '),
);
const links = new Set(['as', 'am', "i'm", 'im', 'is', "'s", 'at', 'called', 'just', 'named']);
/** Said of an account, and no name of one. */
const states = new Set(
  'wrong broken locked expired working blocked disabled different gone full private public set hacked new old down deleted yesterday today'.split(
    ' ',
  ),
);
const inner = new Set(['the', 'of', 'by', 'and', 'with', 'my', 'mrs', 'mr', 'miss', 'dash', 'dot', 'underscore']);
const longest = 7;

/** Tokens back from a name to the network or account that it belongs to: "on facebook as", "my channel's called". */
function isLed(view: View, at: number): boolean {
  let back = at - 1;
  let linked = 0;
  while (linked < 3 && links.has(view.token(back).lower)) {
    back -= 1;
    linked += 1;
  }
  const { lower } = view.token(back);
  if (networks.has(lower) && view.token(back - 1).lower === 'on')
    return linked > 0 ? isOwn(view, at) : isUnheard(view, at);
  return linked > 0 && accounts.has(lower) && ['my', 'our', 'the', 'her', 'his'].includes(view.token(back - 1).lower);
}

/** "on snap oonamarsh nine": nothing leads to the name, so it must be no word. */
function isUnheard(view: View, at: number): boolean {
  return (view.flags(at) & Flag.common) === 0;
}

/** "on tiktok is it real" asks of something else. */
function isOwn(view: View, at: number): boolean {
  const { lower } = view.token(at - 1);
  return lower !== 'is' && lower !== "'s" && lower !== 'just';
}

/** The name goes on over words, digits and letters to where the talk goes on. */
function nameEnd(view: View, at: number): number | undefined {
  let end = at;
  let words = 0;
  let telling = false;
  for (let next = at; next < at + longest;) {
    const flags = view.flags(next);
    const { lower } = view.token(next);
    if (lower === 'i' || lower === 'a') break;
    if ((flags & (numeral | Flag.letter)) !== 0) {
      next = view.run(next)?.end ?? next + 1;
      end = next;
      telling ||= words > 0;
      continue;
    }
    if ((flags & (Flag.end | Flag.punct | Flag.filler)) !== 0 || states.has(lower)) break;
    if ((flags & Flag.grammar) !== 0 && !inner.has(lower)) break;
    next += 1;
    if ((flags & Flag.grammar) !== 0) continue;
    words += 1;
    telling ||= words > 1 || (flags & (Flag.common | Flag.book)) !== Flag.common;
    end = next;
  }
  return telling && words > 0 ? end : undefined;
}

/** "find me on facebook as lottie ann quilts", "my channel's called knit wit nadine". */
export const profile: Recognizer = {
  name: 'profile',
  opens: 0,
  after: new Set([...links, ...networks]),
  match(view, at): Match | undefined {
    // Asked of every word: a network, an account or a small word stands just before it.
    const one = view.token(at - 1).lower;
    if ((!links.has(one) && !networks.has(one)) || links.has(view.token(at).lower) || !isLed(view, at))
      return undefined;
    const end = nameEnd(view, at);
    return end === undefined ? undefined : { kind: 'URL', end, score: 0.92 };
  },
};
