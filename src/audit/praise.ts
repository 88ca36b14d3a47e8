import type { BreakReport } from './verdict.ts';

/** What is said of a log that holds. */
export interface Praised {
  readonly origin: string;
  readonly records: number;
  readonly purged: number;
  readonly checkpoints: number;
  readonly signed: number;
  readonly from: string;
  readonly to: string;
  readonly breaks: readonly BreakReport[];
}

/** One sentence for a person; with one more for each time that the log was broken. */
export function praise({ origin, records, purged, checkpoints, signed, from, to, breaks }: Praised): string {
  const unsigned = records - signed;
  const tail = unsigned === 0 ? '' : `; the last ${count(unsigned, 'record')} came after the newest checkpoint`;
  const gone = purged === 0 ? '' : `, of which the first ${purged.toLocaleString('en-US')} were purged as signed`;
  const rest = breaks.length === 0 ? 'The log is whole' : 'All else is whole';
  return (
    `${breaks.map(describeBreak).join('')}${rest}: ${count(records, 'record')}${gone} from ${from} to ${to}, ` +
    `${count(checkpoints, 'checkpoint')} of ${origin} ${checkpoints === 1 ? 'holds' : 'hold'}${tail}.`
  );
}

function describeBreak({ record, date, by, lost }: BreakReport): string {
  return `The log was broken at record ${record} on ${date} by ${by}: ${count(lost, 'record')} lost or unreadable. `;
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-US')} ${noun}${number === 1 ? '' : 's'}`;
}

/** ISO 8601; `never` for 0. */
export function isoTime(time: number): string {
  return time === 0 ? 'never' : new Date(time).toISOString();
}
