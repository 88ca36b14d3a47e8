import { isSigned, parseNote, type VerifierKey } from './checkpoint.ts';
import { readDescription } from './description.ts';
import { nodeFiles, type FileLayer } from './durable.ts';
import { layoutOf, segmentStarts, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { largest, readNotes, type KeptNote } from './notes.ts';
import { consistencyStretches, inclusionStretches, isConsistent, rootOfInclusion, type Stretch } from './proof.ts';
import { readBody } from './query.ts';
import { TileStore } from './tile-store.ts';
import { leafHash } from './tree.ts';

const proofHeader = 'c2sp.org/tlog-proof@v1';

/** What was proven: the record's bytes and that they stand at this place of the log that the note was signed over. */
export interface RecordProof {
  /** The record's JSON text. */
  readonly body: string;
  /** The text of a `.tlog-proof` file (C2SP tlog-proof). */
  readonly proof: string;
}

/** A proof that one record is in the log. Rejects with an AuditFault when the record is not there or not yet signed. */
export async function proveRecord(
  directory: string,
  index: number,
  files: FileLayer = nodeFiles,
): Promise<RecordProof> {
  const log = await readSignedLog(files, layoutOf(directory));
  const { checkpoint, note } = log.newest;
  if (index >= checkpoint.size) {
    throw new AuditFault(
      'AUDIT_MISSING',
      `Record ${index} is not under a checkpoint yet: the newest is over ${checkpoint.size} records`,
      5,
    );
  }
  const body = await recordAt(files, log, index);
  const path = await log.path(
    inclusionStretches(index, checkpoint.size),
    (hashes) => rootOfInclusion(leafHash(body), index, checkpoint.size, hashes)?.equals(checkpoint.root) === true,
  );
  const lines = [proofHeader, `index ${index}`, ...path.map((hash) => hash.toString('base64')), '', note];
  return { body: body.toString('utf8'), proof: lines.join('\n') };
}

/** The hashes that show that a tree signed before is the beginning of the newest one: base64, one a line. */
export async function proveConsistency(
  directory: string,
  olderNote: string,
  files: FileLayer = nodeFiles,
): Promise<string[]> {
  const log = await readSignedLog(files, layoutOf(directory));
  const older = parseNote(olderNote);
  if (older === undefined || !isSigned(older, log.keys)) {
    throw new AuditFault('AUDIT_NOTE', 'The older checkpoint is not a note that this log signed', 65);
  }
  const newer = log.newest.checkpoint;
  const stretches = consistencyStretches(older.checkpoint.size, newer.size);
  const path = await log.path(stretches, (hashes) => isConsistent(older.checkpoint, newer, hashes));
  return path.map((hash) => hash.toString('base64'));
}

/** The same from a size alone to a note of this log, for one who knows the older root: base64, one a line. */
export async function provePath(directory: string, older: number, note: string, files: FileLayer): Promise<string[]> {
  const log = await readSignedLog(files, layoutOf(directory));
  const newer = parseNote(note)?.checkpoint;
  if (newer === undefined || older > newer.size) {
    throw new AuditFault('AUDIT_NOTE', `No proof leads from ${older} records to this checkpoint`, 65);
  }
  const path = await log.path(consistencyStretches(older, newer.size), () => true);
  return path.map((hash) => hash.toString('base64'));
}

/** True when the proof shows that the log of one of these keys holds this body. Needs no log directory. */
export function checkProof(body: string, proof: string, keys: readonly VerifierKey[]): boolean {
  const [head = '', ...rest] = proof.split('\n\n');
  const [header, place = '', ...lines] = head.split('\n').filter((line) => !line.startsWith('extra '));
  const index = /^index (0|[1-9][0-9]{0,15})$/.exec(place)?.[1];
  const note = parseNote(rest.join('\n\n'));
  if (header !== proofHeader || index === undefined || note === undefined || !isSigned(note, keys)) return false;
  const path = lines.map((line) => Buffer.from(line, 'base64'));
  const { size, root } = note.checkpoint;
  return rootOfInclusion(leafHash(Buffer.from(body)), Number(index), size, path)?.equals(root) === true;
}

interface SignedLog {
  readonly layout: Layout;
  readonly keys: readonly VerifierKey[];
  readonly newest: KeptNote;
  readonly starts: readonly number[];
  /** The roots over these stretches. Tiles that do not prove what is asked are passed over for the records themselves. */
  path(stretches: readonly Stretch[], proves: (hashes: readonly Buffer[]) => boolean): Promise<Buffer[]>;
}

async function readSignedLog(files: FileLayer, layout: Layout): Promise<SignedLog> {
  const description = await readDescription(files, layout);
  if (description === undefined || typeof description === 'string') {
    throw new AuditFault('AUDIT_MISSING', `There is no audit log in ${layout.root}`, 66);
  }
  const { notes, breaks } = await readNotes(files, layout, description.keys);
  const size = largest(notes)?.size;
  const newest = notes.find(({ checkpoint }) => checkpoint.size === size);
  if (newest === undefined) throw new AuditFault('AUDIT_MISSING', 'The log has no signed checkpoint', 5);
  const starts = segmentStarts(await files.list(layout.segments));
  const path: SignedLog['path'] = async (stretches, proves) => {
    for (const useTiles of [true, false]) {
      const hashes = await rootsOf(new TileStore(files, layout, starts, useTiles, breaks), stretches);
      if (proves(hashes)) return hashes;
    }
    throw notProvable(newest.checkpoint.size);
  };
  return { layout, keys: description.keys, newest, starts, path };
}

async function rootsOf(store: TileStore, stretches: readonly Stretch[]): Promise<Buffer[]> {
  const found: Buffer[] = [];
  for (const stretch of stretches) found.push(await store.stretch(stretch));
  return found;
}

async function recordAt(files: FileLayer, { layout, starts }: SignedLog, index: number): Promise<Buffer> {
  const body = await readBody(files, layout, starts, index);
  if (body !== undefined) return body;
  throw new AuditFault('AUDIT_MISSING', `Record ${index} is not in the log`, 5);
}

function notProvable(size: number): AuditFault {
  return new AuditFault(
    'AUDIT_TAMPERED',
    `The records do not lead to the root that was signed over ${size} records: run \`chaperone audit verify\``,
    2,
  );
}
