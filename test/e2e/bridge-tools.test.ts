import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import type { SceneConfiguration } from '../../src/server/demo/scene.ts';
import type { LoopbackSession } from '../vendors/loopback.ts';
import { callFunction, startOpenai } from '../vendors/openai.ts';
import { eventually, Stage } from './stage.ts';
import { startSystem, type Asked, type Reply, type System } from './system.ts';

const secret = randomBytes(24).toString('hex');
const tool = { name: 'find_slot', description: 'Finds a free slot.', parameters: { type: 'object', properties: {} } };

let stage: Stage;
let system: System;
let sessions: readonly LoopbackSession[];

async function open(
  reply: (asked: Asked, times: number) => Reply,
  webhook: object = {},
  more: object = {},
): Promise<void> {
  system = await startSystem(secret, reply);
  const session = {
    instructions: 'You book appointments.',
    tools: [tool],
    webhook: { url: system.url, secret, timeout_ms: 1_000, ...webhook },
  };
  const change = (made: SceneConfiguration): object => ({
    ...made,
    ...more,
    routes: made.routes.map((route) =>
      route.name === 'front-desk'
        ? { ...route, bridge: 'openai-realtime', url: `${route.url}?model=gpt-realtime-2.1`, session }
        : route,
    ),
  });
  stage = await Stage.open({
    change,
    vendor: async (scene) => {
      const vendor = await startOpenai(scene);
      ({ sessions } = vendor);
      return vendor;
    },
  });
}
afterEach(async () => {
  await system.close();
  await stage.curtain();
});

/** The agent asks a tool; what it is told. Then the caller hangs up. */
async function ask(name: string, input: object): Promise<string> {
  const { socket } = await stage.started();
  await eventually(() => (sessions[0]?.received('session.update').length ?? 0) > 0);
  const [vendor] = sessions;
  if (vendor === undefined) throw new Error('Nobody was called');
  callFunction(vendor, 'call_1', name, input);
  await eventually(() => vendor.received('conversation.item.create').length > 0);
  const [created] = vendor.received('conversation.item.create');
  const { call_id: id, output } = Object(created?.['item']) as { call_id: string; output: string };
  expect(id).toBe('call_1');
  await eventually(() => vendor.received('response.create').length > 0);
  socket.close(1000);
  return output;
}

it('the practice is asked with a signature, and its answer goes back without what identifies', async () => {
  await open(() => JSON.stringify({ free: ['two'], patient: canary.name, phone: '512-555-0143' }));
  const told = await ask('find_slot', { day: 'thursday', name: canary.name, phone: 5_125_550_143 });
  expect(system.asked).toMatchObject([
    {
      signed: true,
      body: { route: 'front-desk', tool: 'find_slot', arguments: { day: 'thursday', name: canary.name } },
    },
  ]);
  expect(JSON.parse(told)).toMatchObject({ free: ['two'], phone: '[PHONE]' });
  expect(told).not.toMatch(/zephyrine|quillfeather/iu);
  await stage.stop();
  const read = (await stage.records()).filter(({ members }) => members['k'] === 'access.read');
  expect(read).toHaveLength(1);
});

it('a system that may not see who calls is not told, in words, numbers or keys', async () => {
  const app = { NAME: 'mask', PHONE: 'mask' };
  await open(() => '{}', {}, { clearances: { app } });
  await ask('find_slot', { name: canary.name, phone: 5_125_550_143, [canary.name]: [{ deep: canary.name }] });
  expect(JSON.stringify(system.asked[0]?.body)).not.toMatch(/zephyrine|quillfeather|5125550143/iu);
});

describe('an answer comes in every case', () => {
  const sorry = /did not answer/u;

  it('a first attempt that fails is repeated once, under the same name', async () => {
    await open((_asked, times) => (times === 1 ? { status: 503, body: '' } : '{"free":["ten"]}'));
    const told = await ask('find_slot', {});
    expect(told).toBe('{"free":["ten"]}');
    expect(system.asked).toHaveLength(2);
    expect(system.asked[0]?.id).toBe(system.asked[1]?.id);
  });

  it('a system that refuses is not asked again', async () => {
    await open(() => ({ status: 422, body: canary.name }));
    expect(await ask('find_slot', {})).toMatch(sorry);
    expect(system.asked).toHaveLength(1);
  });

  it('a system that never answers costs the time that it is given', async () => {
    await open(() => undefined);
    expect(await ask('find_slot', {})).toMatch(sorry);
    await stage.stop();
    expect(await stage.events()).toContain('access.read VENDOR_TIMEOUT');
  });

  it('an answer without an end is no answer', async () => {
    await open(() => 'x'.repeat(100_000));
    expect(await ask('find_slot', {})).toMatch(sorry);
  });

  it('a tool that the route does not have reaches nobody', async () => {
    await open(() => '{}');
    expect(await ask('drop_tables', {})).toMatch(/no such tool/u);
    expect(system.asked).toEqual([]);
  });

  it('another company answers only under an agreement', async () => {
    await open(() => '{}', { sub_processor: 'lapsed-voice' });
    expect(await ask('find_slot', {})).toMatch(sorry);
    expect(system.asked).toEqual([]);
    await stage.stop();
    expect(await stage.events()).toContain('access.read BAA_EXPIRED');
  });
});
