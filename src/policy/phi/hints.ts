import { Flag } from './lexicon/flags.ts';
import { flagsOf, type Lexicon } from './lexicon/index.ts';
import type { Span } from './recognizer.ts';
import { tokenize, type Token } from './tokens.ts';

/**
 * A hint is a word that a recogniser of speech shall listen for: it stands alone, so nothing around it tells a name from a
 * product. What no word list has and the practice has not declared is therefore taken for a name.
 */
export function strangersIn(
  tokens: readonly Token[],
  spans: readonly Span[],
  lexicon: Lexicon,
  vocabulary: ReadonlySet<string>,
): readonly Span[] {
  const strangers = tokens
    .filter((token) => token.kind === 'word' && token.text.length > 1)
    .filter(({ start, end }) => !spans.some((span) => span.start < end && start < span.end))
    .filter((token) => !vocabulary.has(token.lower) && (flagsOf(token, lexicon) & listed) === 0)
    .map(({ start, end }): Span => ({ kind: 'NAME', start, end, score: 1 }));
  return [...spans, ...strangers].toSorted((one, other) => one.start - other.start);
}

/** On a list of words that mean something else than a person. */
const listed = ~(Flag.word | Flag.capital | Flag.capitals | Flag.given | Flag.surname | Flag.proper);

/** The words of the declared terms, folded as those of a text are. */
export function vocabularyOf(terms: readonly string[]): ReadonlySet<string> {
  return new Set(terms.flatMap((term) => tokenize(term).map(({ lower }) => lower)));
}
