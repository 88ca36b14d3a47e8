import { describe, expect, it } from 'vitest';
import { contentBefore, dueDay, recordsBefore } from '../../src/policy/retention.ts';

const at = (text: string): number => Date.parse(text);

describe('how long records are kept', () => {
  it.each([
    ['2026-11-23T03:10:00Z', 6, '2020-10-24T03:10:00Z'],
    ['2026-11-23T03:10:00Z', 10, '2016-10-24T03:10:00Z'],
    // 30 days before is the leap day; six years before that there was none.
    ['2028-03-30T00:00:00Z', 6, '2022-03-01T00:00:00Z'],
  ])('at %s, for %i years and 30 days', (now, years, before) => {
    expect(new Date(recordsBefore(at(now), years)).toISOString()).toBe(new Date(before).toISOString());
  });

  it('never less than six years, on any day', () => {
    for (let day = 0; day < 1461; day += 1) {
      const now = at('2026-01-01T12:00:00Z') + day * 86_400_000;
      const six = new Date(now);
      six.setUTCFullYear(six.getUTCFullYear() - 6);
      expect(recordsBefore(now, 6)).toBeLessThan(six.getTime());
    }
  });

  it('what is encrypted goes by whole months', () => {
    expect(contentBefore(at('2026-11-23T00:00:00Z'), 90)).toBe('2026-08');
    expect(contentBefore(at('2026-11-30T00:00:00Z'), 90)).toBe('2026-09');
  });
});

describe('the day whose run is due', () => {
  const chicago = { timeZone: 'America/Chicago', hour: 3, minute: 17 };

  it('begins at its hour and minute by the clocks of the practice', () => {
    expect(dueDay(at('2026-11-23T09:16:59Z'), chicago)).toBeUndefined();
    expect(dueDay(at('2026-11-23T09:17:00Z'), chicago)).toBe('2026-11-23');
    expect(dueDay(at('2026-11-24T05:59:00Z'), chicago)).toBe('2026-11-23');
    expect(dueDay(at('2026-11-24T06:00:00Z'), chicago)).toBeUndefined();
  });

  it('is not lost where the hour is skipped in spring, and comes once where it is lived twice in autumn', () => {
    const two = { ...chicago, hour: 2, minute: 30 };
    expect(dueDay(at('2026-03-08T07:59:00Z'), two)).toBeUndefined();
    expect(dueDay(at('2026-03-08T08:00:00Z'), two)).toBe('2026-03-08');
    const one = { ...chicago, hour: 1, minute: 30 };
    expect(dueDay(at('2026-11-01T06:30:00Z'), one)).toBe('2026-11-01');
    expect(dueDay(at('2026-11-01T07:45:00Z'), one)).toBe('2026-11-01');
  });

  it('at midnight counts from the first minute', () => {
    expect(dueDay(at('2026-11-23T06:00:00Z'), { ...chicago, hour: 0, minute: 0 })).toBe('2026-11-23');
  });
});
