import { isObject, type JsonObject } from './json.ts';
import type { RecordText } from './record.ts';
import { leafHash } from './tree.ts';

/** A record as the exports see it: clear members only, each with its type settled. */
export interface ExportRecord {
  readonly index: number;
  /** ISO 8601. */
  readonly time: string;
  readonly milliseconds: number;
  readonly kind: string;
  readonly practice: string;
  readonly call: string;
  readonly subject: string;
  readonly actor: string;
  readonly role: string;
  readonly action: string;
  readonly outcome: string;
  readonly reason: string;
  readonly purpose: string;
  readonly policy: string;
  readonly host: string;
  readonly tls: string;
  readonly counts: JsonObject;
  readonly totals: JsonObject;
  readonly facts: JsonObject;
  /** Hash of the record before it, base64. */
  readonly previous: string;
  /** Its own hash, base64. */
  readonly leaf: string;
  readonly isSealed: boolean;
}

/** One way of writing records for others. `line` gives one line without its end. */
export interface RecordExport {
  readonly name: string;
  /** Written before all records; undefined where there is nothing. */
  readonly header: string | undefined;
  line(record: ExportRecord, origin: string): string;
}

export function exportRecord({ body, members, payload }: RecordText): ExportRecord {
  const word = (name: string): string => (typeof members[name] === 'string' ? members[name] : '');
  const part = (name: string): JsonObject => (isObject(members[name]) ? members[name] : {});
  const network = part('net');
  const { n: index, t: time } = members;
  const milliseconds = typeof time === 'number' ? time : 0;
  return {
    index: typeof index === 'number' ? index : -1,
    time: new Date(milliseconds).toISOString(),
    milliseconds,
    kind: word('k'),
    practice: word('tn'),
    call: word('c'),
    subject: word('s'),
    actor: word('a'),
    role: word('r'),
    action: word('act'),
    outcome: word('o'),
    reason: word('rc'),
    purpose: word('why'),
    policy: word('pol'),
    host: typeof network['host'] === 'string' ? network['host'] : '',
    tls: typeof network['tls'] === 'string' ? network['tls'] : '',
    counts: part('cls'),
    totals: part('q'),
    facts: part('f'),
    previous: word('p'),
    leaf: leafHash(body).toString('base64'),
    isSealed: payload !== undefined,
  };
}
