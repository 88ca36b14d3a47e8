import type { AuditEvent } from '../event.ts';
import { isObject } from '../json.ts';
import type { LogSource } from '../reader.ts';
import type { KnownWriter } from './source.ts';

/** A checkpoint of one log, as another one recorded it. */
export interface Sighting {
  /** The log that was seen. */
  readonly log: string;
  readonly vkey: string;
  /** Its newest checkpoint then: an anchor for it. */
  readonly note: string;
  /** The log that recorded it, and where. */
  readonly by: string;
  readonly index: number;
}

/** What one log recorded of the others. */
export async function sightingsIn({ description, find }: Pick<LogSource, 'description' | 'find'>): Promise<Sighting[]> {
  const found: Sighting[] = [];
  for await (const { members } of find({ kind: 'log.peer' })) {
    const { n: index, f: facts } = members;
    if (typeof index !== 'number' || !isObject(facts)) continue;
    const { log, vkey, note } = facts;
    if (typeof log !== 'string' || typeof vkey !== 'string' || typeof note !== 'string') continue;
    found.push({ log, vkey, note, by: description.origin, index });
  }
  return found;
}

/**
 * What a log records of the others when it is opened: the newest checkpoint of each, where it has not recorded that one
 * before. So no log can be taken out of the directory, and none can be put back, without its absence being seen in the
 * others.
 */
export function peerEvents(own: string, writers: readonly KnownWriter[], seen: readonly Sighting[]): AuditEvent[] {
  const known = new Set(seen.map(({ note }) => note));
  return writers.flatMap(({ origin, vkey, note }) => {
    if (origin === own || note === undefined || known.has(note)) return [];
    return [{ kind: 'log.peer', actor: 'system', outcome: 'ok', facts: { log: origin, vkey, note } }];
  });
}
