import { isAlias, isCollection, isMap, isScalar, isSeq, parseDocument, visit, type Document } from 'yaml';
import type { YAMLParseError } from 'yaml';
import type { Fault } from '../config.ts';

/** The way to a value: keys of mappings and indices of lists. */
export type Path = readonly PropertyKey[];

/** A parsed file that remembers where everything stands. */
export interface Source {
  readonly file: string;
  /** The plain value; undefined when the text is not YAML. */
  readonly value: unknown;
  /** Faults of the text itself: syntax, duplicate keys, bad references. */
  readonly faults: readonly Fault[];
  /** A fault at a place: at the value where one stands, else at the key that lacks it. */
  faultAt(path: Path, found: string, wanted: string): Fault;
  /** A fault of the key itself. */
  faultAtKey(path: Path, found: string, wanted: string): Fault;
  /** The plain value at a place, as it was written: references to the environment are not replaced. */
  valueAt(path: Path): unknown;
}

/** A configuration is a few kilobytes; what is larger is another file. */
const maxBytes = 262_144;
/** Aliases resolved in all, so that no file can unfold into gigabytes. */
const maxAliases = 100;

export function parseSource(file: string, text: string): Source {
  if (text.length > maxBytes) {
    return emptySource(file, `a file of more than ${maxBytes} characters`, 'a configuration file');
  }
  try {
    return sourceOf(file, parseDocument(text, { prettyErrors: false }), text);
  } catch (fault) {
    // The parser is recursive; only a text made to hurt it is nested so deeply.
    if (fault instanceof RangeError) return emptySource(file, 'lists or mappings nested too deeply', 'a flatter file');
    throw fault;
  }
}

/** The source of a file that could not be read: one fault, no value. */
export function emptySource(file: string, found: string, wanted: string): Source {
  const faultAt = (path: Path, found: string, wanted: string): Fault => {
    return { file, line: 1, column: 1, path: pathText(path), found, wanted, near: undefined };
  };
  const faults = [faultAt([], found, wanted)];
  return { file, value: undefined, faults, faultAt, faultAtKey: faultAt, valueAt: () => undefined };
}

function sourceOf(file: string, document: Document, text: string): Source {
  const faultAtOffset = (offset: number, path: Path, found: string, wanted: string): Fault => {
    const before = text.slice(0, offset).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    return { file, line: before.length, column, path: pathText(path), found, wanted, near: undefined };
  };
  const faults = [
    ...[...document.errors, ...document.warnings].map((error) => {
      return faultAtOffset(error.pos[0], [], ...wordsFor(error, text));
    }),
    ...unknownAliases(document).map((offset) => faultAtOffset(offset, [], ...aliasWords)),
  ];
  // A key that stands twice leaves the rest readable; other faults of the text leave nothing to rely on.
  const readable = faults.length === document.errors.filter(({ code }) => code === 'DUPLICATE_KEY').length;
  const value = readable ? plainValue(document) : undefined;
  if (readable && value === undefined) faults.push(faultAtOffset(0, [], ...bombWords));
  return {
    file,
    value,
    faults,
    faultAt: (path, ...words) => faultAtOffset(offsetOf(document, path).value, path, ...words),
    faultAtKey: (path, ...words) => faultAtOffset(offsetOf(document, path).key, path, ...words),
    valueAt: (path) => stepInto(value, path),
  };
}

/** Where references `*name` stand that have no anchor before them. */
function unknownAliases(document: Document): number[] {
  const offsets: number[] = [];
  visit(document, {
    Alias: (_key, alias) => {
      if (alias.resolve(document) === undefined) offsets.push(alias.range?.[0] ?? 0);
    },
  });
  return offsets;
}

/** The values without their places; undefined when aliases would unfold beyond the limit. */
function plainValue(document: Document): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (fault) {
    if (fault instanceof ReferenceError) return undefined;
    throw fault;
  }
}

function stepInto(value: unknown, path: Path): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, key)) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

/** `sub_processors[0].baa.expires` */
export function pathText(path: Path): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === 'number') return `${text}[${key}]`;
    return text === '' ? String(key) : `${text}.${String(key)}`;
  }, '');
}

/** Where a path leads, and its key: a value in one line, or else the key before it, or else the nearest key above. */
function offsetOf(document: Document, path: Path): { readonly value: number; readonly key: number } {
  let node: unknown = document.contents;
  let place = { value: startOf(node) ?? 0, key: startOf(node) ?? 0 };
  for (const step of path) {
    const found = child(document, node, step);
    if (found === undefined) return place;
    node = found.value;
    const key = found.keyStart ?? place.key;
    place = { key, value: isCollection(resolved(document, node)) || isEmpty(node) ? key : (startOf(node) ?? key) };
  }
  return place;
}

interface Child {
  readonly value: unknown;
  readonly keyStart: number | undefined;
}

function child(document: Document, parent: unknown, key: PropertyKey): Child | undefined {
  const node = resolved(document, parent);
  if (isMap(node)) {
    // The last one, as the plain value has it: of a key that stands twice both are the same to a reader.
    const pair = node.items.findLast((item) => isScalar(item.key) && String(item.key.value) === String(key));
    return pair && { value: pair.value, keyStart: startOf(pair.key) };
  }
  if (isSeq(node) && typeof key === 'number' && key < node.items.length) {
    const value = node.items[key];
    return { value, keyStart: startOf(value) };
  }
  return undefined;
}

function resolved(document: Document, node: unknown): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function isEmpty(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

function startOf(node: unknown): number | undefined {
  return isScalar(node) || isCollection(node) || isAlias(node) ? (node.range?.[0] ?? undefined) : undefined;
}

/** What the parser found, by its code: its own messages quote the text, which may be a secret. */
const sentences: Readonly<Record<string, Words>> = {
  BAD_INDENT: [
    'a line that is indented differently from its neighbours',
    'the same indentation for keys of one mapping',
  ],
  TAB_AS_INDENT: ['a tab used for indentation', 'spaces'],
  MISSING_CHAR: ['a missing colon, comma, quote or bracket', 'it to be closed or separated'],
  UNEXPECTED_TOKEN: ['a character that does not belong here', 'a value in quotes if it holds special characters'],
  BAD_SCALAR_START: ['a value that begins with a reserved character', 'the value in quotes'],
  MULTILINE_IMPLICIT_KEY: ['a key that spans lines', 'one `key: value` a line'],
  BLOCK_AS_IMPLICIT_KEY: ['a second colon in one line', 'the value in quotes, or its keys on lines of their own'],
  MULTIPLE_DOCS: ['a second document after `---`', 'one document'],
  TAG_RESOLVE_FAILED: ['a tag `!name`', 'plain values without tags'],
};

type Words = readonly [found: string, wanted: string];

const aliasWords: Words = ['a reference `*name` without its anchor', 'a value, in quotes if it begins with `*`'];
const bombWords: Words = ['references `*name` that unfold too often', 'the values themselves'];

function wordsFor(error: Pick<YAMLParseError, 'code' | 'pos'>, text: string): Words {
  if (error.code !== 'DUPLICATE_KEY')
    return sentences[error.code] ?? [`text that is not YAML (${error.code})`, 'YAML 1.2'];
  const key = /^["']?([\w-]{1,64})/u.exec(text.slice(error.pos[0]))?.[1] ?? '';
  return [`the key "${key}" a second time`, 'each key once in a mapping'];
}
