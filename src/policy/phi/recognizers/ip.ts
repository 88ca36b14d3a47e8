import { Flag, numeral } from '../lexicon/flags.ts';
import type { Recognizer, View } from '../recognizer.ts';
import { readOctet } from '../digits.ts';

/** Four octets with "." or "dot" between: typed "172.16.254.9" or "one seventy two dot sixteen dot two fifty four dot nine". */
function readQuad(view: View, start: number): number | undefined {
  let at = start;
  for (let octets = 1; octets <= 4; octets += 1) {
    const end = readOctet(view, at);
    if (end === undefined) return undefined;
    if (octets === 4) return end;
    const mark = view.token(end).lower;
    if (mark !== '.' && mark !== 'dot' && mark !== 'point') return undefined;
    at = end + 1;
  }
  return undefined;
}

/** Three colons and more, so that no time of day is one; two where they stand together. */
const hexGroups = /^(?:(?:[0-9a-f]{0,4}:){3,7}[0-9a-f]{0,4}|[0-9a-f]{1,4}::[0-9a-f]{1,4})$/;

function readHex(view: View, at: number): number | undefined {
  let end = at + 1;
  while (end < at + 40 && view.glued(end) && (view.token(end).kind !== 'punct' || view.token(end).lower === ':'))
    end += 1;
  return hexGroups.test(view.slice(at, end - 1).toLowerCase()) ? end : undefined;
}

export const ip: Recognizer = {
  name: 'ip',
  opens: numeral | Flag.word,
  match(view, at) {
    if ((view.flags(at) & numeral) === 0 && !view.glued(at + 1)) return undefined;
    const end = readQuad(view, at) ?? (view.glued(at) ? undefined : readHex(view, at));
    return end === undefined ? undefined : { kind: 'IP', end, score: 0.99 };
  },
};
