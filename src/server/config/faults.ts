import { z } from 'zod';
import type { Environment, Fault } from '../config.ts';
import { schemasFor } from './schema.ts';
import type { Path, Source } from './source.ts';

/** One line for a person: `chaperone.yaml:12:5  routes[0].url: found ...; wanted ...`. */
export function faultLine(fault: Fault): string {
  const where = `${fault.file}:${fault.line}:${fault.column}`;
  const path = fault.path === '' ? '' : `${fault.path}: `;
  const hint = fault.near === undefined ? '' : ` -- did you mean "${fault.near}"?`;
  return `${where}  ${path}found ${fault.found}; wanted ${fault.wanted}${hint}`;
}

/** All faults, a line each, and what they mean. For standard error. */
export function describeFaults(faults: readonly Fault[]): string {
  const count = faults.length === 1 ? '1 fault' : `${faults.length} faults`;
  return `${faults.map(faultLine).join('\n')}\n${count}: nothing is started with a configuration that is not sound.\n`;
}

/** The faults behind what zod objects to, each at its place in the file. */
export function faultsOf(issues: readonly z.core.$ZodIssue[], source: Source): Fault[] {
  return issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') return unknownKeys(issue.path, issue.keys, source);
    if (issue.code === 'invalid_value') return [misspelt(issue.path, issue.values.map(String), source, issue.message)];
    if (issue.code === 'invalid_key') return [source.faultAt(issue.path, 'another form of key', wantedKey(issue))];
    return [source.faultAt(issue.path, foundBy(issue) ?? whatStands(source, issue.path), issue.message)];
  });
}

function foundBy(issue: z.core.$ZodIssue): string | undefined {
  const found: unknown = issue.code === 'custom' ? issue.params?.['found'] : undefined;
  return typeof found === 'string' ? found : undefined;
}

function wantedKey(issue: z.core.$ZodIssueInvalidKey): string {
  return issue.issues[0]?.message ?? 'another key';
}

function misspelt(path: Path, known: readonly string[], source: Source, wanted: string): Fault {
  const value = source.valueAt(path);
  const fault = source.faultAt(path, whatStands(source, path), wanted);
  return { ...fault, near: typeof value === 'string' ? nearest(value, known) : undefined };
}

function unknownKeys(path: Path, keys: readonly string[], source: Source): Fault[] {
  const known = knownKeys(path);
  return keys.map((key) => ({
    ...source.faultAtKey([...path, key], `the unknown key ${quoted(key)}`, `one of the keys ${known.join(', ')}`),
    near: nearest(key, known),
  }));
}

/** Where secrets stand, or would stand by mistake. There the value is described and never shown. */
const secretPlaces: readonly (readonly string[])[] = [
  ['twilio'],
  ['routes', '*', 'headers'],
  ['routes', '*', 'url'],
  ['routes', '*', 'credential'],
  ['apps', '*', 'tokens'],
  ['routes', '*', 'session', 'think', 'endpoint'],
  ['routes', '*', 'session', 'speak', 'endpoint'],
  ['routes', '*', 'session', 'webhook', 'secret'],
  ['routes', '*', 'session', 'webhook', 'url'],
  ['audit', 'key', 'token'],
  // Whoever mistakes the name of the variable for its value pastes the key itself.
  ['audit', 'key', 'env'],
  ['taps', '*', 'secret'],
  ['taps', '*', 'url'],
  ['operators', '*', 'token'],
];

function mayBeSecret(path: Path): boolean {
  return secretPlaces.some((place) => place.every((key, index) => key === '*' || key === path[index]));
}

/** What the file holds at a place, short enough for a line. */
function whatStands(source: Source, path: Path): string {
  const value = source.valueAt(path);
  if (value === undefined || value === null) return 'nothing';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object') return 'a mapping';
  if (mayBeSecret(path)) return described(value);
  return typeof value === 'string' ? quoted(value) : `the ${typeof value} ${JSON.stringify(value)}`;
}

/** The kind and length of a value that is not shown; of a URL its scheme and host, which are no secret. */
function described(value: unknown): string {
  if (typeof value !== 'string') return `a ${typeof value}`;
  if (/\$\{/u.test(value)) return 'a value with a reference to the environment';
  if (!URL.canParse(value)) return `a text of ${value.length} characters`;
  const { protocol, host } = new URL(value);
  return `a URL that begins with ${protocol}//${host}`;
}

export function quoted(value: string): string {
  return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}...` : value);
}

/** The keys that the mapping at a place may have, read out of the JSON Schema of the file. */
function knownKeys(path: Path): string[] {
  let node: unknown = jsonSchema();
  for (const key of path) {
    node = typeof key === 'number' ? property(node, 'items') : property(property(node, 'properties'), key);
  }
  return Object.keys(Object(property(node, 'properties')));
}

function property(node: unknown, key: PropertyKey): unknown {
  return typeof node === 'object' && node !== null ? Reflect.get(node, key) : undefined;
}

const noEnvironment: Environment = {};

/** The JSON Schema of the file, for editors (draft 7 is what YAML editors know). */
export function jsonSchema(): Readonly<Record<string, unknown>> {
  const schema = z.toJSONSchema(schemasFor(noEnvironment).file, { io: 'input', target: 'draft-7' });
  return { ...schema, title: 'chaperone.yaml', description: 'Configuration of chaperone.' };
}

/** The known name closest to a misspelt one, if it is close enough to be meant. */
export function nearest(name: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((candidate) => ({ candidate, distance: editDistance(name.toLowerCase(), candidate.toLowerCase()) }))
    .sort((first, second) => first.distance - second.distance);
  const best = ranked[0];
  if (best === undefined || best.distance > Math.max(1, Math.floor(best.candidate.length / 3))) return undefined;
  return best.candidate;
}

/**
 * Edits between two names: a letter more, less or other, or two neighbours exchanged (optimal string alignment).
 * Names longer than 64 characters are too far from anything.
 */
function editDistance(first: string, second: string): number {
  if (first.length > 64) return Number.POSITIVE_INFINITY;
  let before: number[] = [];
  let row = Array.from({ length: second.length + 1 }, (_, column) => column);
  for (let line = 1; line <= first.length; line++) {
    const next = [line];
    for (let column = 1; column <= second.length; column++) {
      const same = first[line - 1] === second[column - 1];
      const exchanged = first[line - 1] === second[column - 2] && first[line - 2] === second[column - 1];
      const replace = (row[column - 1] ?? 0) + (same ? 0 : 1);
      const exchange = exchanged ? (before[column - 2] ?? Infinity) + 1 : Infinity;
      next.push(Math.min(replace, exchange, (row[column] ?? 0) + 1, (next[column - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row.at(-1) ?? 0;
}
