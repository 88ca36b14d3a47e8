import { plannedBreak, type Damage } from './break-record.ts';
import { Breaks } from './breaks.ts';
import type { Checkpoint } from './checkpoint.ts';
import type { LogDescription } from './description.ts';
import type { FileLayer } from './durable.ts';
import type { KeyProvider } from './key-provider.ts';
import { segmentPath, segmentStarts, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { openPayloads, type Payloads } from './payload.ts';
import { beginsElsewhere, readSegmentStart } from './segment.ts';
import { surveyClosed, surveyLast, type Patient, type Survey } from './survey.ts';
import { unknownTiles } from './tile-collector.ts';
import { leafInTile } from './tile-store.ts';
import { Frontier, sha256 } from './tree.ts';
import { NotWhole } from './verdict.ts';
import { RecordClock } from './verify-clock.ts';
import { readPurged } from './verify-hashes.ts';
import { SegmentVerifier } from './verify-segment.ts';
import { GrowingTree } from './verify-tree.ts';

export interface DiagnosisOptions {
  readonly files: FileLayer;
  readonly layout: Layout;
  readonly description: LogDescription;
  readonly breaks: Breaks;
  /** What was signed and still counts. */
  readonly checkpoints: readonly Checkpoint[];
  /** What is encrypted is opened: where somebody put hashes right, only that a payload is another record's tells. */
  readonly keys: KeyProvider;
}

/** What a repair has to set aside, and where the log goes on. */
export interface Diagnosis {
  readonly damages: readonly Damage[];
  readonly leaves: ReadonlyMap<number, Buffer>;
  /** The tree over all that goes on to count. */
  readonly tree: Frontier;
  /** Leaf of the last record of it. */
  readonly previous: Buffer;
  /** SHA-256 of the file that will stand before the new segment, hex. */
  readonly fileBefore: string;
  /** The number behind the last record that was found, whole or not. */
  readonly end: number;
}

interface Trouble {
  readonly finding: NotWhole['finding'];
  readonly at: number;
  readonly before: Frontier | undefined;
  readonly fileBefore: string;
}

interface Reading {
  readonly trouble: Trouble | undefined;
  readonly tree: Frontier | undefined;
  readonly previous: Buffer;
  readonly fileBefore: string;
  /** Bytes of the last segment that no record takes. */
  readonly rest: { readonly first: number; readonly offset: number; readonly length: number } | undefined;
}

/** Finds all that has to be set aside so that `verify` finds the rest whole. Rejects where no repair can help. */
export async function diagnose(options: DiagnosisOptions): Promise<Diagnosis> {
  const payloads = await openPayloads(options.files, options.layout, options.description, options.keys);
  await payloads.addAll();
  const diagnostician = new Diagnostician(options, payloads);
  try {
    for (;;) {
      const reading = await diagnostician.read();
      if (reading.trouble === undefined) return diagnostician.conclude(reading);
      await diagnostician.treat(reading.trouble);
    }
  } catch (error) {
    if (error instanceof NotWhole) throw beyondRepair(error.finding.sentence);
    throw error;
  }
}

class Diagnostician {
  readonly #options: DiagnosisOptions;
  readonly #payloads: Payloads;
  readonly #roots: ReadonlyMap<number, Buffer>;
  readonly #damages: Damage[] = [];
  readonly #leaves = new Map<number, Buffer>();
  #starts: readonly number[] = [];
  /** Where the log is cut; undefined where all that is there is kept. */
  #cut: number | undefined;
  #end = 0;

  constructor(options: DiagnosisOptions, payloads: Payloads) {
    this.#options = options;
    this.#payloads = payloads;
    this.#roots = new Map(options.checkpoints.map(({ size, root }) => [size, root]));
  }

  /** Reads the log as it would be after the repair that is planned so far. */
  async read(): Promise<Reading> {
    const { files, layout, description, checkpoints } = this.#options;
    const all = segmentStarts(await files.list(layout.segments));
    // What begins at the cut will lie aside.
    this.#starts = all.filter((first) => first !== this.#cut);
    const breaks = this.#planned();
    const start = await readPurged(files, layout, this.#starts[0] ?? 0, description, breaks).catch((error: unknown) =>
      this.#passOverGap(error),
    );
    if (start === undefined) return this.read();
    const tree = new GrowingTree(Frontier.of(start.first, start.edge), unknownTiles(start.first), checkpoints);
    const clock = new RecordClock(Number.POSITIVE_INFINITY, []);
    const verifier = new SegmentVerifier({
      tree,
      checkpoints,
      start,
      breaks,
      payloads: this.#payloads,
      clock,
      announced: new Map(),
      warnings: [],
    });
    let { fileBefore } = start;
    let rest: Reading['rest'];
    for (const [at, first] of this.#starts.entries()) {
      const before = tree.copy();
      const bytes = await files.readFile(segmentPath(layout, first));
      try {
        const read = verifier.read(bytes, first, this.#starts[at + 1]);
        if (read.end < bytes.length) rest = { first, offset: read.end, length: bytes.length };
        fileBefore = read.sha256;
      } catch (error) {
        if (!(error instanceof NotWhole)) throw error;
        const trouble = { finding: error.finding, at, before, fileBefore };
        return { trouble, tree: undefined, previous: verifier.previous, fileBefore, rest: undefined };
      }
    }
    this.#end = Math.max(this.#end, tree.size);
    return { trouble: undefined, tree: tree.copy(), previous: verifier.previous, fileBefore, rest };
  }

  /** The first segments are gone and nobody said that they were purged. */
  #passOverGap(error: unknown): undefined {
    const [first = 0] = this.#starts;
    if (!(error instanceof NotWhole) || this.#damages.length > 0) throw error;
    this.#damages.push({ segment: 0, sha256: '', stretches: [{ first: 0, next: first, offset: 0, end: 0 }] });
  }

  /** Plans how to go on where the verifier stopped. */
  async treat({ finding, at, before, fileBefore }: Trouble): Promise<void> {
    const first = this.#starts[at] ?? 0;
    const size = finding.record ?? first;
    if (finding.sentence.startsWith('A second segment')) {
      throw beyondRepair(`${finding.sentence.slice(0, -1)}: move that file away`);
    }
    if (finding.verdict === 'tampered' && size < first && (await this.#isGap(size, first))) {
      this.#damages.push({ segment: size, sha256: '', stretches: [{ first: size, next: first, offset: 0, end: 0 }] });
      return;
    }
    if (first === 0 && beginsElsewhere(await this.#bytes(0), this.#options.description.hash)) {
      throw beyondRepair('log.json is not the one that the log began with; put a copy of it back');
    }
    const start = readSegmentStart(await this.#bytes(first), first);
    const blamesBefore = typeof start === 'object' && first > 0 && start.fileBefore !== fileBefore && at > 0;
    // The segment before was changed so well that only its hash tells.
    if (blamesBefore && !this.#isTreated(this.#starts[at - 1] ?? 0)) {
      await this.#setAside(at - 1, undefined, undefined);
      return;
    }
    await this.#setAside(at, before ?? (typeof start === 'object' ? Frontier.of(first, start.edge) : undefined), size);
  }

  conclude({ tree, previous, fileBefore, rest }: Reading): Diagnosis {
    if (tree === undefined)
      throw beyondRepair('nothing that is left says how the tree goes on; put a copy of the last segment back');
    if (rest !== undefined) {
      const { first, offset, length } = rest;
      const stretches = [{ first: tree.size, next: tree.size, offset, end: length }];
      this.#damages.push({ segment: first, sha256: fileBefore, stretches });
    }
    return { damages: this.#damages, leaves: this.#leaves, tree, previous, fileBefore, end: this.#end };
  }

  /** The breaks that are, and the one that is planned. */
  #planned(): Breaks {
    const { breaks } = this.#options;
    const index = this.#cut ?? Number.MAX_SAFE_INTEGER;
    const planned = plannedBreak(index, this.#damages, this.#leaves);
    const leaves = new Map(breaks.leaves);
    if (this.#cut !== undefined) leaves.set(this.#cut, Buffer.alloc(0));
    return new Breaks([...breaks.all, planned], leaves);
  }

  /** True when records before a segment are missing with their files. */
  async #isGap(size: number, first: number): Promise<boolean> {
    return typeof readSegmentStart(await this.#bytes(first), first) === 'object' && !this.#starts.includes(size);
  }

  /** `from`: the record from which on nothing holds, where a survey finds nothing wrong. */
  async #setAside(at: number, before: Frontier | undefined, from: number | undefined): Promise<void> {
    const first = this.#starts[at] ?? 0;
    if (this.#isTreated(first))
      throw beyondRepair(`what is left of the segment of record ${first} does not hold; put a copy of it back`);
    const next = this.#starts[at + 1];
    const bytes = await this.#bytes(first);
    const patient = {
      bytes,
      first,
      before,
      roots: this.#roots,
      tileLeaf: (index: number) => leafInTile(this.#options.files, this.#options.layout, index),
    };
    const found = await this.#survey(patient, next);
    const survey = found.stretches.length > 0 ? found : this.#allOf(patient, next ?? found.end, from);
    for (const [index, leaf] of survey.leaves) this.#leaves.set(index, leaf);
    this.#damages.push({ segment: first, sha256: sha256(bytes).toString('hex'), stretches: survey.stretches });
    const last = survey.stretches.at(-1);
    if (next !== undefined || last === undefined) return;
    this.#end = survey.end;
    if (last.end === bytes.length) this.#cut = last.first;
  }

  async #survey(patient: Patient, next: number | undefined): Promise<Survey> {
    if (next === undefined) return surveyLast(patient);
    const behind = readSegmentStart(await this.#bytes(next), next);
    return typeof behind === 'object' ? surveyClosed(patient, behind) : surveyLast(patient, next);
  }

  /** Sets aside what no survey can tell from the right: a whole closed segment, or the end of the open one. */
  #allOf({ bytes, first }: Patient, next: number, from: number | undefined): Survey {
    const isOpen = this.#starts.at(-1) === first;
    const cut = isOpen && from !== undefined && from >= first ? from : first;
    const mark = `{"n":${cut},`;
    const found = bytes.indexOf(mark);
    const offset = cut === first || found < 0 ? 0 : bytes.lastIndexOf(0x0a, found) + 1;
    const stretch = { first: offset === 0 ? first : cut, next, offset, end: bytes.length };
    return { stretches: [stretch], leaves: new Map(), end: next };
  }

  #isTreated(segment: number): boolean {
    return this.#damages.some((damage) => damage.segment === segment && damage.sha256 !== '');
  }

  #bytes(first: number): Promise<Buffer> {
    const { files, layout } = this.#options;
    return files.readFile(segmentPath(layout, first));
  }
}

export function beyondRepair(why: string): AuditFault {
  return new AuditFault('AUDIT_BEYOND_REPAIR', `The log cannot be repaired as it is: ${why}`, 3);
}
