import { afterEach, describe, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import type { SceneConfiguration } from '../../src/server/demo/scene.ts';
import { speechMulaw } from '../../src/server/demo/speech.ts';
import type { LoopbackSession } from '../vendors/loopback.ts';
import { callFunction, speak, startOpenai, type Takes } from '../vendors/openai.ts';
import { Phone } from './phone.ts';
import { closed, eventually, Stage } from './stage.ts';

const session = { instructions: 'You book appointments for Cedar Skin Studio.', voice: 'marin' };

/** The scene with a route whose vendor speaks OpenAI Realtime. */
function bridged(more: object = {}, models = ['gpt-*']): (made: SceneConfiguration) => object {
  return (made) => ({
    ...made,
    sub_processors: made.sub_processors.map((entry) => (entry.id === 'demo-voice' ? { ...entry, models } : entry)),
    routes: made.routes.map((route) =>
      route.name === 'front-desk'
        ? {
            ...route,
            bridge: 'openai-realtime',
            url: `${route.url}?model=gpt-realtime-2.1`,
            headers: { Authorization: 'Bearer sk-planted-key' },
            session: { ...session, ...more },
          }
        : route,
    ),
  });
}

let stage: Stage;
let sessions: readonly LoopbackSession[];

async function open(more: object = {}, takes?: Takes, models?: string[]): Promise<void> {
  stage = await Stage.open({
    change: bridged(more, models),
    vendor: async (scene) => {
      const vendor = await startOpenai(scene, takes);
      ({ sessions } = vendor);
      return vendor;
    },
  });
}
afterEach(() => stage.curtain());

/** Frames with words that went through the stages. */
function transcriptsJudged(metrics: string): number {
  return Number(/^chaperone_text_frame_seconds_count (\d+)$/mu.exec(metrics)?.[1] ?? 0);
}

const vendorSession = async (): Promise<LoopbackSession> => {
  await eventually(() => sessions.some((each) => each.received('session.update').length > 0));
  const [first] = sessions;
  if (first === undefined) throw new Error('Nobody was called');
  return first;
};

it('words of a crisis in the transcript of the vendor end the call toward a human', async () => {
  await open();
  const { socket } = await stage.started();
  const vendor = await vendorSession();
  const ended = closed(socket);
  const heard = { event_id: 'event_9', item_id: 'item_9', content_index: 0 };
  vendor.send({
    ...heard,
    type: 'conversation.item.input_audio_transcription.completed',
    transcript: "I don't want to live anymore.",
  });
  expect((await ended).reason).toBe('CRISIS');
  await stage.stop();
  expect(await stage.events()).toContain('route.human CRISIS');
});

it('recorded speech goes to the vendor and comes back, byte for byte, and no word goes to either side', async () => {
  await open();
  const { socket, streamSid } = await stage.started();
  const phone = new Phone(socket, streamSid);
  const speech = speechMulaw().subarray(0, 160 * 150);
  await phone.speak(speech);
  await eventually(() => Buffer.concat(phone.heard).length === speech.length);
  const vendor = await vendorSession();
  expect(Buffer.concat(vendor.heard).equals(speech)).toBe(true);
  expect(Buffer.concat(phone.heard).equals(speech)).toBe(true);
  expect(vendor.path).toBe('/front-desk?model=gpt-realtime-2.1');
  expect(vendor.headers['authorization']).toBe('Bearer sk-planted-key');
  expect(vendor.received('session.update')).toMatchObject([
    {
      session: {
        type: 'realtime',
        instructions: session.instructions,
        tracing: null,
        audio: {
          input: { format: { type: 'audio/pcmu' } },
          output: { format: { type: 'audio/pcmu' }, voice: 'marin' },
        },
      },
    },
  ]);
  for (const text of [`hi this is ${canary.name}`, 'my number is five one two five five five oh one four three'])
    vendor.send({
      type: 'conversation.item.input_audio_transcription.completed',
      item_id: `item_${text.length}`,
      content_index: 0,
      transcript: text,
    });
  await eventually(async () => transcriptsJudged(await stage.metrics()) >= 2);
  expect(phone.frames.join('\n')).not.toMatch(/zephyrine|quillfeather|five five five/iu);
  phone.hangUp();
  await eventually(() => vendor.closedWith !== undefined);
  await stage.stop();
  expect(await stage.events()).toContain('call.end CALLER_CLOSED');
  expect(stage.lines.join('\n')).not.toContain('sk-planted-key');
});

it('the caller breaks in: what waits is cleared, and the vendor learns how much was heard', async () => {
  await open();
  const { socket, streamSid } = await stage.started();
  const phone = new Phone(socket, streamSid, false);
  phone.say(Buffer.alloc(160, 0xff));
  const vendor = await vendorSession();
  await eventually(() => phone.heard.length === 1);
  speak(vendor, 'item_long', Buffer.alloc(40_000, 0x7f).toString('base64'));
  await eventually(() => phone.heard.length === 2);
  vendor.send({ type: 'input_audio_buffer.speech_started', item_id: 'item_c', audio_start_ms: 100 });
  await eventually(() => phone.clears === 1);
  await eventually(() => vendor.received('conversation.item.truncate').length > 0);
  const cut = vendor.received('conversation.item.truncate').at(-1);
  expect(cut).toMatchObject({ item_id: 'item_long', content_index: 0 });
  expect(Number(cut?.['audio_end_ms'])).toBeLessThan(5_000);
  speak(vendor, 'item_long', 'AAAA');
  vendor.send({ type: 'response.created', response: { id: 'resp_2', status: 'in_progress' } });
  speak(vendor, 'item_next', 'AQID');
  await eventually(() => phone.heard.length === 3);
  expect(phone.heard.at(-1)?.toString('base64')).toBe('AQID');
  phone.hangUp();
});

describe('the end', () => {
  it('a vendor that dies, fails or asks for a person gives the call to a human', async () => {
    await open();
    const acts: readonly [string, (vendor: LoopbackSession) => void][] = [
      ['VENDOR_CLOSED', (vendor) => vendor.socket.terminate()],
      ['VENDOR_FAILED', (vendor) => vendor.send({ type: 'error', error: { type: 'server_error', code: 'internal' } })],
      ['HUMAN_ASKED', (vendor) => callFunction(vendor, 'call_1', 'transfer_to_person', {})],
    ];
    for (const [index, [reason, act]] of acts.entries()) {
      const { socket } = await stage.started();
      const ended = closed(socket);
      await eventually(() => (sessions[index]?.received('session.update').length ?? 0) > 0);
      const vendor = sessions[index];
      if (vendor === undefined) throw new Error('Nobody was called');
      act(vendor);
      expect((await ended).reason).toBe(reason);
    }
    await stage.stop();
    for (const [reason] of acts) expect(await stage.events()).toContain(`route.human ${reason}`);
  });

  const linear = { format: { type: 'audio/pcm', rate: 24_000 } };
  it.each([
    ['keeps traces', { tracing: 'auto' }, 'RETENTION_NOT_OFF'],
    ['speaks in another format', { audio: { input: linear, output: linear } }, 'SESSION_REFUSED'],
  ])('a vendor that %s, whatever was demanded, hears nothing of the caller', async (_what, made, reason) => {
    await open({}, (told) => ({ ...told, ...made }));
    const { socket, streamSid } = await stage.started();
    const phone = new Phone(socket, streamSid);
    const ended = closed(socket);
    phone.say(Buffer.alloc(160, 0xff));
    expect((await ended).reason).toBe(reason);
    expect(sessions[0]?.heard).toEqual([]);
  });
});

it('a session that names a model outside the agreement is refused before anybody is dialled', async () => {
  await open({ transcription_model: 'whisper-elsewhere' });
  await expect(stage.call('front-desk')).rejects.toThrow('sent to a human');
  expect(sessions).toEqual([]);
  await stage.stop();
  expect(await stage.events()).toContain('call.refuse BAA_OUT_OF_SCOPE');
});
