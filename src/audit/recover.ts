import type { Checkpoint } from './checkpoint.ts';
import { replaceFile, type FileLayer } from './durable.ts';
import { segmentPath, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { scanSegment, type ScanStop } from './scan.ts';
import type { SegmentStart } from './segment.ts';
import { damageOf } from './tail.ts';
import { Frontier, sha256 } from './tree.ts';

/** The last segment as it stands after recovery. */
export interface RecoveredSegment {
  readonly first: number;
  /** The bytes that are kept. */
  readonly bytes: Buffer;
  readonly frontier: Frontier;
  readonly previous: Buffer;
  readonly last: Buffer | undefined;
  readonly torn: { readonly bytes: number; readonly sha256: string } | undefined;
}

/**
 * Reads the last segment and tells apart what a crash leaves (cut off, kept beside as `*.torn`), what is damage or
 * tampering, and what is an older copy. The latter two are refused with an AuditFault: nothing is repaired by guessing.
 */
export async function recoverSegment(
  files: FileLayer,
  layout: Layout,
  start: SegmentStart,
  signed: Checkpoint | undefined,
): Promise<RecoveredSegment> {
  const path = segmentPath(layout, start.first);
  const bytes = await files.readFile(path);
  const frontier = Frontier.of(start.first, start.edge);
  let last: Buffer | undefined;
  const check = (): void => assertSigned(frontier, signed);
  const stop = scanSegment(bytes, start.first, start.previous, (record) => {
    check();
    frontier.push(record.leaf);
    last = record.body;
  });
  check();
  if (stop.fault !== undefined) assertTorn(bytes, stop, signed, path);
  if (signed !== undefined && frontier.size < signed.size) {
    throw new AuditFault(
      'AUDIT_ROLLED_BACK',
      `The log ends before record ${frontier.size}, but a checkpoint was signed over ${signed.size} records: ` +
        'an older copy was put in place or the end was removed',
      4,
    );
  }
  const torn = stop.fault === undefined ? undefined : await cutTail(files, path, bytes, stop.offset);
  return { first: start.first, bytes: bytes.subarray(0, stop.offset), frontier, previous: stop.previous, last, torn };
}

function assertSigned(frontier: Frontier, signed: Checkpoint | undefined): void {
  if (signed === undefined || frontier.size !== signed.size || frontier.root().equals(signed.root)) return;
  throw new AuditFault(
    'AUDIT_TAMPERED',
    `The first ${signed.size} records are not the ones that the checkpoint was signed over`,
    2,
  );
}

function assertTorn(bytes: Buffer, stop: ScanStop, signed: Checkpoint | undefined, path: string): void {
  const where = `Record ${stop.index} (byte ${stop.offset} of ${path}) ${stop.fault?.what ?? ''}`;
  if (stop.fault?.kind === 'order') throw new AuditFault('AUDIT_TAMPERED', where, 2);
  const damage = damageOf(bytes, stop, signed?.size ?? 0);
  if (damage !== undefined) throw new AuditFault('AUDIT_CORRUPT', `${where}; ${damage}`, 3);
}

async function cutTail(
  files: FileLayer,
  path: string,
  bytes: Buffer,
  offset: number,
): Promise<NonNullable<RecoveredSegment['torn']>> {
  const tail = bytes.subarray(offset);
  await replaceFile(files, `${path}.${offset}.torn`, tail);
  const file = await files.open(path, 'write');
  try {
    await file.truncate(offset);
    await file.datasync();
  } finally {
    await file.close();
  }
  return { bytes: tail.length, sha256: sha256(tail).toString('hex') };
}
