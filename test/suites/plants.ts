import * as fc from 'fast-check';
import { isObject, type Json, type JsonObject } from '../../src/stream/json.ts';
import type { Sample } from './books.ts';

export function parse(text: string): JsonObject | undefined {
  try {
    const value: Json = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The message once for each of its strings, with the plant in its place. */
export function planted({ way, text }: Sample, plant: Json): readonly Sample[] {
  const root = parse(text);
  if (root === undefined) return [];
  return stringsOf(root, []).map((path) => ({ way, text: JSON.stringify(replaced(root, path, plant)) }));
}

type Path = readonly (string | number)[];

function stringsOf(value: Json, path: Path): readonly Path[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => stringsOf(item, [...path, index]));
  if (isObject(value)) return Object.entries(value).flatMap(([key, item]) => stringsOf(item, [...path, key]));
  return typeof value === 'string' ? [path] : [];
}

function replaced(value: Json, path: Path, plant: Json): Json {
  const [key, ...rest] = path;
  if (key === undefined) return plant;
  if (Array.isArray(value)) return value.map((item, index) => (index === key ? replaced(item, rest, plant) : item));
  if (!isObject(value)) return value;
  return { ...value, [key]: replaced(value[key] ?? null, rest, plant) };
}

/** Samples with a few bytes changed, cut or doubled. */
export function mutated(samples: readonly Sample[]): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 }), fc.constantFrom('set', 'cut', 'insert'));
  return fc
    .tuple(fc.constantFrom(...samples.map(({ text }) => text)), fc.array(change, { maxLength: 4 }))
    .map(([text, changes]) => {
      const bytes = [...Buffer.from(text)];
      for (const [where, byte, how] of changes) {
        const at = where % (bytes.length + 1);
        bytes.splice(at, how === 'insert' ? 0 : 1, ...(how === 'cut' ? [] : [byte]));
      }
      return Uint8Array.from(bytes);
    });
}

export function jsonBytes(): fc.Arbitrary<Uint8Array> {
  return fc.json({ maxDepth: 5 }).map((text) => Uint8Array.from(Buffer.from(text)));
}
