import { readFileSync } from 'node:fs';
import type { NameForm } from '../../src/policy/nested.ts';
import { isObject, type Json, type JsonObject } from '../../src/stream/json.ts';
import { Way } from '../../src/stream/protocol.ts';
import { keysOf, snakeCase } from '../../src/stream/rules.ts';
import type { Sample } from './books.ts';
import { parse } from './plants.ts';

/**
 * What the vendor's pages and types say that its messages carry, written down apart from our table. The suite makes a
 * message of every line, so a table that lacks a field fails.
 *
 *     spelling snake                       all of it once more in snake case
 *     >> toVendor {"type":"Settings"}      a message; it passes as it is
 *     rewritten                            but not byte for byte: ids of the call become aliases
 *     text agent.greeting …                words
 *     delta delta                          words in pieces, frame after frame
 *     restated transcript                  words said so far, all of them in every frame
 *     words words[].text of transcript     the same words in a list; `of`: their whole text stands there
 *     chars alignment.chars[]              the same, one character an element
 *     json arguments                       words in JSON in a string
 *     free parameters                      an object with keys that no protocol chose
 *     gone logprobs                        nothing of it leaves
 *     secret tools[].authorization         a credential: leaves as it came, into no event
 *     url tools[].server_url               somebody is named; likewise provider, connector, feature, model, region, configuration
 *     model think.provider.model of think.provider.type    judged as the model of that provider
 *     flag session.tracing null present    must say so; `present`: only where it stands
 *     told session.tracing null            what the vendor itself says: otherwise a human takes the call
 *     query                                from here on: parameters of the URL; `plain` ones have no words
 */
export interface Sheet {
  readonly snake: boolean;
  readonly messages: readonly SheetMessage[];
  readonly query: readonly Line[];
}

export interface SheetMessage {
  readonly way: Way;
  readonly skeleton: JsonObject;
  readonly rewritten: boolean;
  readonly lines: readonly Line[];
}

export interface Line {
  readonly what: string;
  readonly path: string;
  /** What stands after `of`, or after the path of a flag or of what is told. */
  readonly rest: readonly string[];
}

const nameForms: readonly string[] = [
  'url',
  'provider',
  'connector',
  'feature',
  'model',
  'region',
  'configuration',
] satisfies readonly NameForm[];

export function isNameForm(what: string): what is NameForm {
  return nameForms.includes(what);
}

export function sheetOf(protocol: string): Sheet {
  const file = new URL(`../vectors/protocols/${protocol}/sheet.txt`, import.meta.url);
  const rows = readFileSync(file, 'utf8')
    .split('\n')
    .map((row) => row.trim())
    .filter((row) => row !== '' && !row.startsWith('#'));
  const messages: SheetMessage[] = [];
  const query: Line[] = [];
  const queryAt = rows.indexOf('query');
  for (const [index, row] of rows.entries()) {
    if (row.startsWith('>> ')) messages.push(messageOf(row, rows.slice(index + 1)));
    if (queryAt >= 0 && index > queryAt) query.push(...linesOf(row));
  }
  return { snake: rows.includes('spelling snake'), messages, query };
}

/** Its messages as frames. */
export function sheetSamples(protocol: string): readonly Sample[] {
  return sheetOf(protocol).messages.map(({ way, skeleton }) => ({ way, text: JSON.stringify(skeleton) }));
}

function messageOf(row: string, following: readonly string[]): SheetMessage {
  const [, way = '', ...text] = row.split(' ');
  const skeleton = parse(text.join(' '));
  if (skeleton === undefined || !(way === 'toVendor' || way === 'toCaller')) throw new Error(`The sheet says: ${row}`);
  const end = following.findIndex((each) => each.startsWith('>> ') || each === 'query');
  const own = following.slice(0, end < 0 ? undefined : end);
  return { way: Way[way], skeleton, rewritten: own.includes('rewritten'), lines: own.flatMap(linesOf) };
}

function linesOf(row: string): readonly Line[] {
  const [what = '', path = '', ...more] = row.split(' ');
  if (what === 'rewritten') return [];
  if (what === 'flag' || what === 'told' || more[0] === 'of')
    return [{ what, path, rest: more.filter((word) => word !== 'of') }];
  return [path, ...more].map((each) => ({ what, path: each, rest: [] }));
}

/** The message with this value at the path; a path through a list makes it as long as there are values. */
export function filled(root: JsonObject, path: string, ...values: readonly Json[]): JsonObject {
  const made = put(root, keysOf(path), values);
  return isObject(made) ? made : root;
}

/** An object in the place of each list on the way: what reads it so is told the same. */
export function withoutLists(root: JsonObject, path: string, value: Json): JsonObject[] {
  const plainPath = path.replaceAll('[]', '');
  return plainPath === path || path.endsWith('[]') ? [] : [filled(root, plainPath, value)];
}

/** A path in one spelling, whether what stands at it is one or many. */
export function flat(path: string): string {
  return snakePath(path).replaceAll('[]', '');
}

function put(holder: Json | undefined, keys: readonly string[], values: readonly Json[]): Json {
  const [key, ...rest] = keys;
  if (key === undefined) return values[0] ?? null;
  if (key === '[]') {
    const items = Array.isArray(holder) ? holder : [];
    // The innermost list takes all of the values, an outer one has one element.
    if (rest.includes('[]')) return [put(items[0], rest, values), ...items.slice(1)];
    return [
      ...values.map((value, index) => put(items[index] ?? items[0], rest, [value])),
      ...items.slice(values.length),
    ];
  }
  const name = key === '*' ? 'acme' : key;
  const object = isObject(holder) ? holder : {};
  return { ...object, [name]: put(object[name], rest, values) };
}

/** What stands at a path, the elements of its lists one after the other. */
export function valuesAt(value: Json | undefined, path: string): readonly Json[] {
  return take(value, keysOf(path));
}

function take(value: Json | undefined, keys: readonly string[]): readonly Json[] {
  const [key, ...rest] = keys;
  if (value === undefined) return [];
  if (key === undefined) return [value];
  if (key === '[]') return Array.isArray(value) ? value.flatMap((item) => take(item, rest)) : [];
  return isObject(value) ? take(value[key === '*' ? 'acme' : key], rest) : [];
}

export function snakePath(path: string): string {
  return snakeCase(path);
}

export function snakeKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(snakeKeys);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [snakeCase(key), snakeKeys(item)]));
}

/** The same message as protocols with a second spelling have it. */
export function inSnake(message: SheetMessage): SheetMessage {
  const skeleton = snakeKeys(message.skeleton);
  return {
    ...message,
    skeleton: isObject(skeleton) ? skeleton : {},
    lines: message.lines.map((line) => ({ ...line, path: snakePath(line.path), rest: line.rest.map(snakePath) })),
  };
}

export function textOf(values: readonly Json[], between: string): string {
  return values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(between);
}
