import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { clearanceOf } from '../../src/policy/clearance.ts';
import { demandsOf } from '../../src/policy/training.ts';
import type { TextBridge } from '../../src/stream/bridge.ts';
import { Kind, Way } from '../../src/stream/protocol.ts';
import { protocols } from '../../src/stream/protocols/index.ts';
import { RelayState } from '../../src/stream/relay.ts';
import { sessionOf } from '../stream/playbook.ts';
import { startRelay, type Rig, type Sent } from '../stream/rig.ts';
import { listConversation } from '../stream/wordlist.ts';
import { anyBridgeSuite } from './any-bridge.ts';
import { openingOf } from './bridge.ts';
import { booksOf, nestedOfAll, samplesOf, type Sample } from './books.ts';
import { parse, planted } from './plants.ts';

// In no playbook.
const canary = 'Thaddeus Brimblecombe';

/** What every bridge to a model of text must hold. */
export function textBridgeSuite(name: string, bridge: TextBridge): void {
  const book = readFileSync(booksOf(name, 'bridges').find(({ title }) => title === 'call')?.file ?? '', 'utf8');
  const session = sessionOf(book.split('\n'));
  const caller = protocols[bridge.caller];
  const samples = (protocol: string, way: Way): readonly Sample[] =>
    samplesOf(protocol).filter((sample) => sample.way === way && parse(sample.text) !== undefined);
  const vendorSamples = samples(bridge.vendor.name, Way.toCaller);
  const callerSamples = samples(caller.name, Way.toVendor);

  /** A call that has begun, in which the canary is known and an answer is awaited. */
  const rig = (): Rig => {
    const made = startRelay(caller, {
      conversation: listConversation(new Map([[canary.toLowerCase(), 'NAME' as const]])),
      vendor: clearanceOf('mask'),
      caller: clearanceOf('mask'),
      nested: nestedOfAll(bridge.vendor.name, name),
      bridge: { bridge, session },
    });
    for (const { way, data } of openingOf(book)) made.relay.onMessage(way, data, false, 0);
    made.relay.onMessage(Way.toVendor, promptOf('hello'), false, 0);
    expect(made.relay.state).toBe(RelayState.forward);
    made.sent.length = 0;
    return made;
  };

  test('a request is a message that the table of its protocol knows, with every switch against keeping and training', () => {
    const demands = demandsOf(bridge.vendor.name).fields;
    for (const message of bridge.setup(session)) {
      const opened = bridge.vendor.open(Way.toVendor, Buffer.from(JSON.stringify(message)), false);
      if (typeof opened === 'string') throw new Error(opened);
      expect(opened.kind).toBe(Kind.Config);
      for (const { at, must } of demands) expect(opened.field(at)).toBe(must);
    }
    expect(demands.length).toBeGreaterThan(0);
  });

  test('to the caller go words to be spoken that went through the stages, and nothing else', () => {
    for (const sample of vendorSamples.flatMap((each) => [each, ...planted(each, canary)])) {
      const made = rig();
      deliver(made, sample);
      made.relay.onTick(3000);
      const frames = made.sent.filter(({ way }) => way === Way.toCaller);
      for (const frame of frames) expect(isSpeech(frame)).toBe(true);
      expect(textOf(frames)).not.toMatch(/thaddeus|brimblecombe/iu);
    }
  });

  test('nothing that the caller says goes to the vendor before the stages', () => {
    for (const sample of callerSamples.flatMap((each) => [each, ...planted(each, canary)])) {
      const made = rig();
      deliver(made, sample);
      made.relay.onMessage(Way.toVendor, promptOf(`and ${canary}`), false, 2);
      made.relay.onTick(3000);
      expect(textOf(made.sent.filter(({ way }) => way === Way.toVendor))).not.toMatch(/thaddeus|brimblecombe/iu);
    }
  });

  anyBridgeSuite({ rig, samples: [...vendorSamples, ...callerSamples], isForCaller: isSpeech });

  test('the talk is bounded, and stays a talk: no answer of a tool without its call', () => {
    const made = rig();
    for (let turn = 0; turn < 300; turn += 1) {
      made.relay.onMessage(Way.toVendor, promptOf(`${turn} ${'word '.repeat(60)}`), false, turn);
      const last = made.sent.findLast(({ way, data }) => way === Way.toVendor && data.length > 20);
      expect(last?.data.length).toBeLessThan(64 * 1024);
    }
    expect(made.relay.state).toBe(RelayState.forward);
  });
}

function promptOf(voicePrompt: string): Buffer {
  return Buffer.from(JSON.stringify({ type: 'prompt', voicePrompt, lang: 'en-US', last: true }));
}

function deliver({ relay }: Rig, { way, text }: Sample): void {
  relay.onMessage(way, Buffer.from(text), false, 1);
}

/** A token of Twilio's protocol and nothing beside it. */
function isSpeech({ data, binary }: Sent): boolean {
  const { token, last } = JSON.parse(data.toString()) as Record<string, unknown>;
  const isToken = typeof token === 'string' && typeof last === 'boolean';
  return !binary && isToken && data.toString() === JSON.stringify({ type: 'text', token, last });
}

function textOf(sent: readonly Sent[]): string {
  return sent.map(({ data }) => data.toString()).join('\n');
}
