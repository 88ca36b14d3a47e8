import type { DepositedSegment } from './anchor.ts';
import { hashFile } from './closed.ts';
import { segmentPath, segmentStarts } from './layout.ts';
import type { LogSource } from './reader.ts';

/** How closed segments compare with those that somebody else keeps. */
export interface DepositReport {
  readonly verdict: 'ok' | 'tampered' | 'rolled back';
  /** One sentence for a person. */
  readonly sentence: string;
  /** Closed segments that are the same there. */
  readonly same: number;
  /** Closed segments that are not there (yet). */
  readonly absent: number;
}

/** Compares the closed segments of a log with what was deposited of it. What was purged here may still be there. */
export async function compareDeposit(
  { files, layout, description }: LogSource,
  deposited: readonly DepositedSegment[],
): Promise<DepositReport> {
  const { origin } = description;
  const starts = segmentStarts(await files.list(layout.segments));
  const [oldest = 0] = starts;
  const closed = starts.slice(0, -1);
  let same = 0;
  for (const first of closed) {
    const there = deposited.filter((segment) => segment.first === first);
    if (there.length === 0) continue;
    const sha256 = await hashFile(files, segmentPath(layout, first));
    if (there.some((segment) => segment.sha256 !== sha256)) {
      const sentence = `The segment of ${origin} that starts with record ${first} is not the one that was deposited.`;
      return { verdict: 'tampered', sentence, same, absent: 0 };
    }
    same += 1;
  }
  const absent = closed.length - same;
  const lost = deposited.find(({ first }) => first >= oldest && !closed.includes(first));
  if (lost !== undefined) {
    const sentence = `A segment that starts with record ${lost.first} was deposited, and ${origin} has no closed one there: records were removed, or an older copy was put back.`;
    return { verdict: 'rolled back', sentence, same, absent };
  }
  const rest = absent === 0 ? '' : `, ${absent} of it not deposited yet`;
  return {
    verdict: 'ok',
    sentence: `${same} closed segments of ${origin} are the ones that were deposited${rest}.`,
    same,
    absent,
  };
}
