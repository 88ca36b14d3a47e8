import { afterEach, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { Interop, vendorKey } from './app.ts';
import type { LoopbackSession } from '../vendors/loopback.ts';
import { openai, type OpenaiCall } from './vendors/openai.ts';

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

it('@openai/agents-realtime talks; pseudonyms that the vendor knows are names again in the arguments of its tools', async () => {
  const pseudonym = (texts: readonly string[]): string => /\[NAME_\d+\]/u.exec(texts.join('\n'))?.[0] ?? 'nobody';
  const calls = ({ texts }: LoopbackSession): OpenaiCall | undefined =>
    texts.some((text) => text.includes('function_call_output'))
      ? undefined
      : { name: 'book', arguments: JSON.stringify({ name: pseudonym(texts), day: 'tuesday' }) };
  interop = await Interop.open(openai({ heard, said: 'It is booked.', calls }), {
    route: { protocol: 'openai-realtime' },
    more: { clearances: { vendor: { NAME: 'token' } } },
  });
  const said = await interop.run('agents-realtime', { WORDS: canary.name });
  expect(said).toEqual([
    { heard },
    { said: 'It is booked.' },
    { tool: { name: canary.name, day: 'tuesday' } },
    { said: 'It is booked.' },
    { audio: 2 * 5 * 960 },
  ]);
  const [session] = interop.vendor.sessions;
  expect(session?.received('session.update').map(({ session: wanted }) => wanted)).toMatchObject([
    { tools: [{ name: 'book', parameters: { $schema: expect.stringContaining('json-schema.org') } }] },
    { tracing: null },
  ]);
});
