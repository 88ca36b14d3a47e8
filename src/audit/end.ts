import { opensAsBreak, unsignedBreak, type Breaks } from './breaks.ts';
import type { VerifierKey } from './checkpoint.ts';
import { checkClosedSegments, openingOf } from './closed.ts';
import type { FileLayer } from './durable.ts';
import { parseObject } from './json.ts';
import { segmentPath, segmentStarts, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { largest, type KeptNotes } from './notes.ts';
import { openCalls, segmentsOfLastHours } from './open-calls.ts';
import { recoverSegment, type RecoveredSegment } from './recover.ts';
import type { SegmentStart } from './segment.ts';
import type { Tail } from './sink.ts';
import { Frontier, sha256 } from './tree.ts';

export interface EndOptions {
  readonly files: FileLayer;
  readonly layout: Layout;
  /** SHA-256 of `log.json`. */
  readonly descriptionHash: Buffer;
  readonly keys: readonly VerifierKey[];
  /** At most this many bytes of closed segments, the newest first, are read again. */
  readonly checkedBytes: number;
}

/** Where a stored log ends. */
export interface LogEnd {
  readonly tail: Tail;
  /** First indexes of the segments. */
  readonly starts: readonly number[];
  /** The last segment; undefined for an empty log. */
  readonly last: RecoveredSegment | undefined;
}

/** Reads where a log ends and what its last writer left. Rejects with an AuditFault when it is not what was signed. */
export async function readEnd(options: EndOptions, kept: KeptNotes): Promise<LogEnd> {
  const { files, layout } = options;
  const [fault] = kept.faults;
  if (fault !== undefined) throw new AuditFault('AUDIT_TAMPERED', fault, 2);
  const signed = largest(kept.notes);
  const starts = segmentStarts(await files.list(layout.segments));
  const first = starts.at(-1);
  if (first === undefined) {
    if (signed !== undefined) throw allGone(signed.size);
    return { tail: emptyTail(options.descriptionHash), starts, last: undefined };
  }
  const start = await startOf(options, first);
  await assertSignedBreak(options, first, kept.breaks);
  await checkClosedSegments(files, layout, starts, start, options.checkedBytes, options.keys, kept.breaks);
  const last = await recoverSegment(files, layout, start, signed);
  const ended = tailOf(last, signed?.size ?? 0);
  const earlier = await segmentsOfLastHours(files, layout, starts, start, ended.time);
  return { tail: { ...ended, openCalls: openCalls([...earlier, last.bytes]) }, starts, last };
}

function allGone(size: number): AuditFault {
  const what = `The log holds no record, but a checkpoint was signed over ${size} records: the segments were removed`;
  return new AuditFault('AUDIT_ROLLED_BACK', what, 4);
}

function emptyTail(descriptionHash: Buffer): Tail {
  return {
    frontier: new Frontier(),
    previous: descriptionHash,
    time: 0,
    sealed: true,
    signed: 0,
    fileBefore: '',
    openCalls: [],
    torn: undefined,
  };
}

async function startOf({ files, layout, descriptionHash }: EndOptions, first: number): Promise<SegmentStart> {
  if (first === 0) return { first, previous: descriptionHash, edge: [], fileBefore: '', time: 0 };
  const start = await openingOf(files, layout, first);
  if (typeof start !== 'string') return start;
  throw new AuditFault('AUDIT_CORRUPT', `The segment ${segmentPath(layout, first)} ${start}`, 3);
}

/** A segment that opens as after a repair is only taken up when the key of the log signed the repair. */
async function assertSignedBreak({ files, layout }: EndOptions, first: number, breaks: Breaks): Promise<void> {
  if (breaks.isAt(first) || !(await opensAsBreak(files, layout, first))) return;
  throw new AuditFault('AUDIT_TAMPERED', unsignedBreak(first), 2);
}

function tailOf(recovered: RecoveredSegment, signed: number): Omit<Tail, 'openCalls'> {
  const last = recovered.last === undefined ? undefined : parseObject(recovered.last.toString('utf8'));
  const time = typeof last?.['t'] === 'number' ? last['t'] : 0;
  const sealed = last?.['k'] === 'seg.seal';
  const fileBefore = sealed ? sha256(recovered.bytes).toString('hex') : '';
  return {
    frontier: recovered.frontier,
    previous: recovered.previous,
    time,
    sealed,
    signed,
    fileBefore,
    torn: recovered.torn,
  };
}
