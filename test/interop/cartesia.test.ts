import { afterEach, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { Interop, vendorKey } from './app.ts';
import { shown } from './shown.ts';
import { cartesiaSpeech, cartesiaTurns } from './vendors/cartesia.ts';

let interop: Interop;
afterEach(() => interop.close());

const heard = `hi this is ${canary.name} about botox`;

it('a context of @cartesia/cartesia-js speaks; what it is given holds no name, cut as it may be', async () => {
  interop = await Interop.open(cartesiaSpeech, {
    route: { protocol: 'cartesia-speech' },
    vendor: { models: ['sonic-*'] },
  });
  const [seen] = await interop.run('cartesia-speech', { WORDS: canary.name });
  expect((seen?.['heard'] as string[] | undefined)?.join(' ')).toMatch(/^Thank you \[NAME\],.* Tuesday\.$/u);
  expect(seen?.['bytes']).toBeGreaterThan(0);
  const [session] = interop.vendor.sessions;
  expect(session?.headers['authorization']).toBe(`Bearer ${vendorKey}`);
  expect(session?.headers['cartesia-version']).toMatch(/^\d{4}-\d\d-\d\d$/u);
  const said = (session?.texts ?? []).map((text) => (JSON.parse(text) as { readonly transcript: string }).transcript);
  expect(said.join('')).toEqual(shown('Thank you [NAME], see you on Tuesday. '));
});

it('a model outside the agreement speaks to nobody', async () => {
  interop = await Interop.open(cartesiaSpeech, {
    route: { protocol: 'cartesia-speech' },
    vendor: { models: ['sonic-*'] },
  });
  const seen = await interop.run('cartesia-speech', { WORDS: 'botox', MODEL: 'stranger-1' });
  expect(seen).toEqual([{ closed: 'BAA_OUT_OF_SCOPE' }]);
  expect(interop.vendor.sessions[0]?.texts).toEqual([]);
  await interop.stage.stop();
  expect(await interop.stage.events()).toContain('vendor.refuse BAA_OUT_OF_SCOPE');
});

it('turns of @cartesia/cartesia-js are heard; hints in the URL reach the vendor without a name', async () => {
  interop = await Interop.open(cartesiaTurns(heard), {
    route: { protocol: 'cartesia-transcribe' },
    vendor: { models: ['ink-*'] },
  });
  const seen = await interop.run('cartesia-turns', { WORDS: canary.name });
  expect(seen).toEqual([{ connected: true }, { update: heard.slice(0, 14) }, { end: heard }, { closed: 1000 }]);
  const [session] = interop.vendor.sessions;
  const { pathname, searchParams } = new URL(session?.path ?? '', interop.base);
  expect(pathname).toBe('/stt/turns/websocket');
  expect(searchParams.get('turn_end_threshold')).toBe('0.2');
  expect(JSON.stringify([...searchParams])).not.toMatch(/zephyr|quillf/iu);
  expect(session?.received('config')).toEqual([{ type: 'config', turn: { end_threshold: 0.3 } }]);
  expect(Buffer.concat(session?.heard ?? []).length).toBe(1600);
});

it('an app that is not cleared for names reads none in a turn, growing or ended', async () => {
  interop = await Interop.open(cartesiaTurns(heard), {
    route: { protocol: 'cartesia-transcribe' },
    more: { clearances: { app: { NAME: 'mask' } } },
  });
  const seen = await interop.run('cartesia-turns', { WORDS: 'botox' });
  expect(JSON.stringify(seen)).not.toMatch(/zephyr|quillf/iu);
  expect(seen).toContainEqual({ end: shown('hi this is [NAME] about botox') });
});
