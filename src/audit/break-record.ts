import { hasStrings, isObject, type JsonObject } from './json.ts';

/** Records that cannot be read: their numbers, and the bytes of their segment that are passed over. */
export interface LostStretch {
  readonly first: number;
  readonly next: number;
  readonly offset: number;
  readonly end: number;
}

/** A segment that a repair set aside, or found missing. */
export interface Damage {
  /** The number that names the segment. */
  readonly segment: number;
  /** SHA-256 of the file as it was left, hex; empty where the file is missing. */
  readonly sha256: string;
  readonly stretches: readonly LostStretch[];
}

/** What a `log.break` says. */
export interface LogBreak {
  /** Number of the record, and of the segment that it opens. */
  readonly index: number;
  /** ms UTC. */
  readonly time: number;
  readonly by: string;
  /** Records lost or unreadable. */
  readonly lost: number;
  /** What `verify` had found. */
  readonly found: string;
  /** How many records were signed over before; more than `index`: the tree that was signed could not be continued. */
  readonly signed: number;
  /** The key that signs from here on, as `vkey` text. */
  readonly vkey: string;
  /** The root that was signed over them, base64; empty where nothing was signed. */
  readonly root: string;
  /** SHA-256 of the file `checkpoint` where that did not hold, hex; else empty. */
  readonly note: string;
  /** The beginning of `checkpoints.log` as it was left. */
  readonly notes: { readonly bytes: number; readonly sha256: string };
  readonly damages: readonly Damage[];
  /** Leaves of lost records that are known from elsewhere, by number. */
  readonly leaves: ReadonlyMap<number, Buffer>;
}

/** A break that is only planned, and does not say yet what will be known when it is made. */
export function plannedBreak(index: number, damages: readonly Damage[], leaves: ReadonlyMap<number, Buffer>): LogBreak {
  const notes = { bytes: 0, sha256: '' };
  return {
    index,
    time: 0,
    by: '',
    lost: 0,
    found: '',
    signed: 0,
    vkey: '',
    root: '',
    note: '',
    notes,
    damages,
    leaves,
  };
}

/** Damages and leaves as the facts of a `log.break` carry them. */
export function writeDamages(damages: readonly Damage[], leaves: ReadonlyMap<number, Buffer>): Record<string, string> {
  const text = damages.map(({ segment, sha256, stretches }) => {
    const parts = stretches.map(({ first, next, offset, end }) => `${first}-${next}@${offset}-${end}`);
    return `${segment}:${sha256}:${parts.join(',')}`;
  });
  const known = [...leaves].map(([index, leaf]) => `${index}:${leaf.toString('base64')}`);
  return { damaged: text.join(' '), ...(known.length === 0 ? {} : { leaves: known.join(' ') }) };
}

/** What a `log.break` says; undefined where it does not say it as it must. */
export function parseBreak(index: number, { t: time, a: by, q: totals, f: facts }: JsonObject): LogBreak | undefined {
  if (typeof time !== 'number' || typeof by !== 'string' || !isObject(totals) || !isObject(facts)) return undefined;
  const { lost, signed, notes: bytes } = totals;
  if (typeof lost !== 'number' || typeof signed !== 'number' || typeof bytes !== 'number') return undefined;
  if (!hasStrings(facts, 'found', 'damaged', 'notes', 'was', 'vkey')) return undefined;
  const { found, damaged, vkey, was: root, leaves = '', note = '', notes: sha256 } = facts;
  const damages = words(damaged).map(parseDamage);
  const known = words(typeof leaves === 'string' ? leaves : '').map((word) => word.split(':'));
  return {
    index,
    time,
    by,
    lost,
    found,
    signed,
    vkey,
    root,
    note: typeof note === 'string' ? note : '',
    notes: { bytes, sha256 },
    damages,
    leaves: new Map(known.map(([number = '', leaf = '']) => [Number(number), Buffer.from(leaf, 'base64')])),
  };
}

function parseDamage(word: string): Damage {
  const [segment = '', sha256 = '', stretches = ''] = word.split(':');
  const parts = [...stretches.matchAll(/\b(\d{1,16})-(\d{1,16})@(\d{1,16})-(\d{1,16})\b/g)];
  return {
    segment: Number(segment),
    sha256,
    stretches: parts.map(([, first, next, offset, end]) => ({
      first: Number(first),
      next: Number(next),
      offset: Number(offset),
      end: Number(end),
    })),
  };
}

function words(text: string): string[] {
  return text.split(' ').filter((word) => word !== '');
}
