import type { KindClearance } from '../../src/policy/clearance.ts';
import type { Engine } from '../../src/policy/phi/engine.ts';
import { percentile } from './bootstrap.ts';
import { findLeaks } from './stream-checks.ts';
import { cutStyles, cutText, hypotheses } from './cuts.ts';
import { hasIdentifier } from './items.ts';
import type { Item } from './items.ts';
import { pieces, keptPieces } from './align.ts';
import { Random, seedOf } from './random.ts';

interface Tally {
  calls: number;
  leaking: number;
  differing: number;
  keptClean: number;
  clean: number;
  readonly times: number[];
  readonly shown: string[];
}

/** Leaks of a stream of each style, by all checks of the labelling rules, section "Streaming checks". */
export function streamReport(
  engine: Engine,
  items: readonly Item[],
  clearance: KindClearance,
  show: boolean,
): string[] {
  const lines: string[] = [];
  for (const style of [...cutStyles, 'interim'] as const) {
    const tally: Tally = { calls: 0, leaking: 0, differing: 0, keptClean: 0, clean: 0, times: [], shown: [] };
    for (const item of items) runItem(engine, item, clearance, style, tally);
    const sorted = [...tally.times].sort((a, b) => a - b);
    lines.push(
      `${style.padEnd(8)} call leak ${((100 * tally.leaking) / Math.max(1, tally.calls)).toFixed(1)} % of ${String(tally.calls)} | turns unlike the whole ${String(tally.differing)}` +
        ` | clean text kept ${((100 * tally.keptClean) / Math.max(1, tally.clean)).toFixed(1)} % | push p50 ${percentile(sorted, 0.5).toFixed(0)} us, p99 ${percentile(sorted, 0.99).toFixed(0)} us`,
    );
    if (show) lines.push(...tally.shown.slice(0, 60));
  }
  return lines;
}

function runItem(
  engine: Engine,
  item: Item,
  clearance: KindClearance,
  style: (typeof cutStyles)[number] | 'interim',
  tally: Tally,
): void {
  const random = new Random(seedOf(`${item.id} ${style}`));
  const conversation = engine.conversation();
  const reference = engine.conversation();
  let leaks: string[] = [];
  for (const turn of item.turns) {
    const stream = conversation.utterance(turn.speaker, clearance);
    const whole = reference.utterance(turn.speaker, clearance).restate(turn.text, true);
    const timed = (push: () => string): string => {
      const before = performance.now();
      const text = push();
      tally.times.push((performance.now() - before) * 1_000);
      return text;
    };
    if (style === 'interim') {
      const inputs = hypotheses(turn.text, random);
      const interims = inputs.map((input) => ({ input, output: timed(() => stream.restate(input, false)) }));
      const final = timed(() => stream.restate(turn.text, true));
      leaks = leaks.concat(findLeaks(turn, { deltas: [], interims, final }));
      count(tally, turn.text, final, whole, turn.spans.length === 0);
    } else {
      const deltas = cutText(turn.text, style, random).map((delta) => timed(() => stream.push(delta)));
      deltas.push(timed(() => stream.flush()));
      leaks = leaks.concat(findLeaks(turn, { deltas, interims: [], final: undefined }));
      count(tally, turn.text, deltas.join(''), whole, turn.spans.length === 0);
    }
  }
  if (!hasIdentifier(item)) return;
  tally.calls += 1;
  if (leaks.length > 0) tally.leaking += 1;
  for (const leak of leaks.slice(0, 1)) tally.shown.push(`STREAM ${style} ${item.id} ${leak}`);
}

function count(tally: Tally, text: string, output: string, whole: string, clean: boolean): void {
  if (output !== whole) tally.differing += 1;
  if (!clean) return;
  const all = pieces(text);
  tally.clean += all.length;
  tally.keptClean += keptPieces(all, output).filter(Boolean).length;
}
