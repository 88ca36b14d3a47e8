import { numeralRecognizer } from '../numeral.ts';
import type { Recognizer, Run } from '../recognizer.ts';

/** North American and international numbers, whole or their last seven digits. */
function shape(run: Run): number {
  const { length } = run.digits;
  if (run.letters > 0 || length < 7 || length > 15) return 0;
  if (length === 10 || (length === 11 && run.digits.startsWith('1'))) return 0.8;
  return length === 7 ? 0.75 : 0.6;
}

export const phone: Recognizer = numeralRecognizer({ kind: 'PHONE', cued: 2, asked: 3, shape });
export const fax: Recognizer = numeralRecognizer({ kind: 'FAX', cued: 2, asked: 3, shape: () => 0 });
