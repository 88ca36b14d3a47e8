import { found, withYear } from '../calendar.ts';
import { Flag } from '../lexicon/flags.ts';
import { feastEnd, isSeason, occasionWords, opensLead, overLead } from '../occasions.ts';
import type { Recognizer, View } from '../recognizer.ts';
import { tells } from '../told.ts';

/** "christmas is bad": a free day is looked for. */
const judged = new Set(['is', 'week', 'works', 'would', 'sounds']);

/** What a caller gives who was asked for a day. */
function answers(view: View, at: number, end: number): boolean {
  if (view.context.asksBirth) return true;
  const opens = (view.flags(at - 1) & (Flag.end | Flag.filler)) !== 0;
  return view.context.asked.includes('DATE') && opens && !judged.has(view.token(end).lower);
}

const reaches = new Set(['to', 'till', 'until', 'through', 'thru', 'and']);
/** So many words after a day another one still goes on with it. */
const near = 8;

/** "from november third and then every week to christmas eve": the end of what began with a day. */
function endsSpan(view: View, at: number): boolean {
  return view.before?.kind === 'DATE' && at - view.before.end <= near && reaches.has(view.token(at - 1).lower);
}

/** Where a year is said with it, no other year would do: it is one day of somebody's life. */
function saysYear(view: View, end: number): boolean {
  const last = view.token(end - 1).lower;
  return (
    /^(?:19|20)\d\d$/.test(last) || view.token(end - 2).lower === 'nineteen' || view.token(end - 3).lower === 'nineteen'
  );
}

function endOf(view: View, at: number, core: number): number | undefined {
  const end = feastEnd(view, core);
  if (end !== undefined) return withYear(view, end);
  if (!isSeason(view, core)) return undefined;
  const year = withYear(view, core + 1);
  // "the first day of spring" is a day; a season alone is none.
  return core - at > 2 || (year > core + 1 && view.token(core).lower !== 'year') ? year : undefined;
}

/** A feast on which something happened to somebody; whether a practice is open on it says nothing of anybody. */
export const feast: Recognizer = {
  name: 'feast',
  opens: opensLead,
  begins: occasionWords,
  match(view, at) {
    const end = feastEnd(view, at) === undefined ? endOf(view, at, overLead(view, at)) : endOf(view, at, at);
    if (end === undefined) return undefined;
    const own =
      answers(view, at, end) ||
      tells(view, at) ||
      view.token(end).lower === 'baby' ||
      endsSpan(view, at) ||
      saysYear(view, end);
    return own ? found(end, view.context.asksBirth ? 0.96 : 0.75) : undefined;
  },
};
