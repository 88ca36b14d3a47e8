/** What is shipped: every production dependency, direct or not, as the lockfile pins it. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const allowed = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']);

interface Shipped {
  readonly path: string;
  readonly version: string;
  readonly installs: boolean;
}

function json(path: string): object {
  const parsed: unknown = JSON.parse(readFileSync(new URL(path, root), 'utf8'));
  return Object(parsed);
}

function text(value: object, key: string): string {
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'string' ? found : '';
}

const shipped: readonly Shipped[] = Object.entries(Object(Reflect.get(json('package-lock.json'), 'packages')))
  .map(([path, value]) => ({ path, facts: Object(value) }))
  .filter(
    ({ path, facts }) =>
      path !== '' && Reflect.get(facts, 'dev') !== true && Reflect.get(facts, 'devOptional') !== true,
  )
  .map(({ path, facts }) => ({
    path,
    version: text(facts, 'version'),
    installs: Reflect.get(facts, 'hasInstallScript') === true,
  }));

/** `(BSD-3-Clause OR GPL-2.0)` may be taken under the first; `MIT AND CC0-1.0` would bind to both. */
function isAllowed(licence: string): boolean {
  const choices = licence.replaceAll(/[()]/gu, '').split(' OR ');
  return choices.some((choice) => choice.split(' AND ').every((name) => allowed.has(name.trim())));
}

test('what is installed is what the lockfile pins', () => {
  expect(shipped.length).toBeGreaterThan(30);
  const differing = shipped.filter(({ path, version }) => {
    return (
      !existsSync(new URL(`${path}/package.json`, root)) || text(json(`${path}/package.json`), 'version') !== version
    );
  });
  expect(differing.map(({ path }) => path)).toEqual([]);
});

test('every licence is one that asks for no more than a notice', () => {
  const others = shipped
    .map(({ path }) => `${path}: ${text(json(`${path}/package.json`), 'license')}`)
    .filter((line) => !isAllowed(line.slice(line.indexOf(': ') + 2)));
  expect(others).toEqual([]);
});

test('a licence that binds is told apart from a choice', () => {
  expect(isAllowed('(BSD-3-Clause OR GPL-2.0)')).toBe(true);
  expect(isAllowed('MIT AND Apache-2.0')).toBe(true);
  expect(isAllowed('MIT AND GPL-3.0')).toBe(false);
  expect(isAllowed('GPL-3.0-only')).toBe(false);
  expect(isAllowed('')).toBe(false);
});

test('no dependency runs a script when it is installed', () => {
  expect(shipped.filter(({ installs }) => installs).map(({ path }) => path)).toEqual([]);
});

test('every dependency is pinned to one version', () => {
  const manifest = json('package.json');
  const versions = ['dependencies', 'devDependencies'].flatMap((group) =>
    Object.entries(Object(Reflect.get(manifest, group))).map(([name, version]) => `${name} ${String(version)}`),
  );
  expect(versions.filter((line) => !/ \d+\.\d+\.\d+(?:-[a-z]+\.\d+)?$/u.test(line))).toEqual([]);
});
