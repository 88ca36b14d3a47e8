import { Flag } from './lexicon/flags.ts';
import type { PhiKind } from './kinds.ts';
import type { Recognizer } from './recognizer.ts';

/**
 * A term or pattern of the practice. `longest` returns the length, in UTF-16 code units, of the longest match that
 * begins at the start of `text` (folded to lower case, runs of white space as they are), or 0. It must run in time
 * linear in the text and be pure: the server compiles the patterns of an operator with a linear-time engine.
 */
export interface Matcher {
  readonly name: string;
  readonly kind: PhiKind;
  longest(text: string): number;
}

/** How many tokens of text a matcher is shown. */
const reach = 12;

export function customRecognizer(matcher: Matcher): Recognizer {
  return {
    name: matcher.name,
    opens: Flag.word | Flag.number | Flag.punct,
    match(view, at) {
      let last = at;
      while (last < at + reach && (view.flags(last + 1) & Flag.end) === 0) last += 1;
      const length = matcher.longest(view.slice(at, last).toLowerCase());
      if (length === 0) return undefined;
      const until = view.token(at).start + length;
      let end = at + 1;
      while (end <= last && view.token(end).start < until) end += 1;
      return { kind: matcher.kind, end, score: 1 };
    },
  };
}
