import { foldName, judgeNested, type NestedScope } from '../../src/policy/nested.ts';
import type { JsonObject } from '../../src/stream/json.ts';
import type { ProtocolCodec } from '../../src/stream/protocol.ts';
import { demandInQuery, namesInQuery, shownParameter } from '../../src/stream/query.ts';
import { isNameForm, type Line } from './sheets.ts';

// What is planted in the fields of a sheet, and who is approved there.

export const canary = 'Zephyrine Quillfeather';
export const oneWord = 'Quillonby';
export const canaryNumber = 5125550143;
export const plain = 'on Monday';
export const secret = 'Bearer abcdefghijklmnopqrstuvwxyz';
/** Anything that would give the person away, in lower case. */
export const tells = ['zephyr', 'quillf', 'quillonby', String(canaryNumber)];

export const approved = {
  url: 'https://approved.example/x',
  provider: 'acme',
  connector: 'acme',
  feature: 'acme',
  model: 'acme-1',
  region: 'acme-east',
  configuration: 'acme_1',
} as const;
export const stranger = { ...approved, url: 'https://stranger.example/x', feature: 'stranger' };

/** Who and what {@link approved} names; a model or a region is covered by the vendor's own agreement, or by that of `acme`. */
export function scopeOf(own: boolean, ...features: readonly string[]): NestedScope {
  const cover = { models: ['acme-*'], regions: ['acme-*'] };
  return {
    hosts: new Set(['approved.example']),
    names: new Set(['acme', ...features].map(foldName)),
    covers: new Map([['acme', own ? { models: [], regions: [] } : cover]]),
    models: own ? cover.models : [],
    regions: own ? cover.regions : [],
    configurations: new Set(['acme_1']),
  };
}

/** Keys that protocols use for ids and enums, with words under them. */
export const strange: JsonObject = {
  ...Object.fromEntries(
    [
      'id',
      'type',
      'role',
      'status',
      'code',
      'name',
      'model',
      'object',
      'event_id',
      'item_id',
      'call_id',
      'language',
      'version',
    ].map((key) => [key, oneWord]),
  ),
  [canary]: { deep: [canary, canaryNumber] },
};

/** What is wrong with how a parameter of the URL is treated. */
export function faultOfParameter(codec: ProtocolCodec, { what, path, rest }: Line): string | undefined {
  const says = (value: string): URLSearchParams => new URLSearchParams([[path, value]]);
  const shown = shownParameter(codec, path, canary, (text) => text.replace(canary, '[NAME]'));
  const named = namesInQuery(codec, says(approved.url));
  const at = `parameter ${path}`;
  if (what === 'text') return shown === '[NAME]' ? undefined : `${at} lets a name out`;
  if (what === 'secret') return shown === canary && named.length === 0 ? undefined : `${at} is not left alone`;
  if (what === 'plain') {
    const setting = shownParameter(codec, path, '2025-04-16', () => 'changed');
    if (shown !== '[NAME]') return `${at} lets a name out`;
    return setting === '2025-04-16' && named.length === 0 ? undefined : `${at} is not left alone`;
  }
  if (what === 'flag') {
    const wrong = new URLSearchParams([
      [path, 'wrong'],
      [path, rest[0] ?? ''],
    ]);
    const set = [...demandInQuery(codec, wrong), ...demandInQuery(codec, wrong)].filter((each) => each === path);
    return set.length === 1 && wrong.getAll(path).join() === rest[0] ? undefined : `${at} says ${wrong.toString()}`;
  }
  if (!isNameForm(what)) return `${at} is of no kind`;
  const values: readonly (readonly [string, 'allow' | 'refuse'])[] = [
    [rest[0] === 'json' ? JSON.stringify({ model: approved[what], messages: [] }) : approved[what], 'allow'],
    [rest[0] === 'json' ? JSON.stringify({ model: 'stranger', messages: [] }) : 'stranger', 'refuse'],
  ];
  const faults = values.filter(([value, verdict]) => {
    const names = namesInQuery(codec, says(value));
    return names.length !== 1 || names.some((each) => judgeNested(scopeOf(true), each).verdict !== verdict);
  });
  return faults.length === 0 ? undefined : `${at} is not judged: ${JSON.stringify(faults)}`;
}
