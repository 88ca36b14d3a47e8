import { readFile, writeFile } from 'node:fs/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/server/config/load.ts';
import { canary } from '../../src/server/demo/booking.ts';
import { freePort } from '../../src/server/demo/ports.ts';
import type { SceneConfiguration } from '../../src/server/demo/scene.ts';
import { speechMulaw } from '../../src/server/demo/speech.ts';
import { searchText } from '../../src/server/demo/sweep.ts';
import { EventReader } from '../server/taps/events.ts';
import { Receiver } from '../server/taps/receiver.ts';
import { geminiLive } from '../vendors/gemini-live.ts';
import { startVendor, type LoopbackSession, type LoopbackVendor } from '../vendors/loopback.ts';
import { callFunction, speak, startOpenai } from '../vendors/openai.ts';
import { Phone } from './phone.ts';
import { closed, eventually, Stage, vendorTls } from './stage.ts';

const token = 'desk-token-0123456789abcdef0123456789abcdef';
const secret = 'records-secret-0123456789abcdef0123456789abcdef';

let stage: Stage;
let vendor: LoopbackVendor;

const toOpenai = { bridge: 'openai-realtime', query: '?model=gpt-realtime-2.1' };
const toGemini = { bridge: 'gemini-live', query: '', model: 'models/gemini-x-live' };

/** The scene whose route leads to a vendor over a bridge, and to its human over REST. */
async function open({ query, ...route }: typeof toOpenai & { model?: string }, more: object = {}): Promise<void> {
  const change = (made: SceneConfiguration): object => ({
    ...made,
    limits: { frame_budget_ms: 1_000 },
    ...more,
    routes: made.routes.map((each) =>
      each.name === 'front-desk'
        ? {
            ...each,
            ...route,
            url: `${each.url}${query}`,
            human: { ...each.human, via: 'redirect' },
            session: { instructions: 'You book appointments for Cedar Skin Studio.' },
          }
        : each,
    ),
  });
  stage = await Stage.open({
    change,
    vendor: async (scene) => {
      vendor = await (route.bridge === 'gemini-live' ? startVendor(scene, geminiLive) : startOpenai(scene));
      return vendor;
    },
  });
}

afterEach(() => stage.curtain());

interface Placed {
  readonly phone: Phone;
  readonly session: LoopbackSession;
  readonly ended: Promise<{ readonly reason: string }>;
}

/** A bridged call in which both sides have been heard. Twilio ends its stream when it is moved. */
async function placed(): Promise<Placed> {
  const { socket, streamSid } = await stage.started();
  const phone = new Phone(socket, streamSid);
  const ended = closed(socket);
  stage.twilio.onMoved = () => socket.close(1000);
  phone.say(Buffer.alloc(160, 0x7f));
  await eventually(() => phone.heard.length > 0);
  const session = vendor.sessions.at(-1);
  if (session === undefined) throw new Error('Nobody was called');
  return { phone, session, ended };
}

let items = 0;
/** The vendor writes down what the caller said. */
function writeDown(session: LoopbackSession, transcript: string): void {
  items += 1;
  const item = { event_id: `event_${items}`, item_id: `item_${items}`, content_index: 0 };
  session.send({ ...item, type: 'conversation.item.input_audio_transcription.completed', transcript });
}

/** What Twilio was told to do with the call. */
const twiml = (): string => stage.twilio.requests.map(({ form }) => form['Twiml'] ?? '').join('\n');

describe('the human', () => {
  const needs: readonly (readonly [string, string, (placed: Placed) => void | Promise<void>])[] = [
    ['a sentence of a crisis', 'CRISIS', ({ session }) => writeDown(session, "I don't want to be alive anymore.")],
    ['a request for a person', 'HUMAN_ASKED', ({ session }) => writeDown(session, 'Can I talk to a real person?')],
    ['the key 0', 'HUMAN_ASKED', ({ phone }) => phone.press('0')],
    ['the death of the vendor', 'VENDOR_CLOSED', ({ session }) => session.socket.terminate()],
    ['a revoked agreement', 'VENDOR_REVOKED', () => revoke()],
  ];

  it.each(needs)('gets the call after %s: %s, over REST', async (_what, reason, happen) => {
    await open(toOpenai);
    const call = await placed();
    await happen(call);
    await call.ended;
    expect(twiml()).toContain('<Dial>+15125550100</Dial>');
    expect(twiml().includes('9 8 8')).toBe(reason === 'CRISIS');
    await eventually(() => call.session.closedWith !== undefined);
    await stage.stop();
    expect(await stage.events()).toContain(`route.human ${reason}`);
  });

  it('gets it by the next TwiML verb where REST is away', async () => {
    await open(toOpenai);
    stage.twilio.answers.push({ status: 500 }, { status: 500 });
    const call = await placed();
    writeDown(call.session, 'I want to kill myself.');
    expect((await call.ended).reason).toBe('CRISIS');
  });

  it('gets it before the session of the vendor ends, after a word of the agent', async () => {
    await open(toGemini);
    const { session, ended } = await placed();
    const toldAt = performance.now();
    session.send({ goAway: { timeLeft: '8s' } });
    await eventually(() => session.texts.some((text) => text.includes('hand you over')));
    await ended;
    expect(performance.now() - toldAt).toBeLessThan(8_000);
    expect(twiml()).toContain('<Dial>');
    await stage.stop();
    expect(await stage.events()).toContain('route.human SESSION_EXPIRED');
  }, 30_000);
});

