import { parseObject, type JsonObject } from './json.ts';
import { flawOf } from './strict.ts';
import { hashLength } from './tree.ts';

/** A record's body taken apart. */
export interface RecordText {
  /** The JSON text itself. */
  readonly body: Buffer;
  readonly members: JsonObject;
  /** What the payload is bound to: the JSON text without `e`. */
  readonly clear: string;
  /** The payload, base64. */
  readonly payload: string | undefined;
}

const quote = 0x22;
const closeBrace = 0x7d;
const previousMark = Buffer.from(',"p":"');
const payloadMark = Buffer.from(',"e":"');
const previousLength = 44;

/** The ends of a record's body. */
interface Ends {
  /** Offset behind the last clear member. */
  readonly clear: number;
  /** The base64 of `p`: 44 characters, whatever they are. */
  readonly previous: string;
}

/** Where the clear members of a body end, and its `p`; undefined where it does not end as a record must. */
export function endsOf(body: Buffer): Ends | undefined {
  const last = body.length - 1;
  if (body[last] !== closeBrace || body[last - 1] !== quote) return undefined;
  const value = body.lastIndexOf(quote, last - 2) + 1;
  const clear = holds(body, value - payloadMark.length, payloadMark) ? value - payloadMark.length : last;
  const start = clear - 1 - previousLength;
  if (body[clear - 1] !== quote || !holds(body, start - previousMark.length, previousMark)) return undefined;
  return { clear, previous: body.toString('latin1', start, clear - 1) };
}

function holds(body: Buffer, at: number, mark: Buffer): boolean {
  if (at < 0) return false;
  for (let offset = 0; offset < mark.length; offset += 1) if (body[at + offset] !== mark[offset]) return false;
  return true;
}

/**
 * Takes a body apart, or says in a few words what is wrong with it: not JSON, readable in two ways, no `p` at the end,
 * a payload that is not one base64 text and the last member.
 */
export function readRecord(body: Buffer): RecordText | string {
  const text = body.toString('utf8');
  const members = parseObject(text);
  if (members === undefined) return 'is not a JSON object';
  const flaw = flawOf(body);
  if (flaw !== undefined) return flaw;
  const ends = endsOf(body);
  if (ends === undefined || members['p'] !== ends.previous) return 'does not end with the hash of the record before it';
  const payload = members['e'];
  if (payload === undefined && ends.clear === body.length - 1) return { body, members, clear: text, payload };
  if (typeof payload !== 'string' || payload.length % 4 !== 0) return 'has a payload that is not base64';
  if (ends.clear !== body.length - payloadMark.length - payload.length - 2) return 'has its payload in the wrong place';
  return { body, members, clear: `${body.toString('utf8', 0, ends.clear)}}`, payload };
}

/** `p` of the first record is the hash of `log.json`; of every other the leaf before it. */
export function encodeHash(hash: Buffer): string {
  return hash.toString('base64', 0, hashLength);
}
