import { afterEach, describe, expect, it } from 'vitest';
import { canary } from '../../src/server/demo/booking.ts';
import type { SceneConfiguration } from '../../src/server/demo/scene.ts';
import { speechMulaw } from '../../src/server/demo/speech.ts';
import { decodeMulaw } from '../../src/stream/crossing/mulaw.ts';
import { deepgramAgent } from '../vendors/deepgram-agent.ts';
import { elevenlabsAgents } from '../vendors/elevenlabs-agents.ts';
import { geminiLive, toneHz } from '../vendors/gemini-live.ts';
import { startVendor, type LoopbackSession, type VendorScript } from '../vendors/loopback.ts';
import { Phone } from './phone.ts';
import { closed, eventually, Stage } from './stage.ts';

interface Bridged {
  readonly script: VendorScript;
  readonly query: string;
  readonly route: object;
  readonly entry: object;
  /** The caller breaks in. */
  readonly interruption: object;
  /** The words of the caller. */
  heard(text: string): object;
  /** The agent gives the call to a person. */
  readonly transfer: object;
}

const session = { instructions: 'You book appointments for Cedar Skin Studio.' };
const transfer = 'transfer_to_person';

const all: Readonly<Record<string, Bridged>> = {
  'deepgram-agent': {
    script: deepgramAgent,
    query: '',
    route: { session: { ...session, think: { provider: 'demo_thinker', model: 'm' } } },
    entry: { known_as: ['demo_thinker'] },
    interruption: { type: 'UserStartedSpeaking' },
    heard: (content) => ({ type: 'ConversationText', role: 'user', content }),
    transfer: {
      type: 'FunctionCallRequest',
      functions: [{ id: 'c1', name: transfer, arguments: '{}', client_side: true }],
    },
  },
  elevenlabs: {
    script: elevenlabsAgents,
    query: '?agent_id=agent_1',
    route: { session },
    entry: { configurations: ['agent_1'] },
    interruption: { type: 'interruption', interruption_event: { event_id: 1_000 } },
    heard: (text) => ({ type: 'user_transcript', user_transcription_event: { user_transcript: text, event_id: 9 } }),
    transfer: {
      type: 'client_tool_call',
      client_tool_call: { tool_name: transfer, tool_call_id: 'c1', parameters: {}, event_id: 9 },
    },
  },
  'gemini-live': {
    script: geminiLive,
    query: '',
    route: { session, model: 'models/gemini-x-live' },
    entry: {},
    interruption: { serverContent: { interrupted: true } },
    heard: (text) => ({ serverContent: { inputTranscription: { text }, turnComplete: true } }),
    transfer: { toolCall: { functionCalls: [{ id: 'c1', name: transfer, args: {} }] } },
  },
};

let stage: Stage;
afterEach(() => stage.curtain());

async function open(bridge: string, { script, query, route, entry }: Bridged): Promise<readonly LoopbackSession[]> {
  let sessions: readonly LoopbackSession[] = [];
  const change = (made: SceneConfiguration): object => ({
    ...made,
    sub_processors: made.sub_processors.map((each) => (each.id === 'demo-voice' ? { ...each, ...entry } : each)),
    routes: made.routes.map((each) =>
      each.name === 'front-desk' ? { ...each, bridge, url: `${each.url}${query}`, ...route } : each,
    ),
  });
  stage = await Stage.open({
    change,
    vendor: async (scene) => {
      const vendor = await startVendor(scene, script);
      ({ sessions } = vendor);
      return vendor;
    },
  });
  return sessions;
}

/** How much of what was heard is the tone of the vendor, from 0 to 1. */
function purity(mulaw: Buffer): number {
  const samples = decodeMulaw(mulaw).subarray(160);
  let [real, imaginary, power] = [0, 0, 0];
  for (const [index, sample] of samples.entries()) {
    real += sample * Math.cos((2 * Math.PI * toneHz * index) / 8_000);
    imaginary += sample * Math.sin((2 * Math.PI * toneHz * index) / 8_000);
    power += sample * sample;
  }
  return (2 * (real ** 2 + imaginary ** 2)) / samples.length / power;
}

describe.each(Object.entries(all))('%s', (name, bridged) => {
  it('recorded speech goes through and comes back; no word goes to either side; the caller hangs up', async () => {
    const sessions = await open(name, bridged);
    const { socket, streamSid } = await stage.started();
    const phone = new Phone(socket, streamSid);
    const speech = speechMulaw().subarray(0, 160 * 100);
    await phone.speak(speech);
    await eventually(() => Buffer.concat(phone.heard).length === speech.length);
    const [vendor] = sessions;
    const toVendor = Buffer.concat(vendor?.heard ?? []);
    if (name === 'gemini-live') {
      expect(toVendor).toHaveLength(speech.length * 4);
      expect(purity(Buffer.concat(phone.heard))).toBeGreaterThan(0.99);
    } else {
      expect(toVendor.equals(speech)).toBe(true);
      expect(Buffer.concat(phone.heard).equals(speech)).toBe(true);
    }
    vendor?.send(bridged.heard(`hi this is ${canary.name}`));
    await eventually(async () => /chaperone_text_frame_seconds_count [1-9]/u.test(await stage.metrics()));
    expect(phone.frames.join('\n')).not.toMatch(/zephyrine|quillfeather/iu);
    phone.hangUp();
    await eventually(() => vendor?.closedWith !== undefined);
    await stage.stop();
    expect(await stage.events()).toContain('call.end CALLER_CLOSED');
  });

  it('the caller breaks in; the agent gives the call to a person; a vendor that dies leaves it to a human', async () => {
    const sessions = await open(name, bridged);
    for (const [index, act, reason] of [
      [0, (vendor: LoopbackSession): void => vendor.send(bridged.transfer), 'HUMAN_ASKED'],
      [1, (vendor: LoopbackSession): void => vendor.socket.terminate(), 'VENDOR_CLOSED'],
    ] as const) {
      const { socket, streamSid } = await stage.started();
      const ended = closed(socket);
      const phone = new Phone(socket, streamSid, false);
      for (let frame = 0; frame < 30; frame += 1) phone.say(Buffer.alloc(160, 0x7f), frame);
      await eventually(() => phone.heard.length === 30);
      const vendor = sessions[index];
      if (vendor === undefined) throw new Error('Nobody was called');
      vendor.send(bridged.interruption);
      await eventually(() => phone.clears === 1);
      act(vendor);
      expect((await ended).reason).toBe(reason);
    }
  });
});

it('a stored agent that nobody has checked is not called', async () => {
  const { elevenlabs } = all;
  if (elevenlabs === undefined) throw new Error('There is no such bridge');
  const sessions = await open('elevenlabs', { ...elevenlabs, entry: {} });
  await expect(stage.call('front-desk')).rejects.toThrow('sent to a human');
  expect(sessions).toEqual([]);
  await stage.stop();
  expect(await stage.events()).toContain('call.refuse SUBPROCESSOR_NOT_APPROVED');
});