/** The agreement with the vendor is taken out of force, as by an edit of the file. */
async function revoke(): Promise<void> {
  const text = await readFile(stage.scene.config, 'utf8');
  const [, expires = ''] = /id: demo-voice[\s\S]*?expires: (\S+)/u.exec(text) ?? [];
  await writeFile(stage.scene.config, text.replace(`expires: ${expires}`, 'expires: 2026-01-01'));
  const loaded = await loadConfig(stage.scene.config, process.env);
  if ('faults' in loaded) throw new Error(JSON.stringify(loaded.faults));
  stage.service.reload(loaded.config);
}

describe('a call that its agent ends', () => {
  it('is hung up, and no human is rung', async () => {
    await open(toOpenai);
    const { phone, session, ended } = await placed();
    const heard = phone.heard.length;
    speak(session, 'item_bye', Buffer.alloc(1_600, 0x7f).toString('base64'));
    callFunction(session, 'call_1', 'end_call', {});
    await ended;
    expect(phone.heard).toHaveLength(heard + 1);
    expect(twiml()).toBe('<?xml version="1.0" encoding="UTF-8"?><Response><Hangup/></Response>');
    await stage.stop();
    expect(await stage.events()).toContain('call.end SESSION_ENDED');
    expect(await stage.has('route.human')).toBe(false);
  });

  it('says before what a state wants at the end', async () => {
    const practice = { name: 'Cedar Skin Studio', profile: 'medspa', time_zone: 'America/Los_Angeles', states: ['CA'] };
    await open(toOpenai, { practice });
    const { session, ended } = await placed();
    callFunction(session, 'call_1', 'end_call', {});
    await ended;
    expect(twiml()).toMatch(/<Response><Say>You were speaking with an automated assistant\.[^<]*<\/Say><Hangup\/>/u);
  });
});

describe('the transcript of a bridged call', () => {
  it('is both speakers, identifiers removed', async () => {
    await open(toOpenai, { operators: [{ id: 'desk', token, may: ['taps'] }] });
    const reader = await EventReader.open(stage.scene.adminPort, '/taps/calls?events=final', {
      authorization: `Bearer ${token}`,
    });
    const { phone, session } = await placed();
    writeDown(session, `Hi, this is ${canary.name}, my number is 512-555-0143.`);
    say(session, 'Thanks. Is 512-555-0143 the best number?');
    await eventually(() => reader.lines.length === 2);
    expect(reader.lines.map(({ speaker }) => speaker)).toEqual(['caller', 'agent']);
    expect(reader.lines.map(({ text }) => String(text).includes('[PHONE]'))).toEqual([true, true]);
    expect(searchText('tap', reader.text, canary.words)).toEqual([]);
    phone.hangUp();
    reader.close();
  });

  it('waits for a webhook that is down, all of it, and the sound does not notice', async () => {
    const port = await freePort();
    const url = `https://localhost:${port}/in`;
    const tap = { id: 'records', kind: 'webhook', url, secret, certificate_authority: 'tls/authority.pem' };
    await open(toOpenai, { taps: [tap] });
    const receiver = await Receiver.open(await vendorTls(stage.scene), port);
    try {
      receiver.manner = 'hang';
      const { phone, session } = await placed();
      writeDown(session, 'the first thing');
      await eventually(() => receiver.attempts.length > 0);
      const [before, heard] = [session.heard.length, phone.heard.length];
      const speech = speechMulaw().subarray(0, 160 * 50);
      await phone.speak(speech);
      await eventually(() => phone.heard.length === heard + 50);
      expect(Buffer.concat(session.heard.slice(before)).equals(speech)).toBe(true);
      expect(Buffer.concat(phone.heard.slice(heard)).equals(speech)).toBe(true);
      receiver.manner = 'cut';
      for (let index = 0; index < 20; index += 1)
        writeDown(session, `and thing ${'abcdefghijklmnopqrst'[index] ?? ''}`);
      phone.hangUp();
      await eventually(() => receiver.attempts.length > 1, 20_000);
      receiver.manner = { status: 200 };
      await eventually(() => new Set(receiver.lines.map(({ id }) => id)).size === 21, 30_000);
    } finally {
      await receiver.close();
    }
  }, 60_000);
});

/** The transcript of what the agent says, in two pieces and their whole. */
function say(session: LoopbackSession, transcript: string): void {
  const part = { response_id: 'resp_9', item_id: 'item_said', output_index: 0, content_index: 0 };
  const type = 'response.output_audio_transcript';
  for (const delta of [transcript.slice(0, 15), transcript.slice(15)])
    session.send({ type: `${type}.delta`, event_id: 'event_d', ...part, delta });
  session.send({ type: `${type}.done`, event_id: 'event_f', ...part, transcript });
  speak(session, 'item_said', Buffer.alloc(160, 0x7f).toString('base64'));
}
