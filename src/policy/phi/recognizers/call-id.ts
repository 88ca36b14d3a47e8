import { Flag } from '../lexicon/flags.ts';
import type { Recognizer, View } from '../recognizer.ts';
import type { Token } from '../tokens.ts';

/** Twilio identifiers (two letters, 32 hexadecimal digits) and UUIDs. https://www.twilio.com/docs/glossary/what-is-a-sid */
const shapes = /^(?:[a-z]{2}[0-9a-f]{32}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
const longest = 60;

/** The token after everything that is glued to the first one. */
function gluedEnd(view: View, at: number): number {
  let end = at + 1;
  while (
    end < at + longest &&
    view.glued(end) &&
    (view.flags(end) & Flag.end) === 0 &&
    (view.token(end).kind !== 'punct' || view.token(end).lower === '-')
  )
    end += 1;
  while (view.token(end - 1).lower === '-') end -= 1;
  return end;
}

/** A mark that a quoted or bracketed identifier follows; a dash or a letter before it makes it another word. */
function opens({ kind, lower }: Token): boolean {
  return kind === 'punct' && lower !== '-';
}

export const callId: Recognizer = {
  name: 'call-id',
  opens: Flag.word | Flag.number,
  match(view, at) {
    if (!view.glued(at + 1) || (view.glued(at) && !opens(view.token(at - 1)))) return undefined;
    const end = gluedEnd(view, at);
    return shapes.test(view.slice(at, end - 1).toLowerCase()) ? { kind: 'CALL_ID', end, score: 1 } : undefined;
  },
};
