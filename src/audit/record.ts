import { parseObject, type JsonObject } from './json.ts';
import { hashLength } from './tree.ts';

/** A record's body taken apart. */
export interface RecordText {
  readonly members: JsonObject;
  /** What the payload is bound to: the JSON text without `e`. */
  readonly clear: string;
  /** The payload, base64. */
  readonly payload: string | undefined;
}

const space = 0x20;
const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const previousLength = 44;
const payloadMark = ',"e":"';
const plainEnd = /,"p":"[A-Za-z0-9+/]{43}="\}$/;

/** The base64 of the `p` of a record: 44 characters, or undefined where the body does not end as a record must. */
export function previousOf(body: Buffer): string | undefined {
  const clearEnd = endOfClear(body);
  if (clearEnd < 0) return undefined;
  const text = body.toString('latin1', Math.max(0, clearEnd - previousLength - 7), clearEnd);
  return plainEnd.test(`${text}}`) ? text.slice(6, 6 + previousLength) : undefined;
}

/** Offset behind the last clear member; -1 when the body does not end as a record must. */
function endOfClear(body: Buffer): number {
  if (body.length < 2 || body[body.length - 1] !== closeBrace || body[body.length - 2] !== quote) return -1;
  const valueStart = body.lastIndexOf(quote, body.length - 3) + 1;
  const isPayload = body.toString('latin1', Math.max(0, valueStart - payloadMark.length), valueStart) === payloadMark;
  return isPayload ? valueStart - payloadMark.length : body.length - 1;
}

/**
 * Takes a body apart, or says in a few words what is wrong with it: not JSON, a member twice, no `p` at the end, a
 * payload that is not one base64 text and the last member.
 */
export function readRecord(body: Buffer): RecordText | string {
  const members = parseObject(body.toString('utf8'));
  if (members === undefined) return 'is not a JSON object';
  const flaw = flawOf(body);
  if (flaw !== undefined) return flaw;
  const clearEnd = endOfClear(body);
  if (previousOf(body) === undefined || typeof members['p'] !== 'string')
    return 'does not end with the hash of the record before it';
  const payload = members['e'];
  if (payload === undefined) return { members, clear: body.toString('utf8'), payload: undefined };
  if (typeof payload !== 'string' || Buffer.from(payload, 'base64').toString('base64') !== payload) {
    return 'has a payload that is not base64';
  }
  if (clearEnd !== body.length - payloadMark.length - payload.length - 2) return 'has its payload in the wrong place';
  return { members, clear: `${body.toString('utf8', 0, clearEnd)}}`, payload };
}

/** `p` of the first record is the hash of `log.json`; of every other the leaf before it. */
export function encodeHash(hash: Buffer): string {
  return hash.toString('base64', 0, hashLength);
}

/**
 * What makes a JSON text readable in two ways, or undefined. JSON.parse keeps the last of two members of one name and
 * other parsers the first; an escape in a name could hide a second one, and so could a space before the colon.
 */
export function flawOf(text: Buffer): string | undefined {
  const starts: number[] = [];
  const names: Stretch[] = [];
  for (let at = 0; at < text.length; at += 1) {
    const byte = text[at] ?? 0;
    if (byte === openBrace || byte === openBracket) starts.push(names.length);
    else if (byte === closeBrace || byte === closeBracket) names.length = starts.pop() ?? 0;
    else if (byte <= space) return 'has a space between its members';
    else if (byte === quote) {
      const end = endOfString(text, at + 1);
      if (text[end + 1] === colon) {
        const name = { start: at + 1, end };
        if (text.subarray(name.start, end).includes(backslash)) return 'has a member whose name is not plain';
        if (isAmong(text, names, starts.at(-1) ?? 0, name)) return 'has a member twice';
        names.push(name);
      }
      at = end;
    }
  }
  return undefined;
}

function isAmong(text: Buffer, names: readonly Stretch[], from: number, name: Stretch): boolean {
  for (let at = from; at < names.length; at += 1) {
    const other = names[at];
    if (other !== undefined && isSameText(text, other, name)) return true;
  }
  return false;
}

function endOfString(text: Buffer, from: number): number {
  let at = from;
  while (at < text.length && text[at] !== quote) at += text[at] === backslash ? 2 : 1;
  return at;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function isSameText(text: Buffer, first: Stretch, second: Stretch): boolean {
  if (first.end - first.start !== second.end - second.start) return false;
  return text.compare(text, first.start, first.end, second.start, second.end) === 0;
}
