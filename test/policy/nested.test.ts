import { describe, expect, test } from 'vitest';
import {
  foldName,
  hostsAlone,
  judgeNested,
  nestedScope,
  recorded,
  type NameForm,
  type NestedName,
} from '../../src/policy/nested.ts';
import type { Vendor } from '../../src/policy/vendors.ts';
import { agreement, vendor } from './entries.ts';

const today = '2026-11-23';
const list: readonly Vendor[] = [
  vendor({ id: 'acme-voice', hosts: ['voice.acme.example'], models: ['acme-*'], subProcessors: ['openai', 'lapsed'] }),
  vendor({ id: 'openai', hosts: ['api.openai.example', 'eu.openai.example:8443'], subProcessors: ['deep'] }),
  vendor({ id: 'deep', hosts: ['deep.example'] }),
  vendor({ id: 'lapsed', hosts: ['lapsed.example'], agreement: agreement({ expires: '2026-01-01' }) }),
  vendor({ id: 'stranger', hosts: ['stranger.example'] }),
];
const declared = {
  names: { connector_gmail: 'openai', googleSearch: 'stranger', 'GPT 4o': 'openai' },
  configurations: ['agent_1'],
};

function verdict(form: NameForm, value: string, entries = list): string {
  return judgeNested(nestedScope(entries, 'acme-voice', today, declared), { at: 'tools[].x', form, value }).verdict;
}

/** The same list with the lapsed one renewed, so that the vendor itself stands. */
const standing = list
  .filter(({ id }) => id !== 'lapsed')
  .map((entry) => (entry.id === 'acme-voice' ? { ...entry, subProcessors: ['openai'] } : entry));

test('an address is put on record without the places where one holds a secret', () => {
  const url = (value: string): string => recorded({ at: 'x', form: 'url', value });
  expect(url('https://who:planted@mcp.example:8443/v1/s?key=planted#planted')).toBe('https://mcp.example:8443/v1/s');
  expect(url('no address')).toBe('no address');
  expect(recorded({ at: 'x', form: 'configuration', value: 'agent_1?x' })).toBe('agent_1?x');
});

describe('a name on the wire', () => {
  const passing: readonly (readonly [NameForm, string])[] = [
    ['url', 'https://voice.acme.example/mcp'],
    ['url', 'wss://api.openai.example'],
    ['url', 'https://eu.openai.example:8443/x'],
    ['url', 'https://deep.example'],
    ['url', 'https://deep.example:8443'],
    ['provider', 'open_ai'],
    ['provider', 'OpenAI'],
    ['provider', 'acme-voice'],
    ['provider', 'gpt-4o'],
    ['connector', 'connector_gmail'],
    ['model', 'acme-2'],
    ['configuration', 'agent_1'],
  ];
  test.each(passing)('passes as %s: %s', (form, value) => {
    expect(verdict(form, value, standing)).toBe('allow');
  });

  const refused: readonly (readonly [NameForm, string])[] = [
    ['url', 'https://stranger.example'],
    ['url', 'http://deep.example'],
    ['url', 'https://user:secret@deep.example'],
    ['url', 'https://deep.example.evil.example'],
    ['url', 'https://eu.openai.example'],
    ['url', '//deep.example'],
    ['url', 'file:///etc/passwd'],
    ['url', 'http://127.0.0.1:8080'],
    ['url', ''],
    ['provider', 'stranger'],
    ['provider', ''],
    ['provider', '---'],
    ['connector', 'connector_dropbox'],
    ['feature', 'googleSearch'],
    ['model', 'other-2'],
    ['model', ''],
    ['configuration', 'agent_2'],
    ['configuration', ''],
  ];
  test.each(refused)('is refused as %s: %s', (form, value) => {
    expect(verdict(form, value, standing)).toBe('refuse');
  });

  test('leads nowhere when an agreement behind the vendor has lapsed', () => {
    expect(verdict('provider', 'openai')).toBe('refuse');
    expect(verdict('url', 'https://lapsed.example')).toBe('refuse');
  });

  test('is refused by its place, never by what it says', () => {
    const decision = judgeNested(hostsAlone(new Set()), {
      at: 'tools[].url',
      form: 'url',
      value: 'https://dana.example',
    });
    expect(decision).toEqual({ verdict: 'refuse', reason: 'SUBPROCESSOR_NOT_APPROVED', subject: 'tools[].url' });
  });

  test('of a model is refused as outside the agreement', () => {
    const scope = nestedScope(standing, 'acme-voice', today);
    expect(judgeNested(scope, { at: 'm', form: 'model', value: 'x' })).toMatchObject({ reason: 'BAA_OUT_OF_SCOPE' });
  });
});

