import type { Damage } from './break-record.ts';
import { unsignedBreak, type Breaks } from './breaks.ts';
import type { Checkpoint } from './checkpoint.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Payloads } from './payload.ts';
import { QuickReader } from './quick.ts';
import { readRecord } from './record.ts';
import { scanRecord, type ScannedRecord, type ScanStop } from './scan.ts';
import { IndexBuilder, lookupKeys } from './segment-index.ts';
import { previousOf, readSegmentStart, type SegmentStart } from './segment.ts';
import { damageOf } from './tail.ts';
import { SegmentHash } from './segment-hash.ts';
import type { GrowingTree } from './verify-tree.ts';
import { NotWhole } from './verdict.ts';
import type { RecordClock } from './verify-clock.ts';

export interface SegmentVerifierOptions {
  readonly tree: GrowingTree;
  readonly checkpoints: readonly Checkpoint[];
  /** How the oldest segment starts. */
  readonly start: SegmentStart;
  readonly breaks: Breaks;
  /** Opens payloads, where the keys were given. */
  readonly payloads: Payloads | undefined;
  readonly clock: RecordClock;
  /** Gets each signing key that a record announces, with its number. */
  readonly announced: Map<string, number>;
  readonly warnings: string[];
}

/** A closed segment that was read. */
export interface VerifiedSegment {
  /** SHA-256 of the file, hex. */
  readonly sha256: string;
  /** Offset behind the last record that was read. */
  readonly end: number;
  /** What its index must be. */
  readonly index: IndexBuilder;
  /** True where a break says that records of it are lost. */
  readonly isDamaged: boolean;
}

const ofTheLog = Buffer.from('lsk');

/** Checks one segment after the other: frames, numbers, hashes, members, openings, seals, and the roots that were signed. */
export class SegmentVerifier {
  readonly #options: SegmentVerifierOptions;
  readonly #tree: GrowingTree;
  readonly #breaks: Breaks;
  readonly #quick = new QuickReader();
  readonly #signed: number;
  #hash = new SegmentHash(Buffer.alloc(0));
  #index = new IndexBuilder();
  #previous: Buffer;
  #fileBefore: string;
  #damage: Damage | undefined;
  #damageBefore: Damage | undefined;
  #isTailLost = false;
  #sealed = true;

  constructor(options: SegmentVerifierOptions) {
    this.#options = options;
    this.#tree = options.tree;
    this.#breaks = options.breaks;
    this.#previous = options.start.previous;
    this.#fileBefore = options.start.fileBefore;
    this.#signed = Math.max(0, ...options.checkpoints.map(({ size }) => size));
  }

  /** The leaf of the last record that was read. */
  get previous(): Buffer {
    return this.#previous;
  }

