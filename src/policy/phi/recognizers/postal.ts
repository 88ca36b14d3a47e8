import { numeralRecognizer } from '../numeral.ts';
import { Flag } from '../lexicon/flags.ts';
import type { Recognizer, Run, View } from '../recognizer.ts';
import { stateCodes } from '../lexicon/words.ts';

const codes = new Set(stateCodes.split(/\s+/));

/** Five digits, or nine, after a state or an address; British and Canadian codes by their shape. */
function shape(run: Run, view: View): number {
  const { length } = run.digits;
  if (run.letters === 0) {
    if (length !== 5 && length !== 9) return 0;
    return followsPlace(view, run.start) ? 0.85 : length === 5 && run.singles === 5 ? 0.48 : 0;
  }
  const british = /^[a-z]{1,2}[0-9][0-9a-z]?[0-9][a-z]{2}$/.test(run.code);
  return british || /^[a-z][0-9][a-z][0-9][a-z][0-9]$/.test(run.code) ? 0.7 : 0;
}

function followsPlace(view: View, at: number): boolean {
  const before = view.token(at - 1).lower === ',' ? at - 2 : at - 1;
  if (view.before?.kind === 'ADDRESS' && at - view.before.end <= 4) return true;
  return (
    (view.flags(before) & Flag.state) !== 0 ||
    ((view.flags(before) & Flag.capitals) !== 0 && codes.has(view.token(before).lower))
  );
}

export const postal: Recognizer = numeralRecognizer({ kind: 'ADDRESS', cued: 3, asked: 3, shape });
