import { afterEach, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { Interop, vendorKey } from './app.ts';
import { deepgramAgent, deepgramListen } from './vendors/deepgram.ts';

let interop: Interop;
afterEach(() => interop.close());

const heard = `hi this is ${canary.name} about botox on tuesday`;

it('@deepgram/sdk listens; the URL says that nothing is kept, and names nobody', async () => {
  interop = await Interop.open(deepgramListen(heard), {
    route: { protocol: 'deepgram-listen' },
    vendor: { models: ['nova-3*'] },
  });
  const said = await interop.run('deepgram-listen', { WORDS: `patient ${canary.name}` });
  expect(said).toMatchObject([
    { final: false },
    { final: true, transcript: heard, words: heard.split(' ').map((word) => [word, word]) },
    { type: 'Metadata' },
    { closed: 1000 },
  ]);
  const [session] = interop.vendor.sessions;
  const url = new URL(session?.path ?? '', interop.base);
  expect(url.pathname).toBe('/v1/listen');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    model: 'nova-3',
    interim_results: 'true',
    encoding: 'mulaw',
    sample_rate: '8000',
    keyterm: 'patient [NAME]',
    mip_opt_out: 'true',
  });
  expect(session?.headers['authorization']).toBe(`Token ${vendorKey}`);
  expect(Buffer.concat(session?.heard ?? []).equals(Buffer.alloc(1600, 0x55))).toBe(true);
  await interop.stage.stop();
  const records = await interop.stage.records();
  expect(records.map(({ members: { k, f } }) => ({ k, f }))).toContainEqual({
    k: 'vendor.authorize',
    f: { way: 'toVendor', message: 'url', set: '?mip_opt_out' },
  });
  expect(await interop.stage.events()).toContain('call.end SESSION_ENDED');
});

it('an app that is not cleared for names gets none, in the transcript and in its words', async () => {
  interop = await Interop.open(deepgramListen(heard), {
    route: { protocol: 'deepgram-listen' },
    more: { clearances: { app: { NAME: 'mask' } } },
  });
  const said = await interop.run('deepgram-listen', { WORDS: 'botox' });
  expect(JSON.stringify(said)).not.toMatch(/zephyrine|quillfeather/iu);
  expect(said[1]).toMatchObject({ final: true, transcript: 'hi this is [NAME] about botox on tuesday' });
});

it('the voice agent of @deepgram/sdk talks; the model behind it is approved by name', async () => {
  interop = await Interop.open(deepgramAgent(heard, 'Tuesday at two is fine.'), {
    route: { protocol: 'deepgram-agent' },
    vendor: { sub_processors: ['demo-llm'] },
    others: [{ id: 'demo-llm', known_as: ['open_ai'] }],
  });
  const said = await interop.run('deepgram-agent', { WORDS: canary.name });
  expect(said).toEqual([
    { applied: true },
    { user: heard },
    { assistant: 'Tuesday at two is fine.' },
    { audio: 1600 },
    expect.objectContaining({ closed: expect.any(Number) }),
  ]);
  const [session] = interop.vendor.sessions;
  expect(session?.path).toBe('/v1/agent/converse');
  expect(session?.received('Settings')).toMatchObject([
    { mip_opt_out: true, agent: { think: { prompt: 'Help [NAME].' } } },
  ]);
  expect(session?.received('InjectUserMessage')).toMatchObject([{ content: 'i am [NAME]' }]);
});

it('[A13] a model of somebody who is not approved is not told to the vendor; the app learns why', async () => {
  interop = await Interop.open(deepgramAgent(heard, 'Yes.'), { route: { protocol: 'deepgram-agent' } });
  const said = await interop.run('deepgram-agent', { WORDS: 'botox', THINK: 'anthropic' });
  expect(said).toEqual([{ closed: 1008, reason: 'SUBPROCESSOR_NOT_APPROVED' }]);
  expect(interop.vendor.sessions[0]?.received('Settings')).toEqual([]);
  await interop.stage.stop();
  expect(await interop.stage.has('vendor.refuse', 'SUBPROCESSOR_NOT_APPROVED')).toBe(true);
});
