import { dirname } from 'node:path';
import { writeDamages, type Damage } from './break-record.ts';
import { asidePath, breakPath, signBreak } from './breaks.ts';
import { clearCaches } from './caches.ts';
import { Chain } from './chain.ts';
import { parseNote, type Checkpoint } from './checkpoint.ts';
import type { LogDescription } from './description.ts';
import { beyondRepair, diagnose, type Diagnosis } from './diagnose.ts';
import {
  makeDirectoryDurably,
  nodeFiles,
  readIfPresent,
  replaceFile,
  removeDurably,
  type FileLayer,
} from './durable.ts';
import { encodeEvent } from './encode.ts';
import type { AuditEvent } from './event.ts';
import { FileKeyStore } from './key-store.ts';
import { openKeyring } from './keyring-open.ts';
import type { Keyring } from './keyring.ts';
import { segmentPath, type Layout } from './layout.ts';
import { defaultLimits } from './limits.ts';
import { takeLock } from './lock.ts';
import { AuditFault } from './log.ts';
import { isAnchorOf, largest, readNotes, type KeptNotes } from './notes.ts';
import type { CustodyOptions } from './open-custody.ts';
import { openFileLog } from './open.ts';
import { openSource } from './reader.ts';
import { Nonces, systemRandom } from './seal.ts';
import { indexPath } from './segment-index.ts';
import { segmentOpenEvent } from './segment.ts';
import { signerOfLog } from './signing.ts';
import type { SealedRecord } from './sink.ts';
import { sha256 } from './tree.ts';
import { verdicts, type VerifyReport } from './verdict.ts';
import { verifyLog } from './verify.ts';

export interface RepairOptions extends CustodyOptions {
  /** `user:<id>` who accepts the loss. */
  readonly by: string;
  /** Why, for those who read it later: encrypted under the log's own key. */
  readonly note?: string;
  /** Without it nothing is done. */
  readonly acceptLoss: boolean;
  /** How many records were signed over, where the log no longer leads to them. */
  readonly acceptRollback?: number;
  /** A signed note that was kept outside. */
  readonly anchor?: string;
}

/** What a repair did, or would do. */
export interface Repair {
  /** `whole`: there is nothing to repair. `caches`: only what can be made anew. */
  readonly outcome: 'whole' | 'caches' | 'planned' | 'repaired';
  /** What `verify` says before. */
  readonly found: VerifyReport;
  /** Number of the `log.break`. */
  readonly record: number;
  readonly lost: number;
  /** More than `record`: so many records were signed over, and the log gives that tree up. */
  readonly signed: number;
  readonly damages: readonly Damage[];
}

type Findings = Omit<Repair, 'outcome'>;

interface Source {
  readonly files: FileLayer;
  readonly layout: Layout;
  readonly description: LogDescription;
}

interface Work extends Source {
  readonly kept: KeptNotes;
  readonly diagnosis: Diagnosis;
  readonly newest: Checkpoint | undefined;
  readonly repair: Findings;
}

/**
 * Takes a log that does not hold into service again. Nothing is removed: what cannot be read stays where it is, or lies
 * aside where its name is needed; a new segment opens with `log.break`, which says what is lost, and is signed. It is
 * done when that segment appears under its name: whatever interrupts before leaves the log as it was, to be repaired
 * again. No process may hold the log. Rejects with an AuditFault where no repair can help, or consent is missing.
 */
export async function repairLog(options: RepairOptions): Promise<Repair> {
  const { files = nodeFiles, directory, now } = options;
  const { layout, description } = await openSource(directory, files);
  const nonce = systemRandom(Buffer.alloc(8)).toString('hex');
  const lock = await takeLock({ files, path: layout.lock, nonce, now: now(), settle: defaultLimits.lockSettle });
  let repair: Repair;
  try {
    repair = await repairLocked(options, { files, layout, description });
  } finally {
    await lock.release();
  }
  if (repair.outcome === 'planned' || repair.outcome === 'whole') return repair;
  await startAnew(options, repair, description);
  return repair;
}

async function repairLocked(options: RepairOptions, source: Source): Promise<Repair> {
  const { files, layout, description } = source;
  const { anchor, directory, keys, now } = options;
  const reading = { files, keys, now: now(), ...(anchor === undefined ? {} : { anchor }) };
  const found = await verifyLog(directory, reading);
  const kept = await readNotes(files, layout, description.keys);
  const unsigned = kept.faults.find((fault) => fault.includes('was repaired'));
  if (unsigned !== undefined)
    throw beyondRepair(`${unsigned}; put its note back, or, if nobody repaired it, move that segment away`);
  const newest = newestOf(kept, description, anchor);
  const checkpoints = [...kept.notes.map(({ checkpoint }) => checkpoint), ...(newest === undefined ? [] : [newest])];
  const diagnosis = await diagnose({ files, layout, description, keys, breaks: kept.breaks, checkpoints });
  const signed = newest?.size ?? 0;
  const record = diagnosis.tree.size;
  const repair = { found, record, lost: lostRecords(diagnosis, signed), signed, damages: diagnosis.damages };
  if (found.exitCode === 0) return { ...repair, outcome: 'whole' };
  if (!options.acceptLoss) return { ...repair, outcome: 'planned' };
  const isBroken = diagnosis.damages.length > 0 || signed > record || kept.faults.length > 0;
  if (isBroken) await breakLog(options, { ...source, kept, diagnosis, newest, repair });
  else await clearCaches(source, kept.breaks);
  // Two trees that the key of the log signed, and the like: there is nothing to set aside.
  const after = isBroken ? undefined : await verifyLog(directory, reading);
  if (after !== undefined && ![0, verdicts.incomplete].includes(after.exitCode)) throw beyondRepair(after.sentence);
  return { ...repair, outcome: isBroken ? 'repaired' : 'caches' };
}

