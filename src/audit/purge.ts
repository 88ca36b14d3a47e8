import type { Signer } from './checkpoint.ts';
import { hashFile, openingOf } from './closed.ts';
import { makeDirectoryDurably, replaceFile, unlinkIfPresent, type FileLayer } from './durable.ts';
import type { Hold, Holds } from './hold.ts';
import { segmentPath, segmentStarts, type Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { makeTilesDurable } from './purge-tiles.ts';
import { findInSegment } from './query.ts';
import { indexPath } from './segment-index.ts';
import type { SegmentStart } from './segment.ts';
import { tileWidth } from './tile-store.ts';
import { signTombstone, tombstonePath } from './tombstone.ts';
import { Frontier } from './tree.ts';
import type { LogWriter } from './writer.ts';

export interface PurgeRequest {
  /** Only segments whose records are all older than this, ms UTC. */
  readonly before: number;
  /** The rule that says so, in a few words: `retention 2222 days`. */
  readonly rule: string;
  /** `user:<id>` or `system`. */
  readonly by: string;
  /** Says what would be done and does nothing. */
  readonly dryRun?: boolean;
}

/** A segment that is, or would be, purged. */
export interface PurgedSegment {
  /** The log it was of, where several are purged together. */
  readonly log?: string;
  readonly first: number;
  readonly next: number;
  readonly sha256: string;
}

export interface PurgeReport {
  readonly purged: readonly PurgedSegment[];
  /** Why the next segment stays. */
  readonly stopped: 'young' | 'open' | Hold;
}

export interface PurgerOptions {
  readonly files: FileLayer;
  readonly layout: Layout;
  readonly signer: Signer;
  readonly writer: LogWriter;
  readonly holds: Holds;
  /** Why the wall clock cannot be believed, in a few words; undefined when a second clock agrees with it. */
  readonly clockDoubt: () => string | undefined;
}

/**
 * Removes whole segments from the beginning of the log. First the event, then a signed tombstone, then the file: an
 * interruption leaves at worst a tombstone beside a file that still is there, which {@link Purger.resume} removes. The
 * hashes of the records stay, so that every proof that was ever given still holds.
 */
export class Purger {
  readonly #options: PurgerOptions;

  constructor(options: PurgerOptions) {
    this.#options = options;
  }

  /** Rejects with `CLOCK_DOUBT` when a wrong clock could have chosen the segments. */
  async purge(request: PurgeRequest): Promise<PurgeReport> {
    const doubt = this.#options.clockDoubt();
    if (doubt !== undefined) throw new AuditFault('CLOCK_DOUBT', `Nothing is purged: ${doubt}`, 75);
    const purged: PurgedSegment[] = [];
    for (;;) {
      const found = await this.#oldest(purged.at(-1)?.next ?? 0, request);
      if ('stopped' in found) return { purged, stopped: found.stopped };
      if (request.dryRun !== true) await this.#remove(found.segment, found.after, request);
      purged.push(found.segment);
    }
  }

  /** Removes files that have their tombstone already. */
  async resume(): Promise<void> {
    const { files, layout } = this.#options;
    for (const first of segmentStarts(await files.list(layout.segments))) {
      if ((await files.facts(tombstonePath(layout, first))) === undefined) return;
      await this.#unlink(first);
    }
  }

  async #oldest(from: number, { before }: PurgeRequest): Promise<Oldest> {
    const { files, layout, writer } = this.#options;
    const starts = segmentStarts(await files.list(layout.segments)).filter((start) => start >= from);
    const [first, next] = starts;
    if (first === undefined || next === undefined) return { stopped: 'open' };
    const after = await openingOf(files, layout, next);
    if (typeof after === 'string') throw new AuditFault('AUDIT_CORRUPT', `The segment of record ${next} ${after}`, 3);
    if (after.time >= before) return { stopped: 'young' };
    // The tile at the end of the segment must be full: its hashes are all that remains of the records.
    if (writer.size < Math.ceil(next / tileWidth) * tileWidth) return { stopped: 'open' };
    const hold = await this.#holdOn(first, next);
    if (hold !== undefined) return { stopped: hold };
    return { segment: { first, next, sha256: after.fileBefore }, after };
  }

  async #holdOn(first: number, next: number): Promise<Hold | undefined> {
    const { files, layout, holds } = this.#options;
    for (const hold of await holds.all()) {
      if (hold.subject === undefined) return hold;
      for await (const _record of findInSegment(files, layout, first, next, { subject: hold.subject })) return hold;
    }
    return undefined;
  }

  async #remove(segment: PurgedSegment, after: SegmentStart, { by, rule }: PurgeRequest): Promise<void> {
    const { files, layout, signer, writer } = this.#options;
    const path = segmentPath(layout, segment.first);
    if ((await hashFile(files, path)) !== segment.sha256) {
      throw new AuditFault('AUDIT_CORRUPT', `The closed segment ${path} is not the one that was closed`, 3);
    }
    const root = Frontier.of(segment.next, after.edge).root();
    await makeTilesDurable(files, layout, segment, root);
    await writer.gate({
      kind: 'retention.purge',
      actor: by,
      action: 'D',
      outcome: 'ok',
      totals: { first: segment.first, records: segment.next - segment.first },
      facts: { sha256: segment.sha256, root: root.toString('base64'), rule },
    });
    await makeDirectoryDurably(files, layout.tombstones);
    const note = signTombstone({ ...segment, root }, signer);
    await replaceFile(files, tombstonePath(layout, segment.first), Buffer.from(note), 0o444);
    await this.#unlink(segment.first);
  }

  async #unlink(first: number): Promise<void> {
    const { files, layout } = this.#options;
    await files.unlink(segmentPath(layout, first));
    await files.syncDirectory(layout.segments);
    await unlinkIfPresent(files, indexPath(layout, first));
  }
}

type Oldest =
  { readonly stopped: PurgeReport['stopped'] } | { readonly segment: PurgedSegment; readonly after: SegmentStart };
