import type { ReasonCode } from '../policy/reason.ts';
import { bounds } from './limits.ts';

export type Json = string | number | boolean | null | JsonObject | Json[];
export interface JsonObject {
  [key: string]: Json;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const openBrace = 0x7b;
const closeBrace = 0x7d;
const openBracket = 0x5b;
const closeBracket = 0x5d;

/**
 * Depth and number of values, counted over the bytes before anything is parsed: `JSON.parse` takes a depth of 200,000
 * and a million keys without complaint. Right for well-formed JSON; for anything else `JSON.parse` fails afterwards.
 */
function excess(data: Buffer): ReasonCode | undefined {
  let depth = 0;
  let nodes = 1;
  let inString = false;
  for (let at = 0; at < data.length; at += 1) {
    const byte = data[at];
    if (inString) {
      if (byte === backslash) at += 1;
      else if (byte === quote) inString = false;
    } else if (byte === quote) inString = true;
    else if (byte === comma) nodes += 1;
    else if (byte === openBrace || byte === openBracket) {
      depth += 1;
      nodes += 1;
      if (depth > bounds.jsonDepth) return 'FRAME_TOO_DEEP';
    } else if (byte === closeBrace || byte === closeBracket) depth -= 1;
  }
  return nodes > bounds.jsonNodes ? 'FRAME_TOO_MANY_NODES' : undefined;
}

/** A JSON object within the limits, or the reason why the frame is none. */
export function parseObject(data: Buffer): JsonObject | ReasonCode {
  const fault = excess(data);
  if (fault !== undefined) return fault;
  const parsed = parsedOrNot(data.toString('utf8'));
  return isObject(parsed) ? parsed : 'FRAME_MALFORMED';
}

/** A JSON object or list that stands in a string, within the same limits; undefined for any other text. */
export function parseInner(text: string): JsonObject | Json[] | undefined {
  if (!/^\s*[{[]/u.test(text) || excess(Buffer.from(text)) !== undefined) return undefined;
  const parsed = parsedOrNot(text);
  return isObject(parsed) || Array.isArray(parsed) ? parsed : undefined;
}

function parsedOrNot(text: string): Json | undefined {
  try {
    const parsed: Json = JSON.parse(text);
    return parsed;
  } catch {
    return undefined;
  }
}

/** The value at a plain path (`start.callSid`, `channel_index.0`), undefined where there is none. */
export function valueAt(root: JsonObject, path: string): Json | undefined {
  let value: Json | undefined = root;
  for (const key of path.split('.')) {
    if (Array.isArray(value)) value = /^\d+$/u.test(key) ? value[Number(key)] : undefined;
    else if (isObject(value) && Object.hasOwn(value, key)) value = value[key];
    else return undefined;
  }
  return value;
}

/** Writes a value at a plain path, through objects that are made where there is none. */
export function setAt(root: JsonObject, path: string, value: Json): void {
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  let holder = root;
  for (const key of keys) {
    const next = Object.hasOwn(holder, key) ? holder[key] : undefined;
    const object: JsonObject = isObject(next) ? next : {};
    holder[key] = object;
    holder = object;
  }
  holder[last] = value;
}

export function stringAt(root: JsonObject, path: string): string | undefined {
  const value = valueAt(root, path);
  return typeof value === 'string' ? value : undefined;
}
