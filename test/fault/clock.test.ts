import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ask, callSidOf } from '../../src/server/demo/carrier.ts';
import { startCall, streamUrl, upgrade } from '../conformance/support/caller.ts';
import { hangUp } from '../conformance/support/theatre.ts';
import { RawVendor } from '../conformance/support/vendor.ts';
import { Stage } from '../e2e/stage.ts';
import { faultIn, keepTalking } from './live.ts';
import { observe } from './observe.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Only the wall clock is another one; timers and the monotonic clock go on as they do. */
let offset = 0;
beforeEach(() => {
  const real = Date.now.bind(Date);
  vi.spyOn(Date, 'now').mockImplementation(() => real() + offset);
});
afterEach(() => {
  offset = 0;
  vi.restoreAllMocks();
});

/** A stage whose vendor's certificate and agreement hold for as long as is asked. */
async function open(agreementDays: number) {
  const vendor = new RawVendor();
  const expires = new Date(Date.now() + agreementDays * dayMs).toISOString().slice(0, 10);
  const stage = await Stage.open({
    vendor: vendor.start,
    change: (made) => ({
      ...made,
      sub_processors: made.sub_processors.map((entry) =>
        entry.id === 'demo-voice' ? { ...entry, baa: { ...entry.baa, expires } } : entry,
      ),
    }),
  });
  return { stage, vendor };
}

describe('an agreement', () => {
  it('[D3] that ends in the middle of a call ends the call toward a human, and no new one begins', async (context) => {
    const { stage, vendor } = await open(2);
    const call = await startCall(stage, vendor);
    const { reason } = await faultIn(context, call, () => (offset = 4 * dayMs));
    expect(reason).toBe('VENDOR_REVOKED');
    const { twiml } = await ask(stage.carrier, 'front-desk', callSidOf(7));
    expect(twiml).toContain('<Dial>');
    expect(twiml).not.toContain('<Connect>');
    await call.vendor.gone;
    await stage.stop();
    expect(await stage.events()).toEqual(expect.arrayContaining(['call.refuse BAA_EXPIRED']));
    await stage.curtain();
  });
});

describe('[F1] a clock that jumps', () => {
  it.for([hourMs, -hourMs])(
    'by %i ms leaves a live call alone, and the log in order',
    async (milliseconds, context) => {
      const { stage, vendor } = await open(300);
      const call = await startCall(stage, vendor);
      keepTalking(call);
      await expect.poll(() => call.vendor.texts.length).toBeGreaterThan(4);
      offset = milliseconds;
      const before = call.vendor.texts.length;
      await expect.poll(() => call.vendor.texts.length, { timeout: 4_000 }).toBeGreaterThan(before + 50);
      await expect
        .poll(() => stage.lines.join('\n'), { timeout: 15_000 })
        .toContain('The clock of the machine was set');
      await hangUp(call);
      await stage.stop();
      const steps = (await stage.records()).filter(({ members }) => members['k'] === 'clock.step');
      expect(steps).toHaveLength(1);
      const { milliseconds: recorded } = Object(steps[0]?.members['q']);
      expect(Math.round(recorded / 10_000)).toBe(milliseconds / 10_000);
      const numbers = (await stage.records()).map(({ members }) => Number(members['n']));
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
      await stage.curtain();
      observe(context, { seen: 'the call goes on, order kept, clock.step on record' });
    },
  );

  it('forward makes a token old, and back makes none young again', async (context) => {
    const { stage } = await open(300);
    const { url } = await streamUrl(stage.carrier, 'front-desk');
    offset = hourMs;
    const late = await upgrade(stage.carrier, url);
    expect([late.status, late.rest.toString()]).toEqual([403, 'TOKEN_EXPIRED\n']);
    offset = 0;
    const again = await streamUrl(stage.carrier, 'front-desk');
    offset = -hourMs;
    const early = await upgrade(stage.carrier, again.url);
    expect([early.status, early.rest.toString()]).toEqual([403, 'TOKEN_EXPIRED\n']);
    await stage.curtain();
    observe(context, { seen: 'TOKEN_EXPIRED' });
  });

  it('forward and back does not let a token be used twice', async (context) => {
    const { stage } = await open(300);
    const { url } = await streamUrl(stage.carrier, 'front-desk');
    const first = await upgrade(stage.carrier, url);
    expect(first.status).toBe(101);
    offset = hourMs;
    const other = await streamUrl(stage.carrier, 'front-desk');
    (await upgrade(stage.carrier, other.url)).socket.destroy();
    offset = 0;
    const second = await upgrade(stage.carrier, url);
    expect([second.status, second.rest.toString()]).toEqual([403, 'TOKEN_REPLAYED\n']);
    first.socket.destroy();
    await stage.curtain();
    observe(context, { seen: 'TOKEN_REPLAYED' });
  });
});
