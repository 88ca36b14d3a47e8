import type { Frontier } from './tree.ts';

/** A record in its final bytes. A sink never looks inside. */
export interface SealedRecord {
  readonly index: number;
  readonly bytes: Buffer;
  readonly leaf: Buffer;
  /** What it can be found by later. */
  readonly keys: readonly string[];
}

/** Where the stored records end, as a sink finds it when it is opened. */
export interface Tail {
  /** The right edge of the tree over all stored records. */
  readonly frontier: Frontier;
  /** The leaf of the last record; for an empty log what the first record's `p` must be. */
  readonly previous: Buffer;
  /** The time of the last record, ms UTC; 0 for an empty log. */
  readonly time: number;
  /** True when the last record is a seal: the next one opens a segment. */
  readonly sealed: boolean;
  /** Size of the last checkpoint that was signed. */
  readonly signed: number;
  /** When `sealed`: SHA-256 of the closed segment, hex, as the opening of the next one carries it. */
  readonly fileBefore: string;
  /** References of calls that were admitted and have no end: the last process ended before they did. */
  readonly openCalls: readonly string[];
  /** What a crash had left behind the last whole record, where something was. */
  readonly torn: { readonly bytes: number; readonly sha256: string } | undefined;
}

/** The facts of a segment that is about to be closed. */
export interface SegmentFacts {
  readonly first: number;
  readonly records: number;
  /** SHA-256 over the bytes of the segment so far, hex. */
  readonly sha256: string;
}

/**
 * Where the records of one writer lie. Every method rejects with an AuditFault or an error of the system; after a rejection
 * the sink MUST NOT be used again except to close it, because what the medium then holds is only known by opening anew.
 */
export interface Sink {
  readonly tail: Tail;
  /** Resolves when all records are durable. They follow the ones before without a gap. */
  append(records: readonly SealedRecord[]): Promise<void>;
  /** The facts of the open segment when it should be closed before a record of this time and size; else undefined. */
  due(time: number): SegmentFacts | undefined;
  /** Closes the segment with its seal; resolves to the SHA-256 of the closed segment, hex. */
  seal(record: SealedRecord): Promise<string>;
  /** Starts a segment with its first record, of this time. */
  open(record: SealedRecord, time: number): Promise<void>;
  /** Rejects when the medium was exchanged under the writer. Asked every few seconds while records come. */
  assertInPlace(): Promise<void>;
  /** Makes a signed note durable, then public. Notes come in order of size. */
  publish(note: string): Promise<void>;
  close(): Promise<void>;
}
