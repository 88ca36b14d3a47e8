import { createHash } from 'node:crypto';
import { AuditFault } from '../../../src/audit/log.ts';
import { openCalls } from '../../../src/audit/open-calls.ts';
import { readRecord } from '../../../src/audit/record.ts';
import { readFrame } from '../../../src/audit/frame.ts';
import type { SealedRecord, SegmentFacts, Sink, Tail } from '../../../src/audit/sink.ts';
import { Frontier } from '../../../src/audit/tree.ts';

/** What a memory sink keeps: what survives its writer. */
export interface Memory {
  /** By the index of their first record. */
  readonly segments: Map<number, Buffer>;
  readonly notes: string[];
  /** Fails the next append, after or before it was stored. */
  failing: 'after' | 'before' | undefined;
}

/** The smallest sink: what the contract asks for and nothing else. */
export function openMemorySink(memory: Memory, descriptionHash: Buffer, segmentBytes: number): Sink {
  const tail = tailOf(memory, descriptionHash);
  let first = tail.sealed ? undefined : [...memory.segments.keys()].at(-1);
  let day = Math.floor(tail.time / 86_400_000);
  const current = (): { readonly first: number; readonly bytes: Buffer } => {
    const bytes = first === undefined ? undefined : memory.segments.get(first);
    if (first === undefined || bytes === undefined) throw new AuditFault('AUDIT_CLOSED', 'No segment is open', 74);
    return { first, bytes };
  };
  const append = async (records: readonly SealedRecord[]): Promise<void> => {
    const failing = memory.failing;
    memory.failing = undefined;
    const segment = current();
    const after = Buffer.concat([segment.bytes, ...records.map(({ bytes }) => bytes)]);
    if (failing !== 'before') memory.segments.set(segment.first, after);
    if (failing !== undefined) throw new AuditFault('AUDIT_DISK', 'The memory failed', 74);
  };
  return {
    tail,
    append,
    due: (time): SegmentFacts | undefined => {
      const segment = current();
      if (segment.bytes.length < segmentBytes && Math.floor(time / 86_400_000) <= day) return undefined;
      return { first: segment.first, records: framesOf(segment.bytes).length, sha256: digest(segment.bytes) };
    },
    seal: async (record) => {
      await append([record]);
      const { bytes } = current();
      first = undefined;
      return digest(bytes);
    },
    open: async (record, time) => {
      memory.segments.set(record.index, record.bytes);
      first = record.index;
      day = Math.floor(time / 86_400_000);
    },
    assertInPlace: async () => undefined,
    publish: async (note) => void memory.notes.push(note),
    close: async () => undefined,
  };
}

function digest(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function framesOf(bytes: Buffer): { readonly body: Buffer; readonly leaf: Buffer }[] {
  const frames = [];
  for (let at = 0, frame = readFrame(bytes, 0); typeof frame !== 'string'; frame = readFrame(bytes, at)) {
    frames.push(frame);
    at = frame.next;
  }
  return frames;
}

function tailOf({ segments, notes }: Memory, descriptionHash: Buffer): Tail {
  const frontier = new Frontier();
  const all = [...segments.values()].flatMap(framesOf);
  for (const { leaf } of all) frontier.push(leaf);
  const last = all.at(-1);
  const record = last === undefined ? undefined : readRecord(last.body);
  const { t: time, k: kind } = typeof record === 'object' ? record.members : {};
  const sealed = last === undefined || kind === 'seg.seal';
  return {
    frontier,
    previous: last?.leaf ?? descriptionHash,
    time: typeof time === 'number' ? time : 0,
    sealed,
    signed: Number(notes.at(-1)?.split('\n')[1] ?? 0),
    fileBefore: sealed && last !== undefined ? digest([...segments.values()].at(-1) ?? Buffer.alloc(0)) : '',
    openCalls: openCalls([...segments.values()]),
    torn: undefined,
  };
}
