/** A call of ConversationRelay that is refused at the door: Twilio is let in to hear that the session ends, and goes on to the human. */
import { afterEach, expect, it } from 'vitest';
import { ask, callSidOf, openStream, UpgradeRefused } from '../../src/server/demo/carrier.ts';
import { canary } from '../../src/server/demo/booking.ts';
import type { SceneConfiguration } from '../../src/server/demo/scene.ts';
import { prompt, setup } from '../../src/server/demo/streams.ts';
import { closed, eventually, Stage } from './stage.ts';

let stage: Stage;
afterEach(() => stage.curtain());

const open = async (change: (made: SceneConfiguration) => object = (made) => made): Promise<void> => {
  stage = await Stage.open({ change });
};

/** A stream that Twilio opens, hears in and talks in: what it was told, and how it ended. */
async function refused(url: string): Promise<{ readonly told: unknown[]; readonly reason: string }> {
  const socket = await openStream(stage.carrier, url);
  const told: unknown[] = [];
  socket.on('message', (data: Buffer) => told.push(JSON.parse(data.toString())));
  const ended = closed(socket);
  socket.send(setup(callSidOf(1), stage.carrier.accountSid));
  socket.send(prompt(`hi this is ${canary.name} about botox`, true));
  const { reason } = await ended;
  return { told, reason };
}

async function streamUrl(index = 1): Promise<string> {
  const { streamUrl: url } = await ask(stage.carrier, 'booking', callSidOf(index));
  if (url === undefined) throw new Error('The call was sent to a human');
  return url;
}

const ends = (reason: string): object => ({
  told: [{ type: 'end', handoffData: JSON.stringify({ reason, route: 'booking' }) }],
  reason,
});

/** Reasons and ways of the log, after all has ended, and whether each is under the call and the caller. */
async function recorded(): Promise<readonly string[]> {
  await stage.stop();
  return (await stage.records()).flatMap(({ members: { k, o, rc, f, s } }) => {
    if (k !== 'call.refuse' && k !== 'route.human') return [];
    return [`${k} ${String(o)} ${String(rc)} ${String(Object(f)['way'] ?? '')} ${s === undefined ? '' : 'caller'}`];
  });
}

it('where the vendor cannot be reached', async () => {
  await open();
  const url = await streamUrl();
  await stage.vendor.close();
  expect(await refused(url)).toEqual(ends('VENDOR_UNREACHABLE'));
  // Its token is used up, and a stranger is told nothing.
  const again = await openStream(stage.carrier, url).catch((fault: unknown) => fault);
  expect(again).toBeInstanceOf(UpgradeRefused);
  expect(stage.lines.join('')).not.toContain(canary.name);
  expect(await recorded()).toEqual(['route.human ok VENDOR_UNREACHABLE end caller']);
});

it('where there are as many calls as there may be', async () => {
  await open((made) => ({ ...made, limits: { calls: 1 } }));
  const [first, second] = [await streamUrl(1), await streamUrl(2)];
  const live = await openStream(stage.carrier, first);
  expect(await refused(second)).toEqual(ends('CALL_LIMIT'));
  const sessions = stage.vendor.sessions.length;
  const ended = closed(live);
  live.close();
  await ended;
  expect(stage.vendor.sessions.length).toBe(sessions);
  expect(await recorded()).toEqual(['call.refuse refused CALL_LIMIT  caller', 'route.human ok CALL_LIMIT end caller']);
});

it('while the process drains, which waits for that', async () => {
  await open();
  const [first, second] = [await streamUrl(1), await streamUrl(2)];
  const live = await openStream(stage.carrier, first);
  const stopped = stage.stop();
  await eventually(() => stage.lines.some((line) => line.includes('Draining')));
  expect(await refused(second)).toEqual(ends('DRAINING'));
  live.close();
  await stopped;
  expect(await recorded()).toContain('route.human ok DRAINING end caller');
});
