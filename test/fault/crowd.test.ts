import { expect, it } from 'vitest';
import { ask, callSidOf } from '../../src/server/demo/carrier.ts';
import { startCall, streamUrl, upgrade } from '../conformance/support/caller.ts';
import { hangUp } from '../conformance/support/theatre.ts';
import { RawVendor } from '../conformance/support/vendor.ts';
import { Stage } from '../e2e/stage.ts';
import { observe } from './observe.ts';

it('[F3] more calls than the limit: the next goes to a human, at the first question and at the upgrade', async (context) => {
  const vendor = new RawVendor();
  const stage = await Stage.open({ vendor: vendor.start, change: (made) => ({ ...made, limits: { calls: 2 } }) });
  const early = await streamUrl(stage.carrier, 'front-desk');
  const calls = [await startCall(stage, vendor), await startCall(stage, vendor)];
  const { twiml } = await ask(stage.carrier, 'front-desk', callSidOf(3));
  expect(twiml).toContain('<Dial>');
  expect(twiml).not.toContain('<Connect>');
  const late = await upgrade(stage.carrier, early.url);
  expect([late.status, late.rest.toString()]).toEqual([503, 'CALL_LIMIT\n']);
  late.socket.destroy();
  for (const call of calls) await hangUp(call);
  await expect.poll(async () => (await ask(stage.carrier, 'front-desk', callSidOf(4))).twiml).toContain('<Connect>');
  await stage.curtain();
  observe(context, { seen: 'CALL_LIMIT, the human is dialled' });
});
