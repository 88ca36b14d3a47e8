import type { Checkpoint } from './checkpoint.ts';
import { isObject, type JsonObject } from './json.ts';
import type { Payloads } from './payload.ts';
import { readRecord } from './record.ts';
import { scanSegment, type ScannedRecord, type ScanStop } from './scan.ts';
import { readSegmentStart, type SegmentStart } from './segment.ts';
import { damageOf } from './tail.ts';
import type { TileCollector } from './tile-collector.ts';
import { sha256, type Frontier } from './tree.ts';
import { NotWhole } from './verdict.ts';

/** Times of the first and the last record of a segment, ms UTC. */
export interface SegmentTimes {
  first: number;
  last: number;
}

export interface SegmentVerifierOptions {
  readonly frontier: Frontier;
  readonly checkpoints: readonly Checkpoint[];
  /** How the oldest segment starts. */
  readonly start: SegmentStart;
  /** Gets every leaf, to compare the stored tiles. */
  readonly tiles: TileCollector;
  /** Opens payloads, where the keys were given. */
  readonly payloads: Payloads | undefined;
  /** ms UTC, to find records of the future. */
  readonly now: number;
  readonly warnings: string[];
}

/** Two clocks may differ by this much, ms. */
const clockTolerance = 300_000;

/** Checks one segment after the other: frames, numbers, hashes, members, openings, seals, and the roots that were signed. */
export class SegmentVerifier {
  readonly #frontier: Frontier;
  readonly #roots = new Map<number, Buffer>();
  readonly #signed: number;
  readonly #warnings: string[];
  readonly #payloads: Payloads | undefined;
  #now: number;
  readonly #tiles: TileCollector;
  #previous: Buffer;
  #fileBefore = '';
  #run = '';
  #time = 0;
  #sealed = true;

  constructor(options: SegmentVerifierOptions) {
    const { checkpoints } = options;
    this.#frontier = options.frontier;
    this.#previous = options.start.previous;
    this.#fileBefore = options.start.fileBefore;
    this.#warnings = options.warnings;
    this.#payloads = options.payloads;
    this.#now = options.now;
    this.#tiles = options.tiles;
    this.#signed = Math.max(0, ...checkpoints.map(({ size }) => size));
    for (const { size, root } of checkpoints) {
      const known = this.#roots.get(size);
      if (known !== undefined && !known.equals(root)) {
        throw new NotWhole('tampered', `Two checkpoints over ${size} records disagree: the log was forked.`);
      }
      this.#roots.set(size, root);
    }
  }

  /** Throws {@link NotWhole} at the first fault. `isLast`: the segment is the one that is still written. */
  read(bytes: Buffer, first: number, isLast: boolean): SegmentTimes {
    this.#checkOpening(bytes, first);
    const times: SegmentTimes = { first: 0, last: 0 };
    this.#sealed = false;
    const stop = scanSegment(bytes, first, this.#previous, (record) => {
      this.#checkRecord(record, bytes, first);
      times.first ||= this.#time;
      times.last = this.#time;
    });
    this.#previous = stop.previous;
    if (stop.fault !== undefined) this.#judgeStop(bytes, stop, isLast);
    if (!isLast && !this.#sealed) {
      throw new NotWhole(
        'tampered',
        `The segment that starts with record ${first} ends at record ${stop.index} without its seal.`,
        stop.index,
      );
    }
    this.#fileBefore = sha256(bytes).toString('hex');
    return times;
  }

  #checkOpening(bytes: Buffer, first: number): void {
    const { size } = this.#frontier;
    if (first > size) throw new NotWhole('tampered', `The records ${size} to ${first - 1} are missing.`, size);
    if (first < size) throw new NotWhole('tampered', `A second segment starts with record ${first}.`, first);
    if (first === 0) return;
    const start = readSegmentStart(bytes, first);
    if (typeof start === 'string') throw new NotWhole('corrupt', `The segment of record ${first} ${start}.`, first);
    if (start.fileBefore !== this.#fileBefore) {
      throw new NotWhole('tampered', `The segment before record ${first} is not the file that was closed.`, first);
    }
    const sameTree =
      start.edge.length === this.#frontier.edge.length &&
      start.edge.every((hash, at) => this.#frontier.edge[at]?.equals(hash));
    if (!sameTree)
      throw new NotWhole('tampered', `The segment of record ${first} opens with the tree of other records.`, first);
  }

  #checkRecord(scanned: ScannedRecord, bytes: Buffer, first: number): void {
    const { index } = scanned;
    if (this.#sealed)
      throw new NotWhole('tampered', `Record ${index} was written behind the seal of its segment.`, index);
    const record = readRecord(scanned.body);
    if (typeof record === 'string') throw new NotWhole('tampered', `Record ${index} ${record}.`, index);
    this.#checkTime(record.members, index);
    if (record.payload !== undefined && this.#payloads?.open(record) === 'foreign') {
      throw new NotWhole('tampered', `The encrypted part of record ${index} was not made for this record.`, index);
    }
    if (record.members['k'] === 'seg.seal')
      this.#checkSeal(record.members, scanned, bytes.subarray(0, scanned.offset), first);
    this.#frontier.push(scanned.leaf);
    this.#tiles.push(scanned.leaf);
    const signed = this.#roots.get(this.#frontier.size);
    if (signed !== undefined && !signed.equals(this.#frontier.root())) {
      throw new NotWhole(
        'tampered',
        `The records up to ${index} are not the ones that the checkpoint over ${index + 1} records was signed over.`,
        index,
      );
    }
  }

  #checkTime(members: JsonObject, index: number): void {
    const { t: time, b: run } = members;
    if (typeof time !== 'number' || typeof run !== 'string' || typeof members['k'] !== 'string') {
      throw new NotWhole('tampered', `Record ${index} lacks its time, its run or its kind.`, index);
    }
    if (time < this.#time && run !== this.#run) {
      this.#warnings.push(`The clock went back by ${this.#time - time} ms between two runs, at record ${index}.`);
    }
    if (time > this.#now + clockTolerance) {
      this.#warnings.push(`Record ${index} is dated in the future: ${new Date(time).toISOString()}.`);
      // One is enough to say: those after it most likely are too.
      this.#now = Number.POSITIVE_INFINITY;
    }
    this.#time = time;
    this.#run = run;
  }

  #checkSeal(members: JsonObject, { index }: ScannedRecord, before: Buffer, first: number): void {
    const { q: totals, f: facts } = members;
    const holds =
      isObject(totals) &&
      isObject(facts) &&
      totals['first'] === first &&
      totals['records'] === index - first &&
      totals['size'] === index &&
      facts['root'] === this.#frontier.root().toString('base64') &&
      facts['sha256'] === sha256(before).toString('hex');
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
    this.#warnings.push(`${what}: ${behind} bytes of an unfinished write follow, which a start of chaperone cuts off.`);
  }
}
