import { afterAll, beforeAll, describe, it } from 'vitest';
import { startCall } from '../conformance/support/caller.ts';
import { Theatre } from '../conformance/support/theatre.ts';
import { RawVendor } from '../conformance/support/vendor.ts';
import { Stage } from '../e2e/stage.ts';
import { faultIn, keepTalking } from './live.ts';
import { observe } from './observe.ts';

/** What shows only when time has passed. The tests wait beside each other. */
describe.concurrent('what nobody tells', { timeout: 60_000 }, () => {
  let theatre: Theatre;
  beforeAll(async () => {
    theatre = await Theatre.open();
  });
  afterAll(() => theatre.close());

  it('[A3] a vendor whose host is gone: no answer to pings, no end of the connection', async (context) => {
    const call = await theatre.call();
    const outcome = await faultIn(
      context,
      call,
      ({ vendor }) => {
        vendor.polite = false;
        vendor.stopReading();
      },
      // Three pings, eight seconds apart, and a tick: 25 seconds, more on a machine with much else to do.
      40_000,
    );
    context.expect(outcome.reason).toBe('VENDOR_SILENT');
    call.vendor.socket.destroy();
  });

  it('[B6] a caller from whom nothing comes', async (context) => {
    const vendor = new RawVendor();
    const stage = await Stage.open({
      vendor: vendor.start,
      change: (made) => ({ ...made, limits: { idle_s: 5 } }),
    });
    const call = await startCall(stage, vendor);
    const started = performance.now();
    const { reason, at } = await call.caller.closed;
    context.expect(reason).toBe('CALL_IDLE');
    observe(context, { seen: reason, humanMs: at - started });
    await call.vendor.gone;
    await stage.curtain();
  });

  it('[B6] a call that does not end', async (context) => {
    const vendor = new RawVendor();
    const stage = await Stage.open({
      vendor: vendor.start,
      change: (made) => ({ ...made, limits: { max_call_s: 30 } }),
    });
    const call = await startCall(stage, vendor);
    const started = performance.now();
    keepTalking(call);
    const { reason, at } = await call.caller.closed;
    context.expect(reason).toBe('CALL_TOO_LONG');
    observe(context, { seen: reason, humanMs: at - started });
    await call.vendor.gone;
    await stage.curtain();
  });
});