test('an agreement without a list of models covers every one', () => {
  const open = standing.map((entry) => ({ ...entry, models: undefined }));
  expect(verdict('model', 'anything', open)).toBe('allow');
});

test('where only hosts are given, nothing else may be named', () => {
  const scope = hostsAlone(new Set(['media.example']));
  const judge = (form: NameForm, value: string) => judgeNested(scope, { at: 'x', form, value }).verdict;
  expect(judge('url', 'https://media.example/hold.mp3')).toBe('allow');
  const others: readonly NameForm[] = ['provider', 'connector', 'feature', 'model', 'configuration'];
  expect(others.filter((form) => judge(form, 'x') !== 'refuse')).toEqual([]);
});

test('spellings of one name fold together', () => {
  expect(new Set(['open_ai', 'OpenAI', 'open-ai', 'open ai'].map(foldName)).size).toBe(1);
});

type Named = Pick<NestedName, 'form' | 'value' | 'of'>;

describe('a model and a region', () => {
  const entries = [
    vendor({ id: 'acme-voice', hosts: [], models: ['acme-*'], regions: ['us-*'], subProcessors: ['openai'] }),
    vendor({ id: 'openai', hosts: [], models: ['gpt-5*'], regions: ['eu-west-1'] }),
  ];
  const scope = nestedScope(entries, 'acme-voice', today, { names: { open_ai: 'openai' }, configurations: [] });
  const google = 'projects/p/locations/us-east4/publishers/google/models/acme-live';
  const passing: readonly Named[] = [
    { form: 'model', value: 'acme-2' },
    { form: 'model', value: 'models/acme-2' },
    { form: 'model', value: 'acme-2', of: 'deepgram' },
    { form: 'model', value: 'gpt-5-mini', of: 'open_ai' },
    { form: 'model', value: 'gpt-5-mini', of: 'OpenAI' },
    { form: 'region', value: 'us-east-1' },
    { form: 'region', value: 'eu-west-1', of: 'open_ai' },
  ];
  test.each(passing)('passes as $form: $value of $of', (named) => {
    expect(judgeNested(scope, { at: 'x', ...named }).verdict).toBe('allow');
  });

  const refused: readonly Named[] = [
    { form: 'model', value: 'gpt-5-mini' },
    { form: 'model', value: 'acme-2', of: 'open_ai' },
    { form: 'region', value: 'eu-west-1' },
    { form: 'region', value: '', of: 'open_ai' },
    { form: 'region', value: 'us-east-1', of: 'open_ai' },
  ];
  test.each(refused)('is out of scope as $form: $value of $of', (named) => {
    const decision = judgeNested(scope, { at: 'x', ...named });
    expect(decision).toEqual({ verdict: 'refuse', reason: 'BAA_OUT_OF_SCOPE', subject: 'x' });
  });

  test('that stand in one resource are both judged', () => {
    const judged = (value: string): string => judgeNested(scope, { at: 'x', form: 'model', value }).verdict;
    expect(judged(google)).toBe('allow');
    expect(judged(google.replace('us-east4', 'europe-west1'))).toBe('refuse');
    expect(judged(google.replace('acme-live', 'gemini-live'))).toBe('refuse');
  });
});
