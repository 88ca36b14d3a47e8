import { dayAt } from './baa.ts';

/** Kept beyond the years, for the last review. */
const graceDays = 30;
const dayMs = 86_400_000;

/**
 * The instant before which records have been kept long enough: so many calendar years and 30 days ago. Six years are the
 * least, 45 CFR 164.316(b)(2)(i).
 */
export function recordsBefore(now: number, years: number): number {
  const day = new Date(now - graceDays * dayMs);
  return day.setUTCFullYear(day.getUTCFullYear() - years);
}

/** The month, `2026-08` in UTC, before which what is encrypted has been kept long enough: only whole months go. */
export function contentBefore(now: number, days: number): string {
  return new Date(now - days * dayMs).toISOString().slice(0, 7);
}

/** When in a day it is done, by the clocks of the practice. */
export interface TimeOfDay {
  readonly timeZone: string;
  readonly hour: number;
  readonly minute: number;
}

/** The day whose run is due, `2026-11-23`: that of the practice, from its hour and minute on. */
export function dueDay(now: number, { timeZone, hour, minute }: TimeOfDay): string | undefined {
  // The Swedish locale writes times as ISO 8601 does.
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone, hour: '2-digit', minute: '2-digit' }).format(now);
  const due = `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`;
  return time < due ? undefined : dayAt(now, timeZone);
}
