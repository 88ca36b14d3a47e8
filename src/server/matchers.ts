import { RE2JS } from 're2js';
import { createEngine, type Engine } from '../policy/phi/engine.ts';
import type { Matcher } from '../policy/phi/custom.ts';
import type { PhiKind } from '../policy/phi/kinds.ts';

/** What a practice adds to the redactor: exact terms, and patterns in the syntax of RE2. */
export interface RedactionSettings {
  readonly terms: readonly { readonly text: string; readonly kind: PhiKind }[];
  readonly patterns: readonly { readonly pattern: string; readonly kind: PhiKind }[];
  /** Terms of its trade that are no names: they pass in hints to recognisers of speech. */
  readonly vocabulary: readonly string[];
}

/**
 * True where the pattern compiles in the linear-time engine and cannot match nothing. Back-references and look-around
 * have no linear-time form: they do not compile. https://github.com/google/re2/wiki/Syntax
 */
export function isUsablePattern(pattern: string): boolean {
  try {
    return !compile(pattern).matcher('').lookingAt();
  } catch {
    return false;
  }
}

/** The redactor with what the practice adds to it. */
export function engineOf(redaction: RedactionSettings): Engine {
  return createEngine({ matchers: matchersOf(redaction), vocabulary: redaction.vocabulary });
}

/** The additions, compiled. Every pattern has passed {@link isUsablePattern}. */
export function matchersOf({ terms, patterns }: Omit<RedactionSettings, 'vocabulary'>): Matcher[] {
  return [
    ...terms.map(({ text, kind }, index): Matcher => ({ name: `term ${index + 1}`, kind, longest: termMatcher(text) })),
    ...patterns.map(({ pattern, kind }, index): Matcher => ({
      name: `pattern ${index + 1}`,
      kind,
      longest: patternMatcher(pattern),
    })),
  ];
}

function compile(pattern: string): RE2JS {
  return RE2JS.compile(pattern, RE2JS.CASE_INSENSITIVE);
}

/** A term ends where a word ends: `glow` is not found in `glowing`. */
function termMatcher(term: string): Matcher['longest'] {
  const folded = term.trim().toLowerCase();
  return (text) => (text.startsWith(folded) && !/^[\p{L}\p{N}]/u.test(text.slice(folded.length)) ? folded.length : 0);
}

function patternMatcher(pattern: string): Matcher['longest'] {
  const compiled = compile(pattern);
  return (text) => {
    const matcher = compiled.matcher(text);
    return matcher.lookingAt() ? matcher.end() : 0;
  };
}
