import { keptPieces, pieces, withoutPlaceholders } from './align.ts';
import { isIdentifier } from './items.ts';
import type { Label, Turn } from './items.ts';

/** What came out for one turn. */
export interface Outputs {
  readonly deltas: readonly string[];
  readonly interims: readonly { readonly input: string; readonly output: string }[];
  readonly final: string | undefined;
}

const digitOf: Readonly<Record<string, string>> = {
  zero: '0',
  oh: '0',
  o: '0',
  nought: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
  eleven: '11',
  twelve: '12',
  thirteen: '13',
  fourteen: '14',
  fifteen: '15',
  sixteen: '16',
  seventeen: '17',
  eighteen: '18',
  nineteen: '19',
  twenty: '20',
  thirty: '30',
  forty: '40',
  fifty: '50',
  sixty: '60',
  seventy: '70',
  eighty: '80',
  ninety: '90',
};
const times: Readonly<Record<string, number>> = { double: 2, triple: 3, treble: 3 };
const idle = new Set(
  `um uh er erm hmm the of and sorry no not wait like on in is that s i mean well at dot dash underscore as for to or then so it double triple space hyphen point plus com net org`.split(
    ' ',
  ),
);
const numberTypes = new Set(['PHONE', 'FAX', 'SSN', 'MRN', 'CARD', 'LICENSE', 'VEHICLE', 'DEVICE', 'IP']);
const wordTypes = new Set(['NAME', 'EMAIL', 'ADDRESS', 'URL']);

/** Words with spoken digits as digits; accents, case and punctuation gone. */
export function folded(text: string): string[] {
  const words =
    text
      .normalize('NFKD')
      .replace(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[a-z]+|[0-9]+/g) ?? [];
  const out: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    const next = digitOf[words[at + 1] ?? ''];
    const repeat = times[word];
    if (repeat !== undefined && next?.length === 1) {
      out.push(next.repeat(repeat));
      at += 1;
    } else if (/^[2-9]0$/.test(digitOf[word] ?? '') && next?.length === 1 && next !== '0') {
      out.push((digitOf[word] ?? '').charAt(0) + next);
      at += 1;
    } else out.push(digitOf[word] ?? word);
  }
  return out;
}

/** Runs of digits that stand together in a folded text. */
function digitRuns(words: readonly string[]): string[] {
  const runs: string[] = [];
  let run = '';
  for (const word of [...words, 'x']) {
    if (/^\d+$/.test(word)) run += word;
    else {
      if (run !== '') runs.push(run);
      run = '';
    }
  }
  return runs;
}

/** Does a span stand in an output? `outside` holds the folded words of the turn that are in no span. */
function survives(value: string, type: string, output: string, outside: ReadonlySet<string>): boolean {
  const own = folded(value);
  const seen = folded(withoutPlaceholders(output));
  const telling = own.filter((word) => !idle.has(word) && !outside.has(word));
  if (telling.length === 0) return false;
  const joined = own.join('');
  if (joined.length >= 5 && seen.join('').includes(joined)) return true;
  const seenSet = new Set(seen);
  if (numberTypes.has(type)) return digitsSurvive(own, seen);
  if (wordTypes.has(type))
    return telling.some(
      (word) =>
        (word.length > 1 && !/^\d+$/.test(word) && seenSet.has(word)) || (word.length >= 4 && seenSet.has(word)),
    );
  return telling.filter((word) => seenSet.has(word)).length >= Math.min(2, telling.length);
}

function digitsSurvive(own: readonly string[], seen: readonly string[]): boolean {
  const digits = own.filter((word) => /^\d+$/.test(word)).join('');
  const least = Math.min(4, digits.length);
  if (least < 3) return false;
  const runs = digitRuns(seen);
  for (let at = 0; at + least <= digits.length; at += 1) {
    const part = digits.slice(at, at + least);
    if (runs.some((run) => run.includes(part))) return true;
  }
  return false;
}

function outsideWords(turn: Turn): Set<string> {
  let text = turn.text;
  for (const span of [...turn.spans].sort((a, b) => b.start - a.start))
    if (isIdentifier(span.type)) text = `${text.slice(0, span.start)} . ${text.slice(span.end)}`;
  return new Set(folded(text));
}

export function findLeaks(turn: Turn, outputs: Outputs): string[] {
  const ids = turn.spans.filter((span) => isIdentifier(span.type));
  if (ids.length === 0) return [];
  const outside = outsideWords(turn);
  const joined = outputs.deltas.join('');
  const views: [string, string][] = [
    ...outputs.deltas.map((text): [string, string] => ['delta', text]),
    ...outputs.interims.map(({ output }): [string, string] => ['interim', output]),
  ];
  if (outputs.deltas.length > 0) views.push(['joined', joined]);
  if (outputs.final !== undefined) views.push(['final', outputs.final]);
  const found: string[] = [];
  for (const span of ids) {
    const value = turn.text.slice(span.start, span.end);
    for (const [name, text] of views)
      if (survives(value, span.type, text, outside)) found.push(`${name} ${span.type} "${value}" in "${text}"`);
    const last = outputs.final ?? joined;
    if (keptOf(turn, span, last)) found.push(`kept ${span.type} "${value}" in "${last}"`);
  }
  return [...found, ...interimLeaks(turn, ids, outputs, outside)];
}

/** Check 5 on the whole turn: a required piece that stayed where it stood. */
function keptOf(turn: Turn, span: Label, output: string): boolean {
  const all = pieces(turn.text);
  const kept = keptPieces(all, output);
  return all.some(
    (piece, index) =>
      kept[index] === true && piece.start >= span.start && piece.end <= span.end && !idle.has(piece.text),
  );
}

/** Check 5 on interims: words of a span that stood in the hypothesis and still stand in what came out. */
function interimLeaks(_turn: Turn, ids: readonly Label[], outputs: Outputs, outside: ReadonlySet<string>): string[] {
  const found: string[] = [];
  for (const { input, output } of outputs.interims) {
    const all = pieces(input);
    const kept = keptPieces(all, output);
    for (const span of ids) {
      const own = new Set(pieces(_turn.text.slice(span.start, span.end)).map((piece) => piece.text));
      const stayed = all.filter(
        (piece, index) =>
          kept[index] === true &&
          own.has(piece.text) &&
          !idle.has(piece.text) &&
          !outside.has(folded(piece.text)[0] ?? ''),
      );
      if (stayed.length > 0)
        found.push(
          `interim-kept ${span.type} "${stayed.map((piece) => piece.text).join(' ')}" of "${input}" in "${output}"`,
        );
    }
  }
  return found;
}
