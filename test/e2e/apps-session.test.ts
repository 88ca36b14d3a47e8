/** A session that an app has opened: what it may see, how it ends, what the log says. */
import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { canary } from '../../src/server/demo/booking.ts';
import { loadConfig } from '../../src/server/config/load.ts';
import { Interop, appToken, type InteropOptions } from '../interop/app.ts';
import type { VendorScript } from '../vendors/loopback.ts';
import { approach, listener, next, refusalOf } from './apps.ts';
import { closed, eventually } from './stage.ts';

let interop: Interop;
afterEach(() => interop.close());

const realtime = '/v1/realtime?model=gpt-realtime';
const open = async (options: Partial<InteropOptions> = {}, script: VendorScript = listener): Promise<void> => {
  interop = await Interop.open(script, { route: { protocol: 'openai-realtime' }, ...options });
};
const message = (text: string): string =>
  JSON.stringify({
    type: 'conversation.item.create',
    item: { type: 'message', role: 'user', content: [{ type: 'input_text', text }] },
  });

/** The configuration of the running chaperone, changed. */
async function reload(change: (file: Record<string, unknown>) => object): Promise<void> {
  const { config } = interop.stage.scene;
  await writeFile(config, stringify(change(parse(await readFile(config, 'utf8')) as Record<string, unknown>)));
  const loaded = await loadConfig(config, {});
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  interop.stage.service.reload(loaded.config);
}

describe('how it ends', () => {
  it('a vendor that closes normally ends it normally; no human is asked for', async () => {
    await open();
    const socket = await approach(interop, realtime);
    const ended = closed(socket);
    await eventually(() => interop.vendor.sessions.length === 1);
    interop.vendor.sessions[0]?.socket.close(1000);
    expect(await ended).toEqual({ code: 1000, reason: 'SESSION_ENDED' });
    await interop.stage.stop();
    const events = await interop.stage.events();
    expect(events).toContain('call.end SESSION_ENDED');
    expect(events.filter((event) => event.startsWith('route.human'))).toEqual([]);
  });

  it('a vendor that is gone, words of a crisis, spoken or typed, a message too large: the app learns why', async () => {
    await open();
    const ends: unknown[] = [];
    const attempts: ((socket: Awaited<ReturnType<typeof approach>>) => void)[] = [
      () => interop.vendor.sessions.at(-1)?.socket.terminate(),
      () =>
        interop.vendor.sessions.at(-1)?.send({
          type: 'conversation.item.input_audio_transcription.completed',
          item_id: 'i',
          content_index: 0,
          transcript: "i don't want to live anymore",
        }),
      (socket) => socket.send(message("i don't want to live anymore")),
      (socket) => socket.send('x'.repeat(1024 * 1024 + 1)),
    ];
    for (const attempt of attempts) {
      const socket = await approach(interop, realtime);
      const ended = closed(socket);
      await eventually(() => interop.vendor.sessions.at(-1)?.socket.readyState === 1);
      attempt(socket);
      ends.push(await ended);
    }
    expect(ends).toEqual([
      { code: 1014, reason: 'VENDOR_CLOSED' },
      { code: 1000, reason: 'CRISIS' },
      { code: 1000, reason: 'CRISIS' },
      { code: 1009, reason: expect.any(String) },
    ]);
    await interop.stage.stop();
    const asked = (await interop.stage.records()).filter(({ members: { k, f } }) => k === 'route.human' && f);
    expect(asked.map(({ members: { f } }) => f)).toContainEqual({ route: 'voice', way: 'app' });
  });

  it('an app that is struck off the list loses its sessions and comes in no more', async () => {
    await open();
    const ended = closed(await approach(interop, realtime));
    await reload((file) => ({ ...file, apps: [] }));
    expect(await ended).toEqual({ code: 1008, reason: 'APP_NOT_ALLOWED' });
    expect(await refusalOf(interop, realtime)).toBe('401 APP_UNKNOWN');
  });

  it('a vendor that is suspended loses the session', async () => {
    await open();
    const ended = closed(await approach(interop, realtime));
    await reload((file) => {
      const [entry] = file['sub_processors'] as object[];
      return { ...file, sub_processors: [{ ...entry, status: 'suspended' }] };
    });
    expect(await ended).toEqual({ code: 1008, reason: 'VENDOR_REVOKED' });
  });

  it('a model that leaves the agreement takes the sessions that use it along, and no other', async () => {
    await open({ vendor: { models: ['gpt-*', 'other'] } });
    const [leaves, stays] = [await approach(interop, realtime), await approach(interop, '/v1/realtime?model=other')];
    const ended = closed(leaves);
    await reload((file) => {
      const [entry] = file['sub_processors'] as object[];
      return { ...file, sub_processors: [{ ...entry, models: ['other'] }] };
    });
    expect(await ended).toEqual({ code: 1008, reason: 'VENDOR_REVOKED' });
    expect(stays.readyState).toBe(stays.OPEN);
    stays.close();
  });

  it('so does one that messages have named: the session that named it ends, and no other', async () => {
    await open({ vendor: { models: ['gpt-realtime', 'whisper-2'] } });
    const [leaves, stays] = [await approach(interop, realtime), await approach(interop, realtime)];
    const transcription = { model: 'whisper-2' };
    leaves.send(
      JSON.stringify({ type: 'session.update', session: { type: 'realtime', audio: { input: { transcription } } } }),
    );
    await eventually(() =>
      interop.vendor.sessions.some(({ texts }) => texts.some((text) => text.includes('whisper-2'))),
    );
    const ended = closed(leaves);
    await reload((file) => {
      const [entry] = file['sub_processors'] as object[];
      return { ...file, sub_processors: [{ ...entry, models: ['gpt-realtime'] }] };
    });
    expect(await ended).toEqual({ code: 1008, reason: 'VENDOR_REVOKED' });
    expect(stays.readyState).toBe(stays.OPEN);
    stays.close();
  });
});

