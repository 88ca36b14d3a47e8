import { Flag, numeral } from '../lexicon/flags.ts';
import type { Match, Recognizer, View } from '../recognizer.ts';

/** Overseas post offices of the forces and embassies; what their mail is addressed to there. */
const offices = new Set(['apo', 'fpo', 'dpo']);
const overseas = new Set(['aa', 'ae', 'ap']);
const boxes = new Set(['psc', 'cmr']);

/** Tokens of a short word, said as a word or letter by letter; 0 where it does not stand here. */
function spelled(view: View, at: number, words: ReadonlySet<string>): number {
  if (words.has(view.token(at).lower)) return 1;
  let said = '';
  for (let next = at; next < at + 3 && (view.flags(next) & Flag.letter) !== 0; next += 1) {
    said += view.token(next).lower;
    if (words.has(said)) return next + 1 - at;
  }
  return 0;
}

function past(view: View, at: number): number {
  return view.token(at).lower === ',' ? at + 1 : at;
}

/** "fpo a p nine six six seven two", "psc 41 box 22 apo a e". */
function mailEnd(view: View, at: number): number | undefined {
  const office = spelled(view, at, offices);
  if (office > 0) {
    const next = past(view, at + office);
    const region = spelled(view, next, overseas);
    const code = past(view, next + region);
    const end = (view.flags(code) & numeral) === 0 ? undefined : view.run(code)?.end;
    return end ?? (region > 0 ? next + region : undefined);
  }
  const letters = spelled(view, at, boxes);
  if (letters === 0 || (view.flags(at + letters) & numeral) === 0) return undefined;
  const end = view.run(at + letters)?.end;
  const box = end === undefined ? at : past(view, end);
  return view.token(box).lower === 'box' ? (view.run(box + 1)?.end ?? end) : end;
}

/** "general delivery": the mail of who has no address. */
function isGeneralDelivery(view: View, at: number): boolean {
  return view.token(at).lower === 'general' && view.token(at + 1).lower === 'delivery';
}

const never = Flag.grammar | Flag.filler | Flag.relation | Flag.end | Flag.punct | Flag.digit | Flag.unit;

function isName(view: View, at: number): boolean {
  const flags = view.flags(at);
  return (flags & Flag.word) !== 0 && (flags & never) === 0;
}

const tails = [
  'air force base',
  'air force station',
  'space force base',
  'air base',
  'army base',
  'army depot',
  'navy base',
  'naval base',
  'naval station',
  'naval air station',
  'naval shipyard',
  'marine base',
  'marine corps base',
  'air station',
  'barracks',
  'afb',
  'a f b',
].map((words) => words.split(' '));

/** Tokens of the phrase that stands here; 0 where none does. */
function phraseLength(view: View, at: number, phrases: readonly (readonly string[])[]): number {
  const phrase = phrases.find((words) => words.every((word, index) => view.token(at + index).lower === word));
  return phrase?.length ?? 0;
}

/** "hill air force base", "joint base pearl harbor". */
function baseEnd(view: View, at: number): number | undefined {
  if (!isName(view, at)) return undefined;
  const led = leadLength(view, at);
  if (led > 0) return namesEnd(view, at + led);
  for (let next = at + 1; next <= at + 3; next += 1) {
    const tail = phraseLength(view, next, tails);
    if (tail > 0) return next + tail;
    if (!isName(view, next)) return undefined;
  }
  return undefined;
}

const leads = [
  'naval station',
  'naval air station',
  'naval base',
  'joint base',
  'coast guard station',
  'marine corps base',
  'camp',
  'fort',
].map((words) => words.split(' '));

/** Tokens of "naval station", "fort": the name of a base follows. */
function leadLength(view: View, at: number): number {
  const lead = phraseLength(view, at, leads);
  if (lead === 0) return 0;
  const flags = view.flags(at + lead);
  // "camp is over", "fort and all": a short word needs a name after it.
  const everyday = (flags & (Flag.common | Flag.book)) === Flag.common && (flags & (Flag.surname | Flag.given)) === 0;
  const capital = (flags & Flag.capital) !== 0;
  if (lead > 1) return isName(view, at + lead) || isGreat(view, at + lead) ? lead : 0;
  return isName(view, at + 1) && (!everyday || capital) ? 1 : 0;
}

/** "naval station great lakes". */
function isGreat(view: View, at: number): boolean {
  return view.token(at).lower === 'great' && isName(view, at + 1);
}

/** The name after it: one word, or two where the second is no word of every day or the end follows it. */
function namesEnd(view: View, at: number): number {
  const next = view.flags(at + 1);
  const rare = (next & Flag.common) === 0 || (next & (Flag.capital | Flag.proper)) !== 0;
  const last = isGreat(view, at) || (view.flags(at + 2) & (Flag.end | Flag.punct | numeral)) !== 0;
  return isName(view, at + 1) && (rare || last) ? at + 2 : at + 1;
}

/** A letter of each that is said letter by letter: "a p o", "p s c", "c m r". */
const letters = ['p', 'm'];
const openings = [...tails, ...leads].map(([first = '']) => first);
const signs = new Set(['general', ...offices, ...boxes, ...letters, ...openings]);

/** Where those live who serve: bases, and the mail that reaches them. */
export const military: Recognizer = {
  name: 'military',
  opens: 0,
  near: signs,
  match(view, at): Match | undefined {
    const delivery = isGeneralDelivery(view, at) ? at + 2 : undefined;
    const end = delivery ?? mailEnd(view, at) ?? baseEnd(view, at);
    return end === undefined ? undefined : { kind: 'ADDRESS', end, score: 0.965 };
  },
};
