import type { AuditEvent } from './event.ts';
import { readFrame, readHeader } from './frame.ts';
import { isObject, parseObject } from './json.ts';
import { endsOf } from './record.ts';
import { Frontier, hashLength } from './tree.ts';
import type { SegmentFacts } from './sink.ts';

/** What must be known to read a segment without the ones before it. */
export interface SegmentStart {
  /** Index of the first record. */
  readonly first: number;
  /** The leaf of the record before it; for the first segment the hash of `log.json`. */
  readonly previous: Buffer;
  /** The right edge of the tree over all records before it. */
  readonly edge: readonly Buffer[];
  /** SHA-256 of the file of the segment before it, hex; empty for the first segment. */
  readonly fileBefore: string;
  /** When it was opened, ms UTC: no record before it is newer, as far as the clock went forward. */
  readonly time: number;
}

/**
 * The event that opens a segment. It carries the edge of the tree, so that a log can be opened and read from its last
 * segment alone, and the hash of the file before, so that no closed segment can be exchanged.
 */
export function segmentOpenEvent(frontier: Frontier, fileBefore: string): AuditEvent {
  return {
    kind: 'seg.open',
    actor: 'system',
    outcome: 'ok',
    totals: { size: frontier.size },
    facts: {
      root: frontier.root().toString('base64'),
      edge: frontier.edge.map((hash) => hash.toString('base64')).join(' '),
      before: fileBefore,
    },
  };
}

/** The event that closes a segment: the last record of it. */
export function segmentSealEvent(frontier: Frontier, segment: SegmentFacts): AuditEvent {
  return {
    kind: 'seg.seal',
    actor: 'system',
    outcome: 'ok',
    totals: { first: segment.first, records: segment.records, size: frontier.size },
    facts: { root: frontier.root().toString('base64'), sha256: segment.sha256 },
  };
}

/**
 * Reads how a segment starts from its first record, or says in a few words why it cannot be. The edge is only believed
 * when it gives the root beside it; who vouches for the root is a signed checkpoint.
 */
export function readSegmentStart(bytes: Buffer, first: number): SegmentStart | string {
  const frame = readFrame(bytes, 0);
  if (typeof frame === 'string') return `starts with a record that ${frame}`;
  const record = parseObject(frame.body.toString('utf8'));
  const facts = record?.['f'];
  const previous = endsOf(frame.body)?.previous;
  const kind = record?.['k'];
  if (
    record === undefined ||
    (kind !== 'seg.open' && kind !== 'log.break') ||
    record['n'] !== first ||
    !isObject(facts) ||
    previous === undefined
  ) {
    return 'does not start with the record that opens it';
  }
  const { root, edge, before } = facts;
  if (typeof root !== 'string' || typeof edge !== 'string' || typeof before !== 'string')
    return 'has an opening without its facts';
  const hashes = edge.split(' ').map((text) => Buffer.from(text, 'base64'));
  if (edgeRoot(first, hashes)?.toString('base64') !== root) return 'has an opening whose tree does not give its root';
  const time = typeof record['t'] === 'number' ? record['t'] : 0;
  return { first, previous: Buffer.from(previous, 'base64'), edge: hashes, fileBefore: before, time };
}

/** The leaf that the record at `offset` says stands before it; undefined where there is no record. */
export function previousOf(bytes: Buffer, offset: number): Buffer | undefined {
  const body = readHeader(bytes, offset);
  const text = body === undefined ? undefined : endsOf(bytes.subarray(body.start, body.end))?.previous;
  return text === undefined ? undefined : Buffer.from(text, 'base64');
}

/** True when the first record is whole, and says that it follows from another `log.json`. */
export function beginsElsewhere(bytes: Buffer, description: Buffer): boolean {
  const frame = readFrame(bytes, 0);
  const isFirst = typeof frame === 'object' && frame.body.toString('latin1', 0, 7) === '{"n":0,';
  return isFirst && previousOf(bytes, 0)?.equals(description) === false;
}

function edgeRoot(size: number, edge: readonly Buffer[]): Buffer | undefined {
  if (edge.some((hash) => hash.length !== hashLength)) return undefined;
  try {
    return Frontier.of(size, edge).root();
  } catch {
    return undefined;
  }
}
