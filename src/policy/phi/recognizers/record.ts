import { numeralRecognizer } from '../numeral.ts';
import type { Recognizer, Run, View } from '../recognizer.ts';

/**
 * Numbers that nobody named: letters mixed with digits, or digits said one by one. Four spoken single digits are no
 * quantity (that would be "four thousand five hundred"); typed ones may be a year or a price.
 */
function shape(run: Run, view: View): number {
  if (run.letters > 0) return run.digits.length >= 3 && run.code.length >= 5 ? 0.5 : 0;
  if (run.singles >= 4 || (run.digits.length >= 3 && isCalledNumber(view, run))) return 0.45;
  if (run.digits.length < 6) return 0;
  if (!run.typed) return run.singles >= 3 || run.atoms.length >= 5 ? 0.4 : 0;
  return run.atoms.length >= 3 || run.atoms.some((atom) => atom.value.length >= 5) ? 0.4 : 0;
}

/** "my number is four four three", the first part of one that somebody interrupted; "4417 is my number". */
function isCalledNumber(view: View, run: Run): boolean {
  const before = view.token(run.start - 1).lower === 'is' && view.token(run.start - 2).lower === 'number';
  const [is, my, number] = [0, 1, 2].map((offset) => view.token(run.end + offset).lower);
  return before || (is === 'is' && my === 'my' && number === 'number');
}

export const record: Recognizer = numeralRecognizer({ kind: 'MRN', cued: 2, asked: 3, shape });
export const member: Recognizer = numeralRecognizer({ kind: 'MEMBER', cued: 3, asked: 3, shape: () => 0 });
export const account: Recognizer = numeralRecognizer({ kind: 'ACCOUNT', cued: 3, asked: 3, shape: () => 0 });