  /**
   * Throws {@link NotWhole} at the first fault. `next`: the number that names the segment behind it; undefined for the
   * one that is still written.
   */
  read(bytes: Buffer, first: number, next: number | undefined): VerifiedSegment {
    this.#damage = this.#breaks.damageOf(first);
    this.#hash = new SegmentHash(bytes);
    this.#index = new IndexBuilder();
    this.#checkOpening(bytes, first);
    this.#isTailLost = false;
    this.#sealed = false;
    const stop =
      this.#damage === undefined
        ? this.#readRun(bytes, 0, first, bytes.length, first)
        : this.#readDamaged(bytes, first, this.#damage);
    if (stop.fault !== undefined) this.#judgeStop(bytes, stop, next === undefined);
    if (next !== undefined && !this.#sealed && this.#damage === undefined && !this.#breaks.isAt(next)) {
      throw new NotWhole(
        'tampered',
        `The segment that starts with record ${first} ends at record ${stop.index} without its seal.`,
        stop.index,
      );
    }
    this.#fileBefore = this.#hash.whole();
    this.#damageBefore = this.#damage;
    return { sha256: this.#fileBefore, end: stop.offset, index: this.#index, isDamaged: this.#damage !== undefined };
  }

  #checkOpening(bytes: Buffer, first: number): void {
    const { size } = this.#tree;
    const isMissing = first > size && this.#breaks.isMissing(size, first);
    if (first > size && !isMissing)
      throw new NotWhole('tampered', `The records ${size} to ${first - 1} are missing.`, size);
    if (first < size) throw new NotWhole('tampered', `A second segment starts with record ${first}.`, first);
    if (isMissing) this.#tree.skip(first - size);
    if (first === 0) return;
    const start = readSegmentStart(bytes, first);
    if (typeof start === 'string') {
      if (this.#damage !== undefined) return;
      throw new NotWhole('corrupt', `The segment of record ${first} ${start}.`, first);
    }
    const isExcused = isMissing || (this.#damageBefore !== undefined && !this.#breaks.isAt(first));
    if (start.fileBefore !== this.#fileBefore && !isExcused) {
      throw new NotWhole('tampered', `The segment before record ${first} is not the file that was closed.`, first);
    }
    // Otherwise the opening must carry the hash of the last record that was read, as every record does.
    if (isMissing || this.#isTailLost) this.#previous = start.previous;
    if (!this.#tree.isKnown) {
      this.#tree.resume(first, start.edge);
    } else if (!this.#tree.hasEdge(start.edge)) {
      throw new NotWhole('tampered', `The segment of record ${first} opens with the tree of other records.`, first);
    }
  }

  /** Records one behind the other, up to the byte `limit`. */
  #readRun(bytes: Buffer, from: number, firstIndex: number, limit: number, first: number): ScanStop {
    const quick = this.#options.payloads === undefined ? this.#quick : undefined;
    let index = firstIndex;
    let offset = from;
    while (offset < limit) {
      if (quick?.read(bytes, offset, index, this.#previous) === true && this.#isPlain(bytes, quick)) {
        this.#assertOpen(index);
        this.#index.addRecord(bytes, quick, offset);
        this.#previous = quick.leaf;
        offset = quick.next;
      } else {
        const record = scanRecord(bytes, offset, index, this.#previous);
        if ('kind' in record) return { index, offset, previous: this.#previous, fault: record };
        this.#checkRecord(record, first);
        this.#previous = record.leaf;
        offset = record.next;
      }
      this.#tree.push(this.#previous);
      index += 1;
    }
    return { index, offset, previous: this.#previous, fault: undefined };
  }

  /** True for a record about which nothing has to be known but its hash and what it can be found by. */
  #isPlain(bytes: Buffer, quick: QuickReader): boolean {
    // The kinds `log.*`, `seg.*` and `key.*` say things about the log itself.
    const { start } = quick.kind;
    const isOfTheLog = bytes[start + 3] === 0x2e && ofTheLog.includes(bytes[start] ?? 0);
    return !isOfTheLog && this.#options.clock.goesOn(bytes, quick.run, quick.time);
  }

  /** The runs of records between the stretches that a signed break declares lost. */
  #readDamaged(bytes: Buffer, first: number, damage: Damage): ScanStop {
    if (this.#hash.whole() !== damage.sha256) {
      throw new NotWhole('tampered', `The segment of record ${first} is not the one that was set aside.`, first);
    }
    let offset = 0;
    let index = first;
    for (const stretch of damage.stretches) {
      const stop = this.#readRun(bytes, offset, index, stretch.offset, first);
      if (stop.fault !== undefined || stop.index !== stretch.first || stop.offset !== stretch.offset) {
        throw new NotWhole('tampered', `Record ${stop.index} is not where the break says that it is.`, stop.index);
      }
      offset = stretch.end;
      index = stretch.next;
      const isTail = stretch.end >= bytes.length;
      // What was set aside at the end is not in the tree when the break follows at once.
      if (isTail && this.#breaks.isAt(stretch.first)) break;
      const last = isTail ? undefined : previousOf(bytes, stretch.end);
      for (let lost = stretch.first; lost < stretch.next; lost += 1) {
        this.#tree.push((lost === stretch.next - 1 ? last : undefined) ?? this.#breaks.leafOf(lost));
      }
      this.#previous = last ?? this.#previous;
      this.#isTailLost = isTail;
    }
    return this.#readRun(bytes, offset, index, bytes.length, first);
  }

  #checkRecord(scanned: ScannedRecord, first: number): void {
    const { index } = scanned;
    const { payloads, clock } = this.#options;
    this.#assertOpen(index);
    const record = readRecord(scanned.body);
    if (typeof record === 'string') throw new NotWhole('tampered', `Record ${index} ${record}.`, index);
    clock.check(record.members, index);
    if (record.payload !== undefined && payloads?.open(record) === 'foreign') {
      throw new NotWhole('tampered', `The encrypted part of record ${index} was not made for this record.`, index);
    }
    if (record.members['k'] === 'seg.seal') this.#checkSeal(record.members, scanned, first);
    if (record.members['k'] === 'log.break' && (scanned.offset > 0 || !this.#breaks.isSigned(index, scanned.leaf))) {
      throw new NotWhole('tampered', `${unsignedBreak(index)}.`, index);
    }
    const facts = record.members['f'];
    if (record.members['k'] === 'key.rotate' && isObject(facts) && typeof facts['vkey'] === 'string') {
      this.#options.announced.set(facts['vkey'], index);
    }
    this.#index.add(lookupKeys(record.members), scanned.offset);
  }

  #assertOpen(index: number): void {
    if (this.#sealed)
      throw new NotWhole('tampered', `Record ${index} was written behind the seal of its segment.`, index);
  }

  #checkSeal(members: JsonObject, { index, offset }: ScannedRecord, first: number): void {
    const { q: totals, f: facts } = members;
    const holds =
      isObject(totals) &&
      isObject(facts) &&
      totals['first'] === first &&
      totals['records'] === index - first &&
      totals['size'] === index &&
      (!this.#tree.isKnown || facts['root'] === this.#tree.root.toString('base64')) &&
      (this.#damage !== undefined || facts['sha256'] === this.#hash.before(offset));
    if (!holds) throw new NotWhole('tampered', `Record ${index} seals a segment with other content.`, index);
    this.#sealed = true;
  }

  #judgeStop(bytes: Buffer, stop: ScanStop, isLast: boolean): void {
    const { index, offset, fault } = stop;
    const what = `Record ${index} (byte ${offset} of its segment) ${fault?.what ?? ''}`;
    if (fault?.kind === 'order')
      throw new NotWhole('tampered', `${what}: records were removed, added or moved.`, index);
    const damage = isLast ? damageOf(bytes, stop, this.#signed) : 'its bytes were changed';
    if (damage !== undefined) throw new NotWhole('corrupt', `${what}: ${damage}.`, index);
    const behind = bytes.length - offset;
    this.#options.warnings.push(
      `${what}: ${behind} bytes of an unfinished write follow, which a start of chaperone cuts off.`,
    );
  }
}
