import { afterEach, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { Interop, vendorKey } from './app.ts';
import { shown } from './shown.ts';
import { assemblyai } from './vendors/assemblyai.ts';

let interop: Interop;
afterEach(() => interop.close());

const heard = `hi this is ${canary.name} about botox`;
const formatted = 'Hi, this is Zephyrine Quillfeather about Botox.';
const route = { protocol: 'assemblyai-streaming' };

it('assemblyai listens; words in the URL and in updates reach the vendor without identifiers', async () => {
  interop = await Interop.open(assemblyai(heard, formatted), { route, vendor: { models: ['universal-streaming-*'] } });
  const seen = await interop.run('assemblyai', { WORDS: canary.name });
  const turn = (transcript: string, ended: boolean) => ({ transcript, words: transcript.split(' '), ended });
  expect(seen).toEqual([{ begun: true }, turn(heard.slice(0, 18), false), turn(heard, true), turn(formatted, true)]);
  const [session] = interop.vendor.sessions;
  const url = new URL(session?.path ?? '', interop.base);
  expect(url.pathname).toBe('/v3/ws');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    sample_rate: '8000',
    format_turns: 'true',
    encoding: 'pcm_mulaw',
    keyterms_prompt: shown('["Kybella","for [NAME]"]'),
    speech_model: 'universal-streaming-english',
    _customer_support_audio_capture: 'false',
  });
  expect(session?.headers['authorization']).toBe(vendorKey);
  expect(Buffer.concat(session?.heard ?? []).equals(Buffer.alloc(1600, 0x55))).toBe(true);
  expect(session?.received('UpdateConfiguration')).toMatchObject([{ prompt: shown('expect [NAME]') }]);
});

it('an app that is not cleared for names reads none: not in the turn, not in its words, not in its second form', async () => {
  interop = await Interop.open(assemblyai(heard, formatted), {
    route,
    more: { clearances: { app: { NAME: 'mask' } } },
  });
  const seen = await interop.run('assemblyai', { WORDS: 'botox' });
  expect(JSON.stringify(seen)).not.toMatch(/zephyr|quillf/iu);
  expect(seen[3]).toMatchObject({ transcript: shown('Hi, this is [NAME] about Botox.'), ended: true });
});

it('a model behind the gateway is named in the URL: a stranger is not dialled, an approved one is', async () => {
  interop = await Interop.open(assemblyai(heard, formatted), {
    route,
    vendor: { sub_processors: ['demo-llm'] },
    others: [{ id: 'demo-llm', known_as: ['acme-large'] }],
  });
  const [refused] = await interop.run('assemblyai', { WORDS: 'botox', GATEWAY: 'stranger-large' });
  expect(refused).toEqual({ refused: expect.stringContaining('403') });
  expect(interop.vendor.sessions).toEqual([]);
  const [begun] = await interop.run('assemblyai', { WORDS: canary.name, GATEWAY: 'acme-large' });
  expect(begun).toEqual({ begun: true });
  const gateway = new URL(interop.vendor.sessions[0]?.path ?? '', interop.base).searchParams.get('llm_gateway');
  expect(JSON.parse(gateway ?? '')).toMatchObject({
    model: 'acme-large',
    messages: [{ content: shown('is it [NAME]?') }],
  });
});
