import { join } from 'node:path';

/** The names in a log directory. See FORMAT.md, "Directory". */
export interface Layout {
  readonly root: string;
  readonly description: string;
  readonly segments: string;
  readonly checkpoint: string;
  readonly checkpoints: string;
  readonly lock: string;
  readonly keys: string;
  readonly tiles: string;
  readonly indexes: string;
  readonly tombstones: string;
  /** Signed notes of repairs. */
  readonly breaks: string;
  /** Signed notes of new signing keys. */
  readonly successions: string;
  /** Files that a repair took out of their place. */
  readonly aside: string;
  readonly requests: string;
}

export function layoutOf(directory: string): Layout {
  return {
    root: directory,
    description: join(directory, 'log.json'),
    segments: join(directory, 'seg'),
    checkpoint: join(directory, 'checkpoint'),
    checkpoints: join(directory, 'checkpoints.log'),
    lock: join(directory, 'LOCK'),
    keys: join(directory, 'keys'),
    tiles: join(directory, 'tile'),
    indexes: join(directory, 'idx'),
    tombstones: join(directory, 'tombstone'),
    breaks: join(directory, 'break'),
    successions: join(directory, 'vkey'),
    aside: join(directory, 'aside'),
    requests: join(directory, 'requests'),
  };
}

/** A segment is named by the index of its first record, 16 lower-case hex digits. */
export function segmentPath(layout: Layout, first: number): string {
  return join(layout.segments, `${first.toString(16).padStart(16, '0')}.cal`);
}

/** The first indexes of the segments among these names, in order. Names that are no segment's are left out. */
export function segmentStarts(names: readonly string[]): number[] {
  return names
    .flatMap((name) => /^([0-9a-f]{16})\.cal$/.exec(name)?.[1] ?? [])
    .map((digits) => Number.parseInt(digits, 16))
    .sort((first, second) => first - second);
}
