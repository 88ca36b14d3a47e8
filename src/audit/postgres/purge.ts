import { hashFile, openingOf } from '../closed.ts';
import type { Hold, Holds } from '../hold.ts';
import type { Keyring } from '../keyring.ts';
import { segmentPath, segmentStarts } from '../layout.ts';
import { AuditFault } from '../log.ts';
import type { PurgedSegment, PurgeReport, PurgeRequest } from '../purge.ts';
import { tilesLead, tilesOver } from '../purge-tiles.ts';
import { tileWidth } from '../tile-store.ts';
import { signTombstone } from '../tombstone.ts';
import { Frontier } from '../tree.ts';
import type { LogWriter } from '../writer.ts';
import { numberOf, type Database, type Statement } from './database.ts';
import { databaseLayout as layout, PostgresFiles } from './files.ts';
import { assertMayRemove } from './role.ts';
import { knownWriters } from './source.ts';
import { writerSigner } from './signer.ts';

export interface DatabasePurgerOptions {
  readonly database: Database;
  readonly writer: LogWriter;
  readonly keyring: Keyring;
  readonly holds: Holds;
  readonly clockDoubt: () => string | undefined;
}

interface Found {
  readonly segment: PurgedSegment;
  /** Root over all records up to its end. */
  readonly root: Buffer;
}

/**
 * Removes old segments from the beginning of every writer's chain. The event first, in the chain of whoever does it; then
 * hashes, signed tombstone and removal in one transaction.
 */
export async function purgeDatabase(options: DatabasePurgerOptions, request: PurgeRequest): Promise<PurgeReport> {
  const { database, clockDoubt } = options;
  const doubt = clockDoubt();
  if (doubt !== undefined) throw new AuditFault('CLOCK_DOUBT', `Nothing is purged: ${doubt}`, 75);
  await assertMayRemove(database, 'event', 'remove records');
  const purged: PurgedSegment[] = [];
  let stopped: PurgeReport['stopped'] = 'open';
  for (const { origin } of await knownWriters(database)) {
    const chain = new Chain(options, origin);
    const report = await chain.purge(request);
    purged.push(...report.purged);
    if (weight(report.stopped) >= weight(stopped)) stopped = report.stopped;
  }
  return { purged, stopped };
}

/** What somebody has to see to comes before what goes by in time. */
function weight(stopped: PurgeReport['stopped']): number {
  if (stopped === 'damaged') return 2;
  return typeof stopped === 'string' ? 0 : 1;
}

class Chain {
  readonly #options: DatabasePurgerOptions;
  readonly #origin: string;
  readonly #files: PostgresFiles;

  constructor(options: DatabasePurgerOptions, origin: string) {
    this.#options = options;
    this.#origin = origin;
    this.#files = new PostgresFiles(options.database, origin);
  }

  async purge(request: PurgeRequest): Promise<PurgeReport> {
    const purged: PurgedSegment[] = [];
    for (;;) {
      const found = await this.#oldest(purged.at(-1)?.next ?? 0, request.before);
      if (typeof found === 'string' || 'matter' in found) return { purged, stopped: found };
      if (request.dryRun !== true && !(await this.#remove(found, request))) return { purged, stopped: 'damaged' };
      purged.push(found.segment);
    }
  }

  async #oldest(from: number, before: number): Promise<Found | PurgeReport['stopped']> {
    const { database } = this.#options;
    const starts = segmentStarts(await this.#files.list(layout.segments)).filter((start) => start >= from);
    const [first, next] = starts;
    if (first === undefined || next === undefined) return 'open';
    const after = await openingOf(this.#files, layout, next);
    if (typeof after === 'string') return 'damaged';
    if (after.time >= before) return 'young';
    const [head] = await database.query('select n from head where origin = $1', [this.#origin]);
    // The tile at the end of the segment must be full: its hashes are all that remains of the records.
    if (numberOf(head, 'n') < Math.ceil(next / tileWidth) * tileWidth) return 'open';
    const hold = await this.#holdOn(first, next);
    if (hold !== undefined) return hold;
    if ((await hashFile(this.#files, segmentPath(layout, first))) !== after.fileBefore) return 'damaged';
    const root = Frontier.of(next, after.edge).root();
    return { segment: { log: this.#origin, first, next, sha256: after.fileBefore }, root };
  }

  async #holdOn(first: number, next: number): Promise<Hold | undefined> {
    const { database, holds } = this.#options;
    for (const hold of await holds.all()) {
      if (hold.subject === undefined) return hold;
      const [row] = await database.query(
        'select n from event where subject = $1 and origin = $2 and n >= $3 and n < $4 limit 1',
        [JSON.stringify(hold.subject), this.#origin, first, next],
      );
      if (row !== undefined) return hold;
    }
    return undefined;
  }

  /** False where the hashes of the records do not lead to their root. */
  async #remove({ segment, root }: Found, { by, rule }: PurgeRequest): Promise<boolean> {
    const { database, writer, keyring } = this.#options;
    const { first, next, sha256 } = segment;
    if (!(await tilesLead(this.#files, layout, segment, root))) return false;
    const statements: Statement[] = [];
    for await (const { level, index, hashes } of tilesOver(this.#files, layout, segment)) {
      const insert = 'insert into tile (origin, level, index, hashes) values ($1, $2, $3, $4) on conflict do nothing';
      statements.push([insert, [this.#origin, level, index, Buffer.concat(hashes)]]);
    }
    const facts = { log: this.#origin, sha256, root: root.toString('base64'), rule };
    const totals = { first, records: next - first };
    await writer.gate({ kind: 'retention.purge', actor: by, action: 'D', outcome: 'ok', totals, facts });
    const tombstone = { first, next, sha256, root, breaks: [], lacksHashes: false };
    const note = signTombstone(tombstone, writerSigner(keyring, this.#origin));
    await database.together([
      ...statements,
      ['insert into tombstone (origin, first, note) values ($1, $2, $3)', [this.#origin, first, note]],
      ['delete from event where origin = $1 and n >= $2 and n < $3', [this.#origin, first, next]],
    ]);
    return true;
  }
}
