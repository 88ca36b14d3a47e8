import { afterEach, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { Interop, vendorKey } from './app.ts';
import { shown } from './shown.ts';
import { elevenlabsAgent, elevenlabsScribe, elevenlabsSpeech } from './vendors/elevenlabs.ts';

let interop: Interop;
afterEach(() => interop.close());

const heard = `hi this is ${canary.name} about botox`;
const said = 'Tuesday at two is fine.';

it('an agent of @elevenlabs/elevenlabs-js talks; the tool of the app gets its words, the vendor no name', async () => {
  interop = await Interop.open(elevenlabsAgent(heard, said), {
    route: { protocol: 'elevenlabs-agents' },
    vendor: { configurations: ['agent_1'] },
  });
  const seen = await interop.run('elevenlabs-agent', { WORDS: canary.name });
  expect(seen).toEqual([
    { latency: 20 },
    { heard },
    { asked: heard },
    { said },
    { audio: 800 },
    { corrected: 'Tuesday at two is fine ...' },
  ]);
  const [session] = interop.vendor.sessions;
  expect(session?.path).toBe('/v1/convai/conversation?agent_id=agent_1&source=js_sdk&version=2.73.0');
  expect(session?.headers['xi-api-key']).toBe(vendorKey);
  expect(session?.received('conversation_initiation_client_data')).toMatchObject([
    {
      conversation_config_override: { agent: { first_message: shown('Hello [NAME]') } },
      dynamic_variables: { patient: shown('[NAME]') },
    },
  ]);
  expect(session?.received('user_message')).toEqual([{ type: 'user_message', text: shown('i am [NAME]') }]);
  expect(session?.received('client_tool_result')).toMatchObject([{ result: shown('Tuesday for [NAME]') }]);
  expect(session?.received('pong')).toEqual([{ type: 'pong', event_id: 1 }]);
});

it('an agent that nobody has checked is not reached', async () => {
  interop = await Interop.open(elevenlabsAgent(heard, said), { route: { protocol: 'elevenlabs-agents' } });
  const [seen] = await interop.run('elevenlabs-agent', { WORDS: 'botox' });
  expect(seen).toEqual({ refused: expect.stringContaining('403') });
  expect(interop.vendor.sessions).toEqual([]);
  await interop.stage.stop();
  const records = await interop.stage.records();
  expect(records.map(({ members: { k, rc, f } }) => ({ k, rc, f }))).toContainEqual({
    k: 'call.refuse',
    rc: 'SUBPROCESSOR_NOT_APPROVED',
    f: { route: 'voice', subject: 'demo-voice: ?agent_id' },
  });
});

it('Scribe of @elevenlabs/elevenlabs-js listens; the URL says that nothing is kept', async () => {
  interop = await Interop.open(elevenlabsScribe(heard), { route: { protocol: 'elevenlabs-scribe' } });
  const seen = await interop.run('elevenlabs-scribe', { WORDS: canary.name });
  expect(seen).toEqual([{ partial: heard.slice(0, 12) }, { committed: heard }, { words: heard.split(' ') }]);
  const [session] = interop.vendor.sessions;
  const { searchParams } = new URL(session?.path ?? '', interop.base);
  expect(Object.fromEntries(searchParams)).toMatchObject({ keyterms: shown('for [NAME]'), enable_logging: 'false' });
  expect(session?.texts.join('')).toContain('this is [NAME]');
});

it('the text to speech socket says no name in any pieces; the key of its first message stays here', async () => {
  interop = await Interop.open(elevenlabsSpeech, { route: { protocol: 'elevenlabs-speech' } });
  const seen = await interop.run('elevenlabs-speech', { WORDS: canary.name });
  const [session] = interop.vendor.sessions;
  const texts = session?.texts.map((text) => JSON.parse(text) as { readonly text: string }) ?? [];
  expect(texts.map(({ text }) => text).join('')).toBe(' Thank you [NAME], see you on Tuesday. ');
  expect(seen).toEqual([{ caption: shown(' Thank you [NAME], see you on Tuesday. ') }, { closed: 1000 }]);
  expect(session?.headers['xi-api-key']).toBe(vendorKey);
  expect(new URL(session?.path ?? '', interop.base).searchParams.get('enable_logging')).toBe('false');
});
