import { numeralRecognizer } from '../numeral.ts';
import type { Recognizer, Run } from '../recognizer.ts';

/** Thirteen to nineteen digits; surer where the check digit of ISO/IEC 7812-1 fits. */
function shape(run: Run): number {
  const { length } = run.digits;
  if (run.letters > 0 || length < 13 || length > 19) return 0;
  return passesLuhn(run.digits) ? 0.9 : length >= 15 ? 0.7 : 0.55;
}

export function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    const doubled = digit * 2;
    sum += at % 2 === 0 ? digit : doubled > 9 ? doubled - 9 : doubled;
  }
  return sum % 10 === 0;
}

export const card: Recognizer = numeralRecognizer({ kind: 'CARD', cued: 2, asked: 3, shape });
