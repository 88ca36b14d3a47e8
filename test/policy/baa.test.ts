import { describe, expect, it } from 'vitest';
import { agreementStanding, dayAt, daysBetween } from '../../src/policy/baa.ts';
import { agreement as agreementWith } from './entries.ts';

const agreement = agreementWith({ effective: '2026-02-01', expires: '2026-12-31' });

describe('agreementStanding', () => {
  it.each([
    ['2026-01-31', 'not-effective', 334, undefined],
    ['2026-02-01', 'live', 333, undefined],
    ['2026-11-30', 'live', 31, undefined],
    ['2026-12-01', 'live', 30, 30],
    ['2026-12-24', 'live', 7, 7],
    ['2026-12-30', 'live', 1, 1],
    ['2026-12-31', 'live', 0, 1],
    ['2027-01-01', 'expired', -1, undefined],
  ])('on %s: %s, %i days left, warning %s', (today, state, daysLeft, warning) => {
    expect(agreementStanding(agreement, today)).toEqual({ state, daysLeft, warning, missingPoints: [] });
  });

  it('names the points that are missing', () => {
    const points = agreement.points.filter((point) => point !== 'termination' && point !== 'books-open');
    const standing = agreementStanding({ ...agreement, points }, '2026-06-01');
    expect(standing).toMatchObject({ state: 'incomplete', missingPoints: ['books-open', 'termination'] });
  });

  it('puts a changed document before everything else', () => {
    const changed = { ...agreement, foundSha256: 'b'.repeat(64), points: [] };
    expect(agreementStanding(changed, '2030-01-01').state).toBe('document-changed');
  });

  it('knows that there is none', () => {
    expect(agreementStanding(undefined, '2026-06-01')).toMatchObject({ state: 'missing', daysLeft: undefined });
  });
});

describe('days', () => {
  it('are counted over leap years and changes of the clock', () => {
    expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2);
    expect(daysBetween('2026-03-07', '2026-03-09')).toBe(2);
    expect(daysBetween('2026-12-31', '2026-01-01')).toBe(-364);
  });

  it('begin at midnight where the practice is', () => {
    const instant = Date.parse('2026-06-15T04:30:00Z');
    expect(dayAt(instant, 'UTC')).toBe('2026-06-15');
    expect(dayAt(instant, 'America/Chicago')).toBe('2026-06-14');
    expect(dayAt(instant, 'Pacific/Kiritimati')).toBe('2026-06-15');
  });
});
