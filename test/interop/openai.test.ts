import { afterEach, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { Interop, vendorKey } from './app.ts';
import { openai } from './vendors/openai.ts';

let interop: Interop;
afterEach(() => interop.close());

const heard = `hi this is ${canary.name} my number is five one two five five five oh one four three`;

it('the openai package holds a conversation; its words reach the vendor without identifiers', async () => {
  interop = await Interop.open(openai({ heard, said: 'Thank you. I have booked Tuesday at two.' }), {
    route: { protocol: 'openai-realtime' },
    vendor: { models: ['gpt-realtime*'] },
  });
  const said = await interop.run('openai', { WORDS: `please call ${canary.name} back` });
  expect(said).toEqual([
    { session: expect.objectContaining({ tracing: null, instructions: 'You book appointments.' }) },
    { heard },
    { audio: 5 * 960 },
    { said: 'Thank you. I have booked Tuesday at two.' },
  ]);
  const [session] = interop.vendor.sessions;
  expect(session?.path).toBe('/v1/realtime?model=gpt-realtime-2.1');
  expect(session?.headers['authorization']).toBe(`Bearer ${vendorKey}`);
  expect(session?.received('conversation.item.create')).toMatchObject([
    { item: { content: [{ text: 'please call [NAME] back' }] } },
  ]);
  await interop.stage.stop();
  expect(await interop.stage.events()).toContain('call.end CALLER_CLOSED');
});
