import { ambiguousNames } from './lexicon/homographs.ts';
import { Flag } from './lexicon/flags.ts';
import type { View } from './recognizer.ts';

/** Words of these kinds are no part of a name. */
export const never =
  Flag.grammar |
  Flag.filler |
  Flag.weekday |
  Flag.unit |
  Flag.digit |
  Flag.teen |
  Flag.tens |
  Flag.title |
  Flag.relation |
  Flag.ordinal;

/** How much a word looks like part of a name: 3 a given name, 2 a name or no known word, 1 a word that is also a name. */
export function likeness(view: View, at: number): number {
  const flags = view.flags(at);
  if ((flags & Flag.word) === 0 || (flags & never) !== 0 || view.token(at).end - view.token(at).start < 2) return 0;
  const named = (flags & (Flag.given | Flag.surname)) !== 0;
  const given = (flags & Flag.given) !== 0;
  if (ambiguous.has(view.token(at).lower)) return 1;
  if ((flags & (Flag.month | Flag.state | Flag.street)) !== 0) return named ? 1 : 0;
  if ((flags & Flag.town) !== 0) return given ? 2 : named ? 1 : 0;
  if ((flags & Flag.common) === 0) return given ? 3 : named || !isTermShaped(view.token(at).lower) ? 2 : 0;
  if (!named) return 0;
  if ((flags & Flag.proper) !== 0 && given) return 3;
  return (flags & Flag.book) !== 0 ? 2 : 1;
}

const ambiguous = new Set(ambiguousNames.split(/\s+/));

/** Endings of English and of medicine that people's names do not have: an unknown word with one is a term. */
const termEnding =
  /(?:ness|ing|tion|sion|ment|ity|ism|able|ible|ous|ful|less|ly|ed|itis|osis|emia|ology|opathy|ectomy|plasty|otomy|cillin|mycin|micin|azole|pril|sartan|statin|olol|azepam|oxetine|idine|tide|mab|nib|vir|caine|phen|amide|ization|ise|ize|izing|ized)s?$/;

function isTermShaped(word: string): boolean {
  return word.length > 5 && termEnding.test(word);
}
