import { isObject, type Json, type JsonObject } from './json.ts';
import type { Place } from './place.ts';

/** A message with nothing in it but what leads to `target` and the wordless values on the way: no place of `words`. */
export function aloneIn(value: JsonObject, target: Place, words: ReadonlySet<Place>): JsonObject {
  const kept: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    const isTarget = target.holder === value && target.key === key;
    if (isTarget || isWordless(value, key, item, words)) kept[key] = item;
    else if (leadsTo(item, target)) kept[key] = branchTo(item, target, words);
  }
  return kept;
}

function branchTo(value: Json, target: Place, words: ReadonlySet<Place>): Json {
  if (isObject(value)) return aloneIn(value, target, words);
  if (!Array.isArray(value)) return value;
  const items = value.filter(
    (item, index) => (target.holder === value && target.key === index) || leadsTo(item, target),
  );
  return items.map((item) => branchTo(item, target, words));
}

function leadsTo(value: Json, target: Place): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return value === target.holder || Object.values(value).some((item) => leadsTo(item, target));
}

function isWordless(holder: JsonObject, key: string, item: Json, words: ReadonlySet<Place>): boolean {
  if (typeof item === 'object') return false;
  return ![...words].some((place) => place.holder === holder && place.key === key);
}
