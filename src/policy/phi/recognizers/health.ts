import { Flag } from '../lexicon/flags.ts';
import type { Phrases } from '../lexicon/phrases.ts';
import type { PhiKind } from '../kinds.ts';
import type { Recognizer } from '../recognizer.ts';

/** Surer than a guess at a name ("graves disease", "hashimoto's"), less sure than a name that was asked for. */
const score = 0.75;

/** Diagnoses, drugs, procedures and products by their terms. */
export function healthRecognizer(terms: Phrases<PhiKind>): Recognizer {
  return {
    name: 'health',
    opens: Flag.health,
    match(view, at) {
      const term = terms.longest(view, at);
      if (term === undefined) return undefined;
      const possessive = view.token(term.end).lower === "'s" ? 1 : 0;
      return { kind: term.value, end: term.end + possessive, score };
    },
  };
}
