/** The line of folders and what is absent from each, as `src/README.md` promises it. */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const source = fileURLToPath(new URL('../src', import.meta.url));

/** One file under src. Paths are relative to src. */
interface Module {
  readonly path: string;
  readonly text: string;
  /** The text without comments, strings and templates: what is done, not what is said. */
  readonly code: string;
  /** Everything that is imported or re-exported, types too: files as paths under src, packages by name. */
  readonly files: readonly string[];
  readonly packages: readonly string[];
}

const importing = /(?:^(?:import|export)\b[^;'"`]*?\bfrom|^import|\bimport\()\s*'([^']+)'/gmu;
const notCode = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/gu;

function readModule(path: string): Module {
  const text = readFileSync(join(source, path), 'utf8');
  const specifiers = [...text.matchAll(importing)].map((match) => match[1] ?? '');
  const files = specifiers.filter((name) => name.startsWith('.')).map((name) => join(dirname(path), name));
  const packages = specifiers.filter((name) => !name.startsWith('.'));
  return { path, text, code: text.replaceAll(notCode, '""'), files, packages };
}

const modules = readdirSync(source, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .sort()
  .map(readModule);
const byPath = new Map(modules.map((module) => [module.path, module]));
const under = (folder: string): Module[] => modules.filter(({ path }) => path.startsWith(`${folder}/`));
const folderOf = (path: string): string => path.split('/')[0] ?? '';

test('imports are seen: every relative one leads to a file, and every line that ends in `from` one is counted', () => {
  expect(modules.length).toBeGreaterThan(100);
  const unseen = modules.filter(({ text, files, packages }) => {
    const lines = text.match(/^(?:import|export|\}).*\bfrom '/gmu) ?? [];
    return files.length + packages.length < lines.length || files.some((file) => !byPath.has(file));
  });
  expect(unseen.map(({ path }) => path)).toEqual([]);
});

test('a line, not a web: policy <- audit <- stream <- server', () => {
  const line = ['policy', 'audit', 'stream', 'server'];
  expect([...new Set(modules.map(({ path }) => folderOf(path)))].sort()).toEqual([...line].sort());
  const wrong = modules.flatMap(({ path, files }) =>
    files
      .filter((file) => line.indexOf(folderOf(file)) > line.indexOf(folderOf(path)))
      .map((file) => `${path} imports ${file}`),
  );
  expect(wrong).toEqual([]);
});

test('no import cycle, types included', () => {
  expect(cyclesOf(modules)).toEqual([]);
});

test('the search for cycles finds one, also through three files', () => {
  const module = (path: string, ...files: string[]): Module => ({ path, text: '', code: '', files, packages: [] });
  const ring = [module('a.ts', 'b.ts'), module('b.ts', 'c.ts'), module('c.ts', 'a.ts'), module('d.ts', 'a.ts')];
  expect(cyclesOf(ring)).toEqual(['a.ts -> b.ts -> c.ts -> a.ts']);
});

/** Depth first; each cycle once, as the path that closes it. */
function cyclesOf(among: readonly Module[]): string[] {
  const graph = new Map(among.map(({ path, files }) => [path, files]));
  const finished = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '));
    if (finished.has(path) || trail.includes(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...trail, path]);
    finished.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return cycles;
}

describe('leaves: a leaf never imports a sibling, and only the index names them all', () => {
  const leafFolders = [
    'policy/phi/recognizers',
    'policy/profiles',
    'audit/sinks',
    'audit/keys',
    'audit/exports',
    'audit/anchors',
    'stream/protocols',
    'stream/bridges',
    'stream/fragments',
    'stream/stages',
    'server/cli',
    'server/cli/audit',
  ];

  test.each(leafFolders)('%s', (folder) => {
    const leaves = under(folder).filter(({ path }) => dirname(path) === folder && path !== `${folder}/index.ts`);
    expect(leaves.length).toBeGreaterThan(0);
    const siblings = leaves.flatMap(({ path, files }) =>
      files.filter((file) => dirname(file) === folder).map((file) => `${path} imports ${file}`),
    );
    expect(siblings).toEqual([]);
    if (!byPath.has(`${folder}/index.ts`)) return;
    const strangers = modules
      .filter(({ path }) => path !== `${folder}/index.ts`)
      .flatMap(({ path, files }) =>
        files.filter((file) => leaves.some((leaf) => leaf.path === file)).map((file) => `${path} imports ${file}`),
      );
    expect(strangers).toEqual([]);
  });
});

/** Which files may import a package. A folder ends with a slash; what is not in the table may be used by nobody. */
const libraries: Readonly<Record<string, readonly string[]>> = {
  ws: ['server/dial.ts', 'server/socket.ts', 'server/lane.ts', 'server/demo/'],
  fastify: [
    'server/app.ts',
    'server/handshake.ts',
    'server/upgrade.ts',
    'server/apps/routes.ts',
    'server/admin.ts',
    'server/house.ts',
    'server/switchboard.ts',
    'server/taps/routes.ts',
    'server/taps/taps.ts',
  ],
  '@fastify/websocket': ['server/app.ts', 'server/taps/routes.ts'],
  '@fastify/helmet': ['server/admin.ts'],
  zod: ['server/config/', 'server/demo/messages.ts', 'server/transcripts.ts', 'server/twilio/token.ts'],
  yaml: ['server/config/', 'server/demo/scene.ts'],
  pino: ['server/logger.ts'],
  'prom-client': ['server/metrics.ts'],
  re2js: ['server/matchers.ts'],
  commander: ['server/cli/', 'server/audit-verb.ts'],
  'node-forge': ['server/demo/certificates.ts'],
  pg: ['audit/postgres/database.ts'],
  'node:crypto': ['audit/', 'server/'],
  'node:fs': ['audit/durable.ts', 'audit/sinks/', 'server/'],
  'node:fs/promises': ['audit/durable.ts', 'audit/sinks/', 'server/'],
};

test('one place knows each library', () => {
  const wrong = modules.flatMap(({ path, packages }) =>
    packages.filter((name) => !mayUse(path, name)).map((name) => `${path} imports ${name}`),
  );
  expect(wrong).toEqual([]);
});

function mayUse(path: string, name: string): boolean {
  const places = libraries[name] ?? (name.startsWith('node:') ? ['audit/', 'server/'] : []);
  return places.some((place) => (place.endsWith('/') ? path.startsWith(place) : path === place));
}

test('every package that src uses is a dependency, and every dependency is used', () => {
  const manifest: unknown = JSON.parse(readFileSync(join(source, '../package.json'), 'utf8'));
  const declared = Object.keys(Reflect.get(Object(manifest), 'dependencies'));
  const used = new Set(modules.flatMap(({ packages }) => packages).filter((name) => !name.startsWith('node:')));
  expect([...used].sort()).toEqual(declared.sort());
});

describe('purity', () => {
  const impure = {
    policy:
      /\b(?:async|await|Promise|process|performance|setTimeout|setInterval|setImmediate|fetch|console)\b|\bMath\.random\b|\bDate\.now\b|\bnew Date\(\)/u,
    stream:
      /\b(?:async|await|Promise|process|performance|setTimeout|setInterval|setImmediate|fetch|console)\b|\bMath\.random\b|\bDate\b/u,
    audit: /\bDate\.now\b|\bnew Date\(\)|\bperformance\b|\bMath\.random\b|\bconsole\b/u,
  };

  test.each(['policy', 'stream'])('%s imports nothing but files of this project', (folder) => {
    expect(under(folder).flatMap(({ path, packages }) => packages.map((name) => `${path} imports ${name}`))).toEqual(
      [],
    );
  });

  test.each(Object.entries(impure))('%s reads no clock and no randomness, and does no I/O', (folder, pattern) => {
    const found = under(folder).flatMap(({ path, code }) => {
      const line = code.split('\n').find((text) => pattern.test(text));
      return line === undefined ? [] : [`${path}: ${line.trim()}`];
    });
    expect(found).toEqual([]);
  });
});

describe('promises that are types', () => {
  test.each([
    ['Redacted', 'policy/phi/redact.ts'],
    ['ApprovedVendor', 'policy/vendors.ts'],
  ])('only one file makes a %s', (type, home) => {
    const makers = modules.filter(({ code }) => new RegExp(`\\b(?:as|is) (?:unknown as )?${type}\\b`, 'u').test(code));
    expect(makers.map(({ path }) => path)).toEqual([home]);
  });

  test('no file gives up a check: no `any`, no suppressed error, no default export, no shared folder', () => {
    const wrong = modules.filter(
      ({ path, code, text }) =>
        /\bany\b(?=[\s,;)\]>|])|\bexport default\b/u.test(code) ||
        /@ts-(?:ignore|expect-error|nocheck)/u.test(text) ||
        /(?:^|\/)(?:(?:shared|common|types)\/|(?:utils?|helpers?)(?:\/|\.ts$))/u.test(path),
    );
    expect(wrong.map(({ path }) => path)).toEqual([]);
  });
});

/** Files over 250 lines, each with the reason why it still holds one thing. Generated ones say so in their first line. */
const longFiles: Readonly<Record<string, string>> = {
  'policy/phi/lexicon/words.ts': 'lists of words, nothing else',
};

test('no file is over 250 lines but for a reason', () => {
  const written = modules.filter(({ text }) => !text.startsWith('// Generated by'));
  const long = written.filter(({ text }) => text.split('\n').length - 1 > 250).map(({ path }) => path);
  expect(long).toEqual(Object.keys(longFiles).sort());
});

test('the map names every folder, and every file that it names is there', () => {
  const map = readFileSync(join(source, 'README.md'), 'utf8');
  const tree = /```\n(policy\/[\s\S]*?)```/u.exec(map)?.[1] ?? '';
  const cells = tree.split('\n').map((line) => line.split(/\s{2,}/u).find((cell) => /^[\w. /-]+$/u.test(cell)) ?? '');
  const named = new Set(cells.flatMap((cell) => cell.split(' ')));
  const folders = modules.map(({ path }) => `${basename(dirname(path))}/`);
  const files = new Set(modules.map(({ path }) => basename(path)));
  expect([...new Set(folders)].filter((folder) => !named.has(folder))).toEqual([]);
  expect([...named].filter((name) => name.endsWith('.ts') && !files.has(name))).toEqual([]);
});
