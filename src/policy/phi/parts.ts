import { readDigits } from './digits.ts';
import type { PhiKind } from './kinds.ts';
import type { Run, View } from './recognizer.ts';
import type { Token } from './tokens.ts';

/** How many digits make a value whole; kinds that are absent have no length of their own. */
const whole: Partial<Record<PhiKind, readonly number[]>> = {
  PHONE: [7, 10, 11],
  FAX: [7, 10, 11],
  SSN: [9],
  CARD: [15, 16],
};
/** A part of a value comes at most so many tokens after the one before it. */
const longestPause = 24;

/** "nine one six five five five oh one four, the baby's got my arm, okay four": what was missing of a value of a known length. */
export function completes(view: View, run: Run, kind: PhiKind): boolean {
  const { before } = view;
  const lengths = whole[kind];
  if (lengths === undefined || before?.kind !== kind || run.letters > 0 || run.start - before.end > longestPause)
    return false;
  const tokens: Token[] = [];
  for (let at = before.start; at < before.end; at += 1) tokens.push(view.token(at));
  const said = readDigits(tokens).length;
  return !lengths.includes(said) && lengths.includes(said + run.digits.length);
}

/** "is that a one or a seven", "a zero or an o": what somebody who reads a value is in doubt of. */
export function isDoubt(view: View, run: Run, kind: PhiKind): boolean {
  const { before } = view;
  if (run.code.length !== 1 || before?.kind !== kind || run.start - before.end > 3) return false;
  return ['a', 'an'].includes(view.token(run.start - 1).lower) && view.token(run.start - 2).lower === 'or';
}

const differs = new Set(['but', 'except', 'only', 'with', 'instead']);
/** So far back the other value is spoken of. */
const farthest = 9;

/** "hers is the same but with a 05 at the end": the digits in which a value differs from one that is known. */
export function isDifference(view: View, run: Run): boolean {
  if (run.digits.length < 2 || run.digits.length > 4) return false;
  let differing = false;
  for (let at = run.start - 1; at >= run.start - farthest; at -= 1) {
    const { lower } = view.token(at);
    if (lower === 'same') return differing;
    differing ||= differs.has(lower) || lower.startsWith('end');
  }
  return false;
}
