import type { AuditEvent } from './event.ts';
import { maximumBody } from './frame.ts';
import { monthOf } from './keyring.ts';
import { seal } from './seal.ts';

/** More than all members that depend on the place, and the nonce and tag of the payload, in bytes. */
const placeLength = 400;

/** An event as it waits for its place in the chain: all that does not depend on the place is already text. */
export interface EncodedEvent {
  /** ms UTC. */
  readonly time: number;
  /** Milliseconds since the log was opened, by the monotonic clock. */
  readonly elapsed: number;
  readonly kind: AuditEvent['kind'];
  readonly call: string | undefined;
  /** Members `k`, `tn` and `c`, as JSON text. */
  readonly head: string;
  /** Members from `a` on, as JSON text. */
  readonly tail: string;
  /** Whose key and reference the record gets: the number, or the call where the number is withheld. */
  readonly person: string | undefined;
  /** UTC month of `time`. */
  readonly month: string;
  /** JSON text to be encrypted. */
  readonly secret: string | undefined;
}

/** Where a record stands. */
export interface Place {
  readonly index: number;
  /** The leaf of the record before it, base64. */
  readonly previous: string;
  /** Random id of this run of the writer. */
  readonly run: string;
  /** Set on the first record of a batch: the records that were durable when the batch was made. */
  readonly durable: number | undefined;
}

/** How a record's secret is sealed. */
export interface Sealing {
  readonly reference: string | undefined;
  readonly key: Buffer;
  nonce(): Buffer;
}

/**
 * What an event's text is, but for its place. Throws RangeError for an event that cannot be a
 * record: its clear text holds the caller's number, or it is too long.
 */
export function encodeEvent(event: AuditEvent, practice: string, time: number, elapsed: number): EncodedEvent {
  const head = members({ k: event.kind, tn: practice === '' ? undefined : practice, c: event.call });
  const tail = members({
    a: event.actor,
    r: event.role,
    act: event.action,
    o: event.outcome,
    rc: event.reason,
    why: event.purpose,
    pol: event.policy,
    cls: event.counts,
    net: event.network,
    q: event.totals,
    f: event.facts,
  });
  if (event.caller !== undefined && (holdsNumber(head, event.caller) || holdsNumber(tail, event.caller))) {
    throw new RangeError("The clear text of an event must not hold the caller's number");
  }
  const secret = secretOf(event);
  const length = Buffer.byteLength(head) + Buffer.byteLength(tail) + (Buffer.byteLength(secret ?? '') * 4) / 3;
  if (length + placeLength > maximumBody)
    throw new RangeError(`An event of ${Math.ceil(length)} bytes is too long for a record`);
  const { kind, call } = event;
  return { time, elapsed, kind, call, head, tail, person: personOf(event), month: monthOf(time), secret };
}

/** The body of a record: clear members, the previous leaf, and last the encrypted member where there is one. */
export function encodeBody(event: EncodedEvent, place: Place, sealing: Sealing): string {
  const durable = place.durable === undefined ? '' : `,"d":${place.durable}`;
  const subject = sealing.reference === undefined ? '' : `,"s":"${sealing.reference}"`;
  const clear =
    `{"n":${place.index},"t":${event.time},"mt":${event.elapsed},"b":"${place.run}"${durable},${event.head}` +
    `${subject},${event.tail},"p":"${place.previous}"`;
  if (event.secret === undefined) return `${clear}}`;
  return `${clear},"e":"${seal(sealing.key, sealing.nonce(), event.secret, `${clear}}`)}"}`;
}

/** A JSON object's text without its braces; undefined members are left out. */
function members(value: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(value).slice(1, -1);
}

function secretOf(event: AuditEvent): string | undefined {
  const isCallEvent = event.kind.startsWith('call.') && event.caller !== undefined;
  if (event.sealed === undefined && !isCallEvent) return undefined;
  const { caller, sealed = {} } = event;
  if (caller === undefined) return JSON.stringify(sealed);
  if ('caller' in sealed) return JSON.stringify({ caller, ...sealed });
  // The same text, without an object made for it.
  const rest = JSON.stringify(sealed).slice(1);
  return `{"caller":${JSON.stringify(caller)}${rest === '}' ? '' : ','}${rest}`;
}

function personOf(event: AuditEvent): string | undefined {
  if (event.caller !== undefined) return event.caller;
  return event.sealed === undefined || event.call === undefined ? undefined : `call ${event.call}`;
}

function holdsNumber(text: string, caller: string): boolean {
  const digits = caller.replace(/\D/g, '');
  return text.includes(caller) || (digits.length >= 7 && text.includes(digits));
}
