import { Flag, numeral } from '../lexicon/flags.ts';
import { likeness, never } from '../likeness.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

const split = (list: string): Set<string> => new Set(list.split(/\s+/));

/** Flags of words that nobody is called, and that end what somebody is called. */
const noName = never | Flag.cue | Flag.letter | Flag.number | Flag.punct | Flag.end;

/** A word that is hardly ever said, or in no list at all. */
function isRare(view: View, at: number): boolean {
  return (view.flags(at) & (Flag.common | Flag.book)) !== Flag.common;
}

/** What an answer may begin with before it says anything. */
const openings = split(
  `yes yeah yep sure okay ok oh no so well hi hello it it's its is 's that's this me for under actually sorry please and uh`,
);
/** Words of an answer that gives no name, though lists of names have them. */
const noAnswers = split(
  'thanks thank good great fine perfect nothing none nobody same correct right wait hold one new just both either dear hon honey sweetie',
);
const longestAnswer = 4;
/** An everyday word is part of an answered name from this probability on. */
const likely = 0.1;
const surely = 0.3;

const otherThing = Flag.health | Flag.month | Flag.state;

/** "lafayette lafayette j boudin": the last name, and then all of it. */
function isDoubled(view: View, at: number): boolean {
  return view.token(at).lower === view.token(at + 1).lower && likeness(view, at) >= 1;
}

function opensAnswer(view: View, at: number): boolean {
  let back = at - 1;
  while (back >= at - 6 && (view.flags(back) & (Flag.filler | Flag.punct)) !== 0) back -= 1;
  while (back >= at - 6 && openings.has(view.token(back).lower)) back -= 1;
  return (view.flags(back) & Flag.end) !== 0;
}

/** Who is asked for a name begins with it: "delphine iron hawk it's two words", "thistlewood i was born a kline". */
function answered(view: View, at: number): number | undefined {
  if (!view.context.asked.includes('NAME') || !opensAnswer(view, at)) return undefined;
  let evident = false;
  let end = at;
  for (; end < at + longestAnswer; end += 1) {
    if ((view.flags(end) & noName) !== 0) break;
    if (noAnswers.has(view.token(end).lower)) return undefined;
    const [like, odds] = [likeness(view, end), view.named(end)];
    if (odds < surely && (view.flags(end) & otherThing) !== 0) break;
    if (like === 0 && odds < likely) break;
    evident ||= odds >= surely || (like >= 2 && isRare(view, end)) || isDoubled(view, end);
  }
  const closes = (view.flags(end) & (Flag.end | Flag.punct | Flag.grammar | Flag.filler | numeral)) !== 0;
  return evident && closes && end > at ? end : undefined;
}

const things = split(
  `word words name city town state country river flower tree bird animal horse car truck month season day color colour fruit spice drink
beer wine stone gem song band singer actor actress president queen king prince princess saint movie book show brand store cereal candy soup
cheese weather planet star god goddess instrument island lake mountain mountains nation tribe team shoe boot`,
);

/** "colt like the horse", "temperance as in the word": somebody says what the name is as well. */
function compared(view: View, at: number): number | undefined {
  if ((view.flags(at) & noName) !== 0) return undefined;
  const like = view.token(at + 1).lower;
  const first = like === 'like' ? at + 2 : like === 'as' && view.token(at + 2).lower === 'in' ? at + 3 : undefined;
  if (first === undefined || !['the', 'a', 'an'].includes(view.token(first).lower)) return undefined;
  return things.has(view.token(first + 1).lower) ? at + 1 : undefined;
}

const ranks = split(
  `private airman seaman corporal sergeant lieutenant captain major colonel commander admiral general ensign cadet chief officer petty
trooper deputy detective sheriff marshal specialist brigadier chaplain deacon elder bishop monsignor sister brother father`,
);
const rankClasses = split(
  'first second third class senior junior chief master staff tech technical petty gunnery lance',
);

/** "senior chief dudek", "airman first class rowdy mcelhaney". */
function ranked(view: View, at: number): number | undefined {
  let back = at - 1;
  while (back >= at - 3 && rankClasses.has(view.token(back).lower) && !ranks.has(view.token(back).lower)) back -= 1;
  if (!ranks.has(view.token(back).lower) || (view.flags(at) & noName) !== 0) return undefined;
  const odds = view.named(at);
  return odds >= surely || (likeness(view, at) >= 2 && isRare(view, at) && odds >= 0.02) ? at + 1 : undefined;
}

/** Words that are said of relatives: "my mother snores", "my wife prescribed". */
const said = /(?:s|ed|ing|ly)$/;

/** "my granddaughter calliope": no other word in no list of everyday stands just after a relative. */
function relative(view: View, at: number): number | undefined {
  if ((view.flags(at - 1) & Flag.relation) === 0 || (view.flags(at) & noName) !== 0 || !isRare(view, at))
    return undefined;
  const { lower } = view.token(at);
  const given = (view.flags(at) & Flag.given) !== 0;
  if (lower.length < 3 || (!given && (said.test(lower) || (view.flags(at) & (Flag.health | Flag.town)) !== 0)))
    return undefined;
  return at + 1;
}

/** "tay shawn": a word of no list just before a sure name. */
function leadsName(view: View, at: number): number | undefined {
  if ((view.flags(at) & (noName | Flag.common | otherThing)) !== 0 || likeness(view, at) < 2) return undefined;
  const follows = likeness(view, at + 1) >= 2 && view.named(at + 1) >= 0.9;
  return follows && view.named(at) >= likely ? at + 1 : undefined;
}

/** "priyanka something subramanian": the rest of a name that is not sure. */
function unsure(view: View, at: number): number | undefined {
  if (view.before?.kind !== 'NAME' || view.before.end !== at || view.token(at).lower !== 'something') return undefined;
  return likeness(view, at + 1) >= 1 && isRare(view, at + 1) ? at + 2 : undefined;
}

/** Names told by how somebody tells them. */
export const telling: Recognizer = {
  name: 'telling',
  opens: Flag.word,
  match(view, at): Match | undefined {
    const end =
      (view.flags(at) & Flag.grammar) === 0
        ? (answered(view, at) ?? compared(view, at) ?? ranked(view, at) ?? relative(view, at) ?? leadsName(view, at))
        : unsure(view, at);
    return end === undefined ? undefined : { kind: 'NAME', end, score: end > at + 1 ? 0.885 : 0.66 };
  },
};