describe('tokens', () => {
  it('are rotated without a gap: two count, then the new one alone', async () => {
    await open();
    const fresh = 'planted-next-token-0123456789abcdefghijk';
    const by = (token: string) => refusalOf(interop, realtime, { headers: { authorization: `Bearer ${token}` } });
    await reload((file) => ({ ...file, apps: [{ name: 'front-desk-app', tokens: [fresh, appToken] }] }));
    expect([await by(fresh), await by(appToken)]).toEqual(['let in', 'let in']);
    await reload((file) => ({ ...file, apps: [{ name: 'front-desk-app', tokens: [fresh] }] }));
    expect([await by(fresh), await by(appToken)]).toEqual(['let in', '401 APP_UNKNOWN']);
    interop.mustNotAppear(fresh);
  });
});

describe('what the app sees', () => {
  const said: VendorScript = {
    onMessage: (session, data) => {
      session.texts.push(data.toString());
      const [pseudonym] = /\[NAME_\d+\]/u.exec(data.toString()) ?? ['nobody'];
      session.send({ type: 'response.output_text.done', response_id: 'r', item_id: 'i', text: `Hello ${pseudonym}` });
    },
  };
  const answered = async (app: object): Promise<unknown> => {
    await open({ more: { clearances: { vendor: { NAME: 'token' }, app } } }, said);
    const socket = await approach(interop, realtime);
    const answer = next(socket);
    socket.send(message(`please call ${canary.name} back`));
    const { text } = (await answer) as { text: string };
    socket.close();
    return text;
  };

  it('is the name again where it is cleared for it', async () => {
    expect(await answered({})).toBe(`Hello ${canary.name}`);
  });

  it('is the pseudonym where it is not', async () => {
    expect(await answered({ NAME: 'token' })).toMatch(/^Hello \[NAME_\d+\]$/u);
  });

  it('is no message that the protocol does not know, where the route is strict', async () => {
    const unknown: VendorScript = {
      ...listener,
      onOpen: (session) => {
        session.send({ type: 'brand.new', text: 'a' });
        session.send({ type: 'session.created', session: { type: 'realtime' } });
      },
    };
    await open({ route: { protocol: 'openai-realtime', strict: true } }, unknown);
    const socket = await approach(interop, realtime);
    expect(await next(socket)).toMatchObject({ type: 'session.created' });
    socket.close();
    await interop.stage.stop();
    expect(await interop.stage.has('sec.frame', 'MESSAGE_UNKNOWN')).toBe(true);
  });
});

it('custom parameters that hold no fact of a person are read; all others are masked whole', async () => {
  await open({
    route: { protocol: 'elevenlabs-agents', parameters: ['office'] },
    vendor: { configurations: ['agent_cedar'] },
  });
  const socket = await approach(interop, '/v1/convai/conversation?agent_id=agent_cedar');
  const values = { office: 'Main Street, third floor', patient: canary.name, note: 'likes tea' };
  socket.send(JSON.stringify({ type: 'conversation_initiation_client_data', dynamic_variables: values }));
  await interop.received(1);
  socket.close();
  const [sent] = interop.vendor.sessions[0]?.received('conversation_initiation_client_data') ?? [];
  expect(sent?.['dynamic_variables']).toMatchObject({
    office: expect.stringContaining('third floor'),
    patient: expect.stringMatching(/^\[/u),
    note: expect.stringMatching(/^\[/u),
  });
});
