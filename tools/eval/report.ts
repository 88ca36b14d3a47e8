import { format, interval, percentile } from './bootstrap.ts';
import { isIdentifier } from './items.ts';
import { recallByType } from './measure.ts';
import type { CallScore } from './measure.ts';

const percent = (top: number, bottom: number): string =>
  bottom === 0 ? '-' : `${((100 * top) / bottom).toFixed(1)} %`;

export function report(calls: readonly CallScore[], times: readonly number[], by: string): string[] {
  const lines = summary('all', calls);
  for (const [group, own] of groups(calls, by)) lines.push(...summary(group, own));
  const recall = [...recallByType(calls)].sort(([, a], [, b]) => b.all - a.all);
  lines.push(
    'recall: ' +
      recall
        .map(([type, { found, all }]) => `${type} ${String(found)}/${String(all)} ${percent(found, all)}`)
        .join(' | '),
  );
  const sorted = [...times].sort((a, b) => a - b);
  const mean = times.reduce((sum, time) => sum + time, 0) / times.length;
  lines.push(
    `time: mean ${mean.toFixed(0)} us, p50 ${percentile(sorted, 0.5).toFixed(0)}, p99 ${percentile(sorted, 0.99).toFixed(0)}, max ${percentile(sorted, 1).toFixed(0)}`,
  );
  return lines;
}

function groups(calls: readonly CallScore[], by: string): [string, CallScore[]][] {
  const table = new Map<string, CallScore[]>();
  for (const call of calls) {
    const keys = by === 'source' ? [call.item.source] : by === 'tag' ? call.item.tags : [];
    for (const key of keys) table.set(key, [...(table.get(key) ?? []), call]);
  }
  return [...table];
}

function summary(group: string, calls: readonly CallScore[]): string[] {
  const identifying = calls.filter((call) => call.identifying);
  const turns = calls.flatMap((call) => call.turns);
  const clean = turns.filter((turn) => turn.clean);
  const sum = (value: (turn: (typeof turns)[number]) => number): number =>
    turns.reduce((total, turn) => total + value(turn), 0);
  const ids = turns.flatMap((turn) => turn.spans.filter(({ label }) => isIdentifier(label.type)));
  const leak = interval(identifying.map((call) => [call.leaks ? 1 : 0, 1] as const));
  const over = interval(
    calls.map(
      (call) =>
        [
          call.turns.filter((turn) => turn.clean && turn.touched).length,
          call.turns.filter((turn) => turn.clean).length,
        ] as const,
    ),
  );
  return [
    `${group.padEnd(14)} call leak ${format(leak)} of ${String(identifying.length)} | span recall ${percent(ids.filter(({ leaked }) => !leaked).length, ids.length)} of ${String(ids.length)}` +
      ` | leaked chars ${percent(
        sum((turn) => turn.leaked),
        sum((turn) => turn.required),
      )}` +
      ` | precision ${percent(
        sum((turn) => turn.rightly),
        sum((turn) => turn.redacted),
      )} | over ${format(over)} of ${String(clean.length)}`,
  ];
}

export function showLeaks(calls: readonly CallScore[], outputs: readonly (readonly string[])[]): string[] {
  return calls.flatMap((call, index) =>
    call.turns.flatMap((turn, number) =>
      turn.spans
        .filter(({ label, leaked }) => leaked && isIdentifier(label.type))
        .map(({ label }) => {
          const { text } = call.item.turns[number] ?? { text: '' };
          return `LEAK ${call.item.id} ${label.type} "${text.slice(label.start, label.end)}" in: ${text}\n     -> ${outputs[index]?.[number] ?? ''}`;
        }),
    ),
  );
}

export function showOver(calls: readonly CallScore[], outputs: readonly (readonly string[])[]): string[] {
  return calls.flatMap((call, index) =>
    call.turns.flatMap((turn, number) =>
      turn.clean && turn.touched
        ? [`OVER ${call.item.id} ${call.item.turns[number]?.text ?? ''}\n     -> ${outputs[index]?.[number] ?? ''}`]
        : [],
    ),
  );
}
