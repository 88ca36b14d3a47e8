import type { Totals } from './ledger.ts';
import type { Timing } from './micro.ts';
import type { RelaySummary, ScenarioSummary } from './summary.ts';

/** Rows under a heading, padded; the first column left, the others right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ');
  return rows.map((row) => `  ${line(row)}`).join('\n');
}

const loadHeading = [
  'relay',
  'CPU ms / 1,000',
  'ratio',
  '(range)',
  'core',
  'cores usable',
  'added p50 us',
  'p99 us',
  'p99.9 us',
  'KiB / call',
  'start ms',
  'lost',
  'altered',
  'reordered',
  'leaked',
] as const;

export function loadTable(scenario: ScenarioSummary): string {
  const rows = scenario.relays.map((relay) => loadRow(relay));
  const driver = scenario.relays.map(
    ({ relay, driver: { latenessMs, coreShare } }) =>
      `${relay}: late p50 ${micro(latenessMs.p50)} us, p99 ${micro(latenessMs.p99)} us, ${percent(coreShare)} of its core`,
  );
  return `\n${scenario.title}\n${table([[...loadHeading], ...rows])}\n  driver with ${driver.join('; with ')}\n`;
}

function loadRow(summary: RelaySummary): string[] {
  const { median, least, most } = summary.cpuRatio;
  const { addedMs, media, prompts } = summary;
  const both = (pick: (totals: Totals) => number): string => String(pick(media) + pick(prompts));
  return [
    summary.relay,
    summary.cpuMsPer1000.toFixed(1),
    median.toFixed(2),
    `(${least.toFixed(2)}-${most.toFixed(2)})`,
    percent(summary.coreShare),
    summary.processes.toFixed(2),
    micro(addedMs.p50),
    micro(addedMs.p99),
    micro(addedMs.p999),
    summary.kibPerCall.toFixed(0),
    summary.startMs.toFixed(0),
    both((totals) => totals.lost),
    both((totals) => totals.altered),
    both((totals) => totals.reordered),
    both((totals) => totals.leaked),
  ];
}

export function timingTable(timings: readonly Timing[]): string {
  const rows = timings.map((timing) => [
    timing.what,
    timing.meanUs.toFixed(2),
    timing.p50Us.toFixed(2),
    timing.p99Us.toFixed(2),
    timing.bytesPerRun === undefined ? '' : timing.bytesPerRun.toFixed(0),
  ]);
  return `\nOne operation, in process\n${table([['what', 'mean us', 'p50 us', 'p99 us', 'bytes allocated'], ...rows])}\n`;
}

function micro(milliseconds: number): string {
  return (milliseconds * 1000).toFixed(0);
}

function percent(share: number): string {
  return `${(share * 100).toFixed(0)}%`;
}

/** Four significant digits are more than the machine repeats; NaN becomes null as JSON has it. */
export function rounded(_key: string, value: unknown): unknown {
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}
