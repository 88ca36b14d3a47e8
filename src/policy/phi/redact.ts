import { seesAll, type KindClearance } from '../clearance.ts';
import { kinds } from './kinds.ts';
import type { Span } from './recognizer.ts';
import type { Pseudonyms, Restorer } from './tokenise.ts';

declare const redacted: unique symbol;

/** Text from which the kinds were removed that its reader is not cleared for. Only this file can make one. */
export type Redacted = string & { readonly [redacted]: true };

/** Stands for text whose kinds are not known: a recognizer failed, or held text had to leave before its end came. */
export const unread = '[REDACTED]';
/** Stands at the end of an interim for words that may still become part of a span. */
export const undecided = '\u2026';

function brand(text: string): text is Redacted {
  return typeof text === 'string';
}

function made(text: string): Redacted {
  if (!brand(text)) throw new TypeError('Redacted text is a string');
  return text;
}

/**
 * The text from `from` to `to`, with a stand-in for every span whose kind the reader may not see: the placeholder of the
 * kind, or the pseudonym of the value where the clearance says `token`. Spans are in order.
 */
export function redact(
  text: string,
  from: number,
  to: number,
  spans: readonly Span[],
  clearance: KindClearance,
  pseudonyms?: Pseudonyms,
): Redacted {
  let out = '';
  let at = from;
  for (const span of spans) {
    if (clearance[span.kind] === 'pass') continue;
    const pseudonym =
      clearance[span.kind] === 'token'
        ? pseudonyms?.pseudonymOf(span.kind, text.slice(span.start, span.end))
        : undefined;
    out += text.slice(at, span.start) + (pseudonym ?? kinds[span.kind].placeholder);
    at = span.end;
  }
  return made(out + text.slice(at, to));
}

/** An interim: decided text, then a mark for the undecided rest. */
export function withUndecided(shown: Redacted): Redacted {
  return made(shown + undecided);
}

/** A text of which nothing may show. */
export function maskedWhole(text: string): Redacted {
  return made(text.trim() === '' ? text : unread);
}

/** Text for a reader who is cleared for every kind. */
export function cleared(text: string, clearance: KindClearance): Redacted {
  if (!seesAll(clearance)) throw new Error('The reader is not cleared for every kind');
  return made(text);
}

/** A piece of a stream with the values of pseudonyms put back, those that the restorer's party is cleared for. */
export function restoredPiece(piece: Redacted, restorer: Restorer): Redacted {
  return made(restorer.push(piece));
}

/** The last piece of such a stream. */
export function restoredRest(piece: Redacted, restorer: Restorer): Redacted {
  return made(restorer.push(piece) + restorer.flush());
}

/** A whole text with the values of pseudonyms put back. */
export function restoredWhole(text: Redacted, restorer: Restorer): Redacted {
  return made(restorer.whole(text));
}

/** Pieces of one text, in order. */
export function joined(pieces: readonly Redacted[]): Redacted {
  return made(pieces.join(''));
}

export const nothing: Redacted = made('');
