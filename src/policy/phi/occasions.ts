import { Flag, numeral } from './lexicon/flags.ts';
import type { View } from './recognizer.ts';

/** Days of the year by their names, without the "'s" that half of the recognisers of speech leave out. */
const feasts = new Set(
  `valentine day,valentines day,valentines,saint valentine day,st valentine day,labor day,memorial day,veterans day,veteran day,presidents day,president day,columbus day,
mother day,mothers day,father day,fathers day,grandparents day,new year,new years,new year day,new years day,new year eve,new years eve,christmas,christmas day,christmas eve,
xmas,xmas eve,xmas day,noel,nochebuena,thanksgiving,thanksgiving day,halloween,halloween night,easter,easter sunday,easter monday,easter saturday,independence day,
juneteenth,hanukkah,chanukah,passover,purim,sukkot,shavuot,diwali,holi,groundhog day,leap day,leap year day,boxing day,good friday,ash wednesday,palm sunday,holy thursday,
maundy thursday,holy saturday,mlk day,king day,martin luther king day,yom kippur,rosh hashanah,cinco de mayo,black friday,cyber monday,april fools,april fool day,april fools day,
april fool,flag day,pi day,earth day,arbor day,may day,d day,pearl harbor day,super bowl,superbowl,super bowl sunday,superbowl sunday,mardi gras,fat tuesday,shrove tuesday,pentecost,epiphany,
three kings day,three kings,all saints day,all saint day,all souls day,all soul day,all hallows eve,day of the dead,dia de los muertos,ramadan,eid,eid al fitr,eid al adha,
kwanzaa,lunar new year,chinese new year,tet,nowruz,bastille day,canada day,victoria day,guy fawkes,guy fawkes night,bonfire night,armistice day,remembrance day,anzac day,v e day,
v j day,ve day,vj day,patriots day,patriot day,election day,tax day,indigenous peoples day,constitution day,ides of march,winter solstice,summer solstice,spring equinox,fall equinox,
autumn equinox,vernal equinox,autumnal equinox,solstice,equinox,midsummer,midsummer day,midsummer eve,michaelmas,candlemas,walpurgis night,burns night,twelfth night,
star wars day,paddy day,paddys day,patty day,pattys day,sweetest day,bosses day,administrative professionals day,nurses day,armed forces day,kentucky derby day,derby day,
opening day,orthodox christmas,orthodox easter,women day,womens day,childrens day,children day`
    .split(',')
    .map((day) => day.trim()),
);
const openings = new Set([...feasts].map((day) => day.split(' ')[0] ?? ''));
const saints = new Set(['saint', 'st', 'san', 'santa']);
const longestFeast = 7;

/** The token after a feast that begins at a token: "christmas eve", "saint lucy's day", "the feast of saint anne". */
export function feastEnd(view: View, at: number): number | undefined {
  const { lower } = view.token(at);
  if (lower === 'feast') return namedFeast(view, at);
  return (openings.has(lower) ? listed(view, at) : undefined) ?? (saints.has(lower) ? saintsDay(view, at) : undefined);
}

/** By the first word of a feast, those that may stand second. */
const seconds = new Map<string, Set<string>>();
for (const [first = '', second] of [...feasts].map((day) => day.split(' ')))
  if (second !== undefined) seconds.set(first, (seconds.get(first) ?? new Set()).add(second));

function listed(view: View, at: number): number | undefined {
  const { lower: first } = view.token(at);
  // Many feasts begin with a word of every day.
  const next = isPossessive(view.token(at + 1).lower) ? at + 2 : at + 1;
  if (!feasts.has(first) && seconds.get(first)?.has(view.token(next).lower) !== true) return undefined;
  let end: number | undefined;
  let said = '';
  for (let next = at; next < at + longestFeast; next += 1) {
    const { lower } = view.token(next);
    if (!isPossessive(lower)) said += said === '' ? lower : ` ${lower}`;
    if (feasts.has(said)) end = next + (around.has(view.token(next + 1).lower) ? 2 : 1);
    else if (said.split(' ').length > 3) break;
  }
  return end;
}

/** "labor day weekend". */
const around = new Set(['weekend', 'night', 'morning']);

function isPossessive(lower: string): boolean {
  return lower === "'s" || lower === "'" || lower === '\u2019';
}

/** "saint patrick's day", "st john the baptist's eve". */
function saintsDay(view: View, at: number): number | undefined {
  for (let next = at + 2; next < at + longestFeast; next += 1) {
    const { lower } = view.token(next);
    if (lower === 'day' || lower === 'eve') return next + 1;
    if ((view.flags(next) & (Flag.end | numeral)) !== 0) return undefined;
  }
  return undefined;
}

/** "feast of the assumption", "feast day of saint nicholas". */
function namedFeast(view: View, at: number): number | undefined {
  const of = view.token(at + 1).lower === 'day' ? at + 2 : at + 1;
  if (view.token(of).lower !== 'of') return undefined;
  const from = view.token(of + 1).lower === 'the' ? of + 2 : of + 1;
  const named = saints.has(view.token(from).lower) || view.token(from).lower === 'our' ? from + 1 : from;
  return (view.flags(named) & Flag.word) === 0 ? undefined : named + 1;
}

const spans = new Set('day days week weeks weekend weekends night morning eve monday weekday half'.split(' '));
const ranks = new Set(['last', 'final', 'very', 'next']);
const relates = new Set(['after', 'before', 'of', 'in', 'following']);
const leads = new Set(['the', 'a', 'couple', ...ranks, ...spans]);
export const opensLead = numeral | Flag.ordinal | Flag.weekday;

/**
 * Over words that place a day beside another: "the last day of", "second saturday in", "two days before", "the week after". They
 * tell the day as much as what they lead to does. The token itself where there are none.
 */
export function overLead(view: View, at: number): number {
  const { lower } = view.token(at);
  if (!leads.has(lower) && (view.flags(at) & opensLead) === 0) return at;
  if (isLead(view, at - 1)) return at;
  let next = lower === 'the' ? at + 1 : at;
  for (let words = 0; words < 3 && isLead(view, next); words += 1) next += 1;
  const named = next > at && isSpan(view, next - 1);
  if (!named || !relates.has(view.token(next).lower)) return lower === 'the' ? at + 1 : at;
  return view.token(next + 1).lower === 'the' ? next + 2 : next + 1;
}

function isSpan(view: View, at: number): boolean {
  return spans.has(view.token(at).lower) || (view.flags(at) & Flag.weekday) !== 0;
}

function isLead(view: View, at: number): boolean {
  return isSpan(view, at) || leads.has(view.token(at).lower) || (view.flags(at) & (numeral | Flag.ordinal)) !== 0;
}

const seasons = new Set(['spring', 'summer', 'fall', 'autumn', 'winter', 'year', 'lent', 'advent']);

/** What a feast, a season or what leads to them begins with; besides numbers, ranks and weekdays. */
export const occasionWords: ReadonlySet<string> = new Set(['feast', ...openings, ...saints, ...leads, ...seasons]);

/** "spring", "the first day of spring", "the last day of the year": what a day of it leads to, or a year follows. */
export function isSeason(view: View, at: number): boolean {
  return seasons.has(view.token(at).lower);
}
