import { Flag, numeral } from '../lexicon/flags.ts';
import type { Phrases } from '../lexicon/phrases.ts';
import type { PhiKind } from '../kinds.ts';
import type { Recognizer, View } from '../recognizer.ts';

/** Surer than a guess at a name ("graves disease", "hashimoto's"), less sure than a name that was asked for. */
const score = 0.75;

/** "d v t seven five": letters before a number are a code. */
function isCode(view: View, at: number, end: number): boolean {
  return (view.flags(at) & Flag.letter) !== 0 && (view.flags(end) & numeral) !== 0;
}

/** Diagnoses, drugs, procedures and products by their terms. */
export function healthRecognizer(terms: Phrases<PhiKind>): Recognizer {
  return {
    name: 'health',
    opens: Flag.health,
    match(view, at) {
      const term = terms.longest(view, at);
      if (term === undefined || isCode(view, at, term.end)) return undefined;
      const possessive = view.token(term.end).lower === "'s" ? 1 : 0;
      return { kind: term.value, end: term.end + possessive, score };
    },
  };
}
