import { expect, test } from 'vitest';
import { protocols } from '../../src/stream/protocols/index.ts';
import { demandInQuery, namesInQuery, shownParameter } from '../../src/stream/query.ts';

const listen = protocols['deepgram-listen'];

test('whom a URL names is found, credentials and words are not names', () => {
  const parameters = new URLSearchParams(
    'model=nova-3&callback=https://hooks.example/x&keyterm=Kybella&token=abc&encoding=mulaw&callback=https://two.example',
  );
  expect(namesInQuery(listen, parameters)).toEqual([
    { at: '?model', form: 'model', value: 'nova-3' },
    { at: '?callback', form: 'url', value: 'https://hooks.example/x' },
    { at: '?callback', form: 'url', value: 'https://two.example' },
  ]);
});

test('an agent that is kept at the vendor is named by the URL', () => {
  const names = namesInQuery(protocols['elevenlabs-agents'], new URLSearchParams('agent_id=agent_1'));
  expect(names).toEqual([{ at: '?agent_id', form: 'configuration', value: 'agent_1' }]);
});

test.each([
  ['model=nova-3', 'model=nova-3&mip_opt_out=true', ['mip_opt_out']],
  ['mip_opt_out=false', 'mip_opt_out=true', ['mip_opt_out']],
  ['mip_opt_out=true&mip_opt_out=false', 'mip_opt_out=true', ['mip_opt_out']],
  ['mip_opt_out=true', 'mip_opt_out=true', []],
])('%s says in the end %s', (before, after, set) => {
  const parameters = new URLSearchParams(before);
  expect(demandInQuery(listen, parameters)).toEqual(set);
  expect(parameters.toString()).toBe(after);
});

test.each([
  ['model', 'nova-3', 'nova-3'],
  ['model', 'for dana', 'for [NAME]'],
  ['keyterm', 'dana', '[NAME]'],
  ['keyterm', 'kybella', 'kybella'],
  ['keyterm', '["dana","kybella"]', '["[NAME]","kybella"]'],
  ['callback', 'https://hooks.example/x', 'https://hooks.example/x'],
  ['callback', 'https://hooks.example/x?for=dana%20p', 'https://hooks.example/'],
  ['sample_rate', '8000', '8000'],
  ['sample_rate', '415-555-0143', '[PHONE]'],
  ['new', 'dana', '[NAME]'],
  ['token', 'dana', 'dana'],
  ['constructor', 'dana', '[NAME]'],
])('of %s=%s the vendor sees %s', (name, value, seen) => {
  const show = (text: string): string => text.replace('dana', '[NAME]').replace('415-555-0143', '[PHONE]');
  expect(shownParameter(listen, name, value, show)).toBe(seen);
});

test('a parameter that holds a configuration names its model, and nobody where it has none', () => {
  const names = (value: string): readonly string[] =>
    namesInQuery(protocols['assemblyai-streaming'], new URLSearchParams([['llm_gateway', value]])).map(
      (each) => each.value,
    );
  expect(names('{"model":"acme-large","messages":[]}')).toEqual(['acme-large']);
  expect(names('{"messages":[]}')).toEqual(['']);
  expect(names('["acme-large"]')).toEqual(['']);
  expect(names('acme-large')).toEqual(['acme-large']);
});
