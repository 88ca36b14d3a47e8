import { numeralRecognizer } from '../numeral.ts';
import type { Recognizer, Run, View } from '../recognizer.ts';

/** Typed in threes, twos and fours, or nine digits said one by one. */
function socialShape(run: Run): number {
  if (run.letters > 0 || run.digits.length !== 9) return 0;
  const groups = run.atoms.map((atom) => atom.value.length).join('');
  return groups === '324' ? 0.9 : 0.55;
}

/** A plate said or written without a word about it: letters and digits, six to eight. Weaker than a record number. */
function vehicleShape(run: Run, view: View): number {
  return view.context.asked.includes('VEHICLE') && run.letters > 0 ? 0.9 : 0;
}

export const social: Recognizer = numeralRecognizer({ kind: 'SSN', cued: 2, asked: 3, shape: socialShape });
export const license: Recognizer = numeralRecognizer({ kind: 'LICENSE', cued: 3, asked: 4, shape: () => 0 });
export const vehicle: Recognizer = numeralRecognizer({ kind: 'VEHICLE', cued: 3, asked: 3, shape: vehicleShape });
export const device: Recognizer = numeralRecognizer({ kind: 'DEVICE', cued: 4, asked: 4, shape: () => 0 });
