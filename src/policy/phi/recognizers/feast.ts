import { found } from '../calendar.ts';
import { Flag } from '../lexicon/flags.ts';
import type { Recognizer, View } from '../recognizer.ts';
import { tells } from '../told.ts';

/** Days of the year by their names, without the "'s" that half of the recognisers of speech leave out. */
const feasts = new Set(
  `valentine day,valentines day,labor day,memorial day,veterans day,veteran day,presidents day,president day,columbus day,mother day,mothers day,father day,fathers day,
new year day,new years day,new year eve,new years eve,christmas,christmas day,christmas eve,thanksgiving,thanksgiving day,halloween,easter,easter sunday,easter monday,
independence day,juneteenth,hanukkah,passover,diwali,groundhog day,leap day,boxing day,good friday,ash wednesday,palm sunday,saint patrick day,saint patricks day,
st patrick day,st patricks day,mlk day,yom kippur,rosh hashanah,cinco de mayo,black friday`
    .split(',')
    .map((day) => day.trim()),
);
const openings = new Set([...feasts].map((day) => day.split(' ')[0] ?? ''));

/** The token after a feast that begins at a token. */
function feastEnd(view: View, at: number): number | undefined {
  if (!openings.has(view.token(at).lower)) return undefined;
  let end: number | undefined;
  let said = '';
  for (let next = at; next < at + 5; next += 1) {
    const { lower } = view.token(next);
    if (lower !== "'s") said += said === '' ? lower : ` ${lower}`;
    if (feasts.has(said)) end = next + 1;
    else if (said.split(' ').length > 2) break;
  }
  return end;
}

/** "the day after thanksgiving": the words before the feast belong to the date. */
function startOfFeast(view: View, at: number): number {
  if (view.token(at).lower !== 'the') return at;
  const span =
    ['day', 'week', 'weekend', 'night'].includes(view.token(at + 1).lower) || (view.flags(at + 1) & Flag.weekday) !== 0;
  return span && ['after', 'before', 'of'].includes(view.token(at + 2).lower) ? at + 3 : at;
}

/** "christmas is bad": a free day is looked for. */
const judged = new Set(['is', 'week', 'works', 'would', 'sounds']);

/** A feast on which something happened to somebody; whether a practice is open on it says nothing of anybody. */
export const feast: Recognizer = {
  name: 'feast',
  opens: Flag.word,
  match(view, at) {
    const start = startOfFeast(view, at);
    const end = feastEnd(view, start);
    if (end === undefined) return undefined;
    const opens = (view.flags(at - 1) & (Flag.end | Flag.filler)) !== 0;
    const answers =
      view.context.asksBirth || (view.context.asked.includes('DATE') && opens && !judged.has(view.token(end).lower));
    return answers || tells(view, at) ? found(end, 0.75) : undefined;
  },
};
