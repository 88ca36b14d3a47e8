import type { Json, JsonObject } from '../json.ts';
import type { OpenMessage } from '../protocol.ts';

/** What is said, without the keys that say nothing. */
export function optional(fields: Readonly<Record<string, Json | undefined>>): JsonObject {
  const said: JsonObject = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) said[key] = value;
  return said;
}

/** The string at a path of a message; empty where there is none. */
export function textAt(message: OpenMessage, path: string): string {
  return stringOf(message.field(path));
}

export function stringOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
