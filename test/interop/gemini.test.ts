import { afterEach, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import { Interop, vendorKey } from './app.ts';
import { shown } from './shown.ts';
import { gemini } from './vendors/gemini.ts';

let interop: Interop;
afterEach(() => interop.close());

const heard = `hi this is ${canary.name} about botox`;
const said = 'Tuesday at two is fine.';
const route = { protocol: 'gemini-live' };
const vendor = { models: ['models/gemini-*'] };

it('@google/genai talks; its function gets its words, the vendor no name', async () => {
  interop = await Interop.open(gemini(heard, said), { route, vendor });
  const seen = await interop.run('gemini', { WORDS: canary.name });
  expect(seen).toEqual([{ ready: true }, { heard, asked: { for: heard, days: 2 } }, { audio: 5 * 640 }, { said }]);
  const [session] = interop.vendor.sessions;
  const url = new URL(session?.path ?? '', interop.base);
  expect(url.pathname).toBe('/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent');
  expect(url.searchParams.get('key')).toBe(vendorKey);
  const texts = session?.texts.map((text) => JSON.parse(text) as object) ?? [];
  expect(texts).toMatchObject([
    {
      setup: {
        model: 'models/gemini-2.5-flash-live',
        systemInstruction: { parts: [{ text: shown('You talk with [NAME].') }] },
      },
    },
    { clientContent: { turns: [{ parts: [{ text: shown('i am [NAME]') }] }], turnComplete: true } },
    { toolResponse: { functionResponses: [{ response: { slot: shown('Tuesday for [NAME]') } }] } },
  ]);
});

it('[A13] search behind the model, which nobody has approved, ends the session before the vendor hears of it', async () => {
  interop = await Interop.open(gemini(heard, said), { route, vendor });
  const seen = await interop.run('gemini', { WORDS: 'botox', SEARCH: 'yes' });
  expect(seen).toEqual([{ closed: 1008, reason: 'SUBPROCESSOR_NOT_APPROVED' }]);
  expect(interop.vendor.sessions.flatMap(({ texts }) => texts)).toEqual([]);
  await interop.stage.stop();
  const records = await interop.stage.records();
  expect(records.map(({ members: { k, rc, f } }) => ({ k, rc, f }))).toContainEqual({
    k: 'vendor.refuse',
    rc: 'SUBPROCESSOR_NOT_APPROVED',
    f: { way: 'toVendor', message: 'setup', at: 'setup.tools[].googleSearch' },
  });
});
