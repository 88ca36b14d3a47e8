import { readdirSync, readFileSync } from 'node:fs';
import { foldName, type NestedScope } from '../../src/policy/nested.ts';
import { Way } from '../../src/stream/protocol.ts';

/** The playbooks of a protocol, or of a bridge. */
export function booksOf(
  name: string,
  of: 'protocols' | 'bridges' = 'protocols',
): readonly { readonly title: string; readonly file: URL }[] {
  const folder = new URL(`../vectors/${of}/${name}/`, import.meta.url);
  return readdirSync(folder)
    .filter((name) => name.endsWith('.call'))
    .map((name) => ({ title: name.replace('.call', ''), file: new URL(name, folder) }));
}

export interface Sample {
  readonly way: Way;
  readonly text: string;
}

/** Every text frame that arrives in these playbooks of the protocol, once. */
export function samplesOf(protocol: string, of: (title: string) => boolean = () => true): readonly Sample[] {
  const books = booksOf(protocol).filter(({ title }) => of(title));
  const lines = books.flatMap(({ file }) => readFileSync(file, 'utf8').split('\n'));
  const frames = new Set(lines.filter((line) => line.startsWith('>> ')));
  return [...frames].map((line) => {
    const [, way = '', ...rest] = line.split(' ');
    return { way: way === 'toVendor' ? Way.toVendor : Way.toCaller, text: rest.join(' ') };
  });
}

/** The frames of `call.call` up to the first that is not about the start: they bring a call into being. */
export function openingOf(protocol: string, isOpening: (sample: Sample) => boolean): readonly Sample[] {
  const file = new URL(`../vectors/protocols/${protocol}/call.call`, import.meta.url);
  const samples = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('>> toVendor '))
    .map((line) => ({ way: Way.toVendor, text: line.slice('>> toVendor '.length) }));
  return samples.filter(isOpening);
}

/** Whom the settings of a playbook, or of several, allow to be named. */
export function nestedOf(lines: readonly string[]): NestedScope {
  const said = (setting: string): readonly string[] =>
    lines.filter((line) => line.startsWith(`${setting} `)).map((line) => line.slice(setting.length + 1));
  const limit = (setting: string): readonly string[] | undefined => {
    const values = said(setting);
    return values.length === 0 ? undefined : values;
  };
  const names = new Set(said('named').map(foldName));
  return {
    hosts: new Set(said('host')),
    names,
    models: said('model'),
    regions: limit('region'),
    covers: new Map(
      [...names].map((name) => [name, { models: limit(`${name} model`), regions: limit(`${name} region`) }]),
    ),
    configurations: new Set(said('pinned')),
  };
}

/** Whom any playbook of the protocol, or of the bridge, allows to be named. */
export function nestedOfAll(name: string, bridge?: string): NestedScope {
  const books = [...booksOf(name), ...(bridge === undefined ? [] : booksOf(bridge, 'bridges'))];
  return nestedOf(books.flatMap(({ file }) => readFileSync(file, 'utf8').split('\n')));
}
