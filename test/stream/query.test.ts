import { expect, test } from 'vitest';
import { protocols } from '../../src/stream/protocols/index.ts';
import { demandInQuery, namesInQuery, redactQuery } from '../../src/stream/query.ts';

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

test('words in a URL are rewritten, and so is what nothing is known of; names and their order stay', () => {
  const parameters = new URLSearchParams(
    'model=nova-3&keyterm=dana&keyterm=kybella&new=dana&token=dana&constructor=dana',
  );
  redactQuery(listen, parameters, (text) => text.replace('dana', '[NAME]'));
  expect([...parameters].map(([name, value]) => `${name}=${value}`)).toEqual([
    'model=nova-3',
    'keyterm=[NAME]',
    'keyterm=kybella',
    'new=[NAME]',
    'token=dana',
    'constructor=[NAME]',
  ]);
});
