import { readBreaks, type Breaks } from './breaks.ts';
import type { Signer, VerifierKey } from './checkpoint.ts';
import { makeDirectoryDurably, replaceFile, type FileLayer } from './durable.ts';
import type { Hold, Holds } from './hold.ts';
import type { Layout } from './layout.ts';
import { AuditFault } from './log.ts';
import { isAsClosed, isWholeBefore, oldestExtent, type Extent } from './purge-extent.ts';
import { keepBreak, removeSegments } from './purge-files.ts';
import { makeTilesDurable, mayLackHashes } from './purge-tiles.ts';
import { findInSegment } from './query.ts';
import { tileWidth } from './tile-store.ts';
import { signTombstone, tombstonePath, tombstonesBefore } from './tombstone.ts';
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
  readonly stopped: 'young' | 'open' | 'damaged' | Hold;
}

export interface PurgerOptions {
  readonly files: FileLayer;
  readonly layout: Layout;
  readonly signer: Signer;
  readonly keys: readonly VerifierKey[];
  readonly writer: LogWriter;
  readonly holds: Holds;
  /** Why the wall clock cannot be believed, in a few words; undefined when a second clock agrees with it. */
  readonly clockDoubt: () => string | undefined;
}

/**
 * Removes whole segments from the beginning of the log. First the event, then a signed tombstone, then the files: an
 * interruption leaves at worst a tombstone beside files that still are there, which the next start removes. The hashes of
 * the records stay, so that every proof that was ever given still holds. It stops before a segment that does not hold, until
 * a repair has accepted that; from then on retention goes on, and the repair is told for ever.
 */
export class Purger {
  readonly #options: PurgerOptions;

  constructor(options: PurgerOptions) {
    this.#options = options;
  }

  /** Rejects with `CLOCK_DOUBT` when a wrong clock could have chosen the segments. */
  async purge(request: PurgeRequest): Promise<PurgeReport> {
    const { files, layout, keys, clockDoubt } = this.#options;
    const doubt = clockDoubt();
    if (doubt !== undefined) throw new AuditFault('CLOCK_DOUBT', `Nothing is purged: ${doubt}`, 75);
    const breaks = await readBreaks(files, layout, keys);
    if (typeof breaks === 'string') throw new AuditFault('AUDIT_TAMPERED', breaks, 2);
    const purged: PurgedSegment[] = [];
    if (!(await isWholeBefore(files, layout, breaks, keys))) return { purged, stopped: 'damaged' };
    for (;;) {
      const found = await this.#oldest(purged.at(-1)?.next ?? 0, request, breaks);
      if ('stopped' in found) return { purged, stopped: found.stopped };
      const { first, next, sha256 } = found;
      if (request.dryRun !== true && !(await this.#remove(found, request, breaks)))
        return { purged, stopped: 'damaged' };
      purged.push({ first, next, sha256 });
    }
  }

  async #oldest(from: number, { before }: PurgeRequest, breaks: Breaks): Promise<Extent | Stopped> {
    const { files, layout, writer } = this.#options;
    const extent = await oldestExtent(files, layout, breaks, from);
    if (typeof extent === 'string') return { stopped: extent };
    if (extent.time >= before) return { stopped: 'young' };
    // The tile at the end of the segment must be full: its hashes are all that remains of the records.
    if (writer.size < Math.ceil(extent.next / tileWidth) * tileWidth) return { stopped: 'open' };
    const hold = await this.#holdOn(extent);
    if (hold !== undefined) return { stopped: hold };
    return (await isAsClosed(files, layout, extent)) ? extent : { stopped: 'damaged' };
  }

  async #holdOn({ files: parts, next, isDamaged }: Extent): Promise<Hold | undefined> {
    const { files, layout, holds } = this.#options;
    for (const hold of await holds.all()) {
      // Whose the lost records were nobody can tell.
      if (hold.subject === undefined || isDamaged) return hold;
      for (const { start } of parts) {
        for await (const _record of findInSegment(files, layout, start, next, { subject: hold.subject })) return hold;
      }
    }
    return undefined;
  }

  /** False where the hashes of the records do not lead to their root, and no repair says why. */
  async #remove(extent: Extent, { by, rule }: PurgeRequest, breaks: Breaks): Promise<boolean> {
    const { files, layout, signer, writer, keys } = this.#options;
    const { first, next, sha256, root, lost } = extent;
    const leads = await makeTilesDurable(files, layout, extent, root, breaks);
    const lacksHashes = !leads && mayLackHashes(extent, breaks);
    if (!leads && !lacksHashes) {
      const before = await tombstonesBefore(files, layout, first, keys);
      if (typeof before === 'string' || !before.some((tombstone) => tombstone.lacksHashes)) return false;
    }
    for (const index of extent.breaks) await keepBreak(files, layout, index);
    await writer.gate({
      kind: 'retention.purge',
      actor: by,
      action: 'D',
      outcome: 'ok',
      totals: { first, records: next - first, ...(lost === 0 ? {} : { lost }) },
      facts: { sha256, root: root.toString('base64'), rule },
    });
    await makeDirectoryDurably(files, layout.tombstones);
    const note = signTombstone({ ...extent, lacksHashes }, signer);
    await replaceFile(files, tombstonePath(layout, first), Buffer.from(note), 0o444);
    await removeSegments(files, layout, extent);
    return true;
  }
}

interface Stopped {
  readonly stopped: PurgeReport['stopped'];
}