/** The largest tree that was signed: here, or as it was kept outside. */
function newestOf(
  { notes, lost, breaks }: KeptNotes,
  { keys }: LogDescription,
  anchor: string | undefined,
): Checkpoint | undefined {
  const own = largest(notes);
  if (anchor === undefined) return own;
  const note = parseNote(anchor);
  if (note === undefined || !isAnchorOf(note, keys, breaks)) {
    throw new AuditFault('AUDIT_NOTE', 'The anchor is not a note that this log signed', 65);
  }
  const { size } = note.checkpoint;
  const isGivenUp = lost.some(({ checkpoint }) => checkpoint.size === size);
  return isGivenUp || size <= (own?.size ?? 0) ? own : note.checkpoint;
}

/** Records that nobody can read in their place any more. What a crash had left unfinished is none. */
function lostRecords({ damages, tree, end }: Diagnosis, signed: number): number {
  const inside = damages
    .flatMap(({ stretches }) => stretches)
    .filter(({ first }) => first < tree.size)
    .reduce((sum, { first, next }) => sum + next - first, 0);
  return inside + Math.max(0, Math.max(end, signed) - tree.size);
}

function assertConsent({ acceptRollback }: RepairOptions, { signed, record }: Findings): void {
  if (signed <= record || acceptRollback === signed) return;
  throw new AuditFault(
    'AUDIT_ROLLED_BACK',
    `A checkpoint was signed over ${signed} records, and the log can lead to ${record} only: whoever keeps that ` +
      `checkpoint will find the log rolled back. To give the rest up, say so: --accept-rollback ${signed}`,
    4,
  );
}

async function breakLog(options: RepairOptions, work: Work): Promise<void> {
  const { files, layout, description, diagnosis, kept, repair } = work;
  assertConsent(options, repair);
  const store = new FileKeyStore(files, layout.keys);
  const keyring = await openKeyring(
    { store, provider: options.keys, origin: description.origin, random: systemRandom },
    false,
  );
  const signer = signerOfLog(description, keyring);
  const record = await breakRecord(options, work, keyring);
  for (const damage of diagnosis.damages) await keepAside(files, layout, damage, record.index);
  await clearCaches(work, kept.breaks, diagnosis);
  await makeDirectoryDurably(files, layout.breaks);
  const note = signBreak(record.index, record.leaf, signer);
  await replaceFile(files, breakPath(layout, record.index), Buffer.from(note), 0o444);
  // From here on the log is repaired: the segment appears whole, or not at all.
  await replaceFile(files, segmentPath(layout, record.index), record.bytes);
}

/** A file whose name the new segment takes is copied first; one whose index would hide what is left loses the index. */
async function keepAside(files: FileLayer, layout: Layout, damage: Damage, index: number): Promise<void> {
  if (damage.sha256 === '') return;
  await removeDurably(files, indexPath(layout, damage.segment));
  if (damage.segment !== index) return;
  const path = asidePath(layout, damage);
  await makeDirectoryDurably(files, dirname(path));
  await replaceFile(files, path, await files.readFile(segmentPath(layout, index)), 0o444);
}

async function breakRecord(options: RepairOptions, work: Work, keyring: Keyring): Promise<SealedRecord> {
  const { files, layout, description, diagnosis, newest, repair } = work;
  const { tree, previous, fileBefore, damages, leaves } = diagnosis;
  const notes = (await readIfPresent(files, layout.checkpoints)) ?? Buffer.alloc(0);
  const [opening, falseNote] = [segmentOpenEvent(tree, fileBefore), await falseNewest(work)];
  const event: AuditEvent = {
    ...opening,
    kind: 'log.break',
    actor: options.by,
    action: 'C',
    totals: { ...opening.totals, lost: repair.lost, signed: repair.signed, notes: notes.length },
    facts: {
      ...opening.facts,
      found: repair.found.sentence,
      leaf: previous.toString('base64'),
      vkey: description.keys.at(-1)?.vkey ?? '',
      was: newest?.root.toString('base64') ?? '',
      notes: sha256(notes).toString('hex'),
      ...(falseNote === undefined ? {} : { note: falseNote }),
      ...writeDamages(damages, leaves),
    },
    ...(options.note === undefined ? {} : { sealed: { note: options.note } }),
  };
  const nonces = new Nonces(systemRandom);
  const chain = new Chain({ frontier: tree.copy(), previous }, systemRandom(Buffer.alloc(8)).toString('hex'));
  const sealing = { reference: undefined, key: keyring.system, nonce: () => nonces.next() };
  try {
    return chain.add(encodeEvent(event, description.practice, Math.floor(options.now()), 0), sealing, tree.size);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new AuditFault(
      'AUDIT_BEYOND_REPAIR',
      'The log is damaged in too many places: put a copy of it back',
      3,
      error,
    );
  }
}

/** SHA-256 of the file `checkpoint` where that does not hold. */
async function falseNewest({ files, layout, kept }: Work): Promise<string | undefined> {
  if (!kept.faults.some((fault) => fault.startsWith('The file checkpoint'))) return undefined;
  const note = await readIfPresent(files, layout.checkpoint);
  return note === undefined ? undefined : sha256(note).toString('hex');
}

/** Opens the log as a start does: that signs the first checkpoint behind the break. */
async function startAnew(options: RepairOptions, repair: Repair, { origin, practice }: LogDescription): Promise<void> {
  const log = await openFileLog({ ...options, origin, practice });
  try {
    if (repair.outcome !== 'caches') return;
    const facts = { cause: repair.found.sentence };
    await log.gate({ kind: 'log.recovered', actor: options.by, role: 'repair', outcome: 'ok', facts });
  } finally {
    await log.close();
  }
}
