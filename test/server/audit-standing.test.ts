import { describe, expect, it } from 'vitest';
import { auditHindrance, auditRemark } from '../../src/server/audit-standing.ts';

const hourMs = 3_600_000;
const well = { admits: true, anchorSilence: 0, keySilence: 0, lag: () => 0 };
const anchors = { log: true, s3: undefined, witness: undefined, everyMs: hourMs, alarmMs: 24 * hourMs, strict: false };

describe('how the log stands', () => {
  it('well: nothing is in the way, and nothing is to be said', () => {
    for (const standing of [well, { ...well, anchorSilence: 24 * hourMs, keySilence: 150_000 }]) {
      expect(auditHindrance(standing, { ...anchors, strict: true }, 0)).toBeUndefined();
      expect(auditRemark(standing, anchors)).toBeUndefined();
    }
  });

  it('a log or a key service that lets no call begin is in the way', () => {
    expect(auditHindrance({ ...well, admits: false }, anchors, 0)).toBe('AUDIT_UNAVAILABLE');
  });

  it('[E2] a record that waits for more than a second is in the way', () => {
    const lagging = { ...well, lag: (now: number) => now - 500 };
    expect(auditHindrance(lagging, anchors, 1_500)).toBeUndefined();
    expect(auditHindrance(lagging, anchors, 1_501)).toBe('AUDIT_LAGGING');
  });

  it('[E15] anchors that are silent for longer than a day are said, and in the way where that is asked for', () => {
    const silent = { ...well, anchorSilence: 25 * hourMs };
    expect(auditHindrance(silent, anchors, 0)).toBeUndefined();
    expect(auditRemark(silent, anchors)).toBe('no anchor has kept a checkpoint of the audit log for 25 hours');
    expect(auditHindrance(silent, { ...anchors, strict: true }, 0)).toBe('AUDIT_UNAVAILABLE');
  });

  it('[E11] a key service that does not answer is said at once', () => {
    expect(auditRemark({ ...well, keySilence: 151_000 }, anchors)).toContain('has not answered for 2 minutes');
  });
});
