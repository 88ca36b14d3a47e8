import { describe, expect, test } from 'vitest';
import { clearanceOf } from '../../src/policy/clearance.ts';
import { createEngine } from '../../src/policy/phi/engine.ts';
import { Way } from '../../src/stream/protocol.ts';
import { protocols } from '../../src/stream/protocols/index.ts';
import { nestedOfAll, openingOf, samplesOf, type Sample } from '../suites/books.ts';
import { startRelay, type Rig } from './rig.ts';

const engine = createEngine();
const said = 'my name is Zephyrine Quillfeather and my number is 512-555-0143';

function give(rig: Rig, { way, text }: Sample): void {
  rig.relay.onMessage(way, Buffer.from(text), false, 1);
}

function out(rig: Rig): string {
  return rig.sent.map(({ data }) => data.toString()).join('\n');
}

describe.each(Object.entries(protocols))('the engine behind %s', (name, codec) => {
  test('finds a name and a number wherever a sample has its name', () => {
    const samples = samplesOf(name).filter(({ text }) => text.includes('zephyrine quillfeather'));
    const opening = openingOf(name, (sample) => sample.text.includes('"setup"') || sample.text.includes('"start"'));
    const leaks = samples.filter((sample) => {
      const options = { conversation: engine.conversation(), caller: clearanceOf('mask'), nested: nestedOfAll(name) };
      const rig = startRelay(codec, options);
      if (codec.starts) for (const frame of opening) give(rig, frame);
      rig.sent.length = 0;
      give(rig, { way: sample.way, text: sample.text.replaceAll('zephyrine quillfeather', said) });
      rig.relay.onTick(10_000);
      return /zephyrine quillfeather|0143/iu.test(out(rig));
    });
    expect(leaks).toEqual([]);
  });
});

test('a booking over ConversationRelay: the vendor reads no name, no number, no date of birth', () => {
  const rig = startRelay(protocols['twilio-conversation-relay'], { conversation: engine.conversation() });
  const toVendor = (message: object): void => give(rig, { way: Way.toVendor, text: JSON.stringify(message) });
  const toCaller = (message: object): void => give(rig, { way: Way.toCaller, text: JSON.stringify(message) });
  toVendor({ type: 'setup', sessionId: 'VX1', callSid: 'CA1', from: '+15125550143', direction: 'inbound' });
  const turns: readonly (readonly [agent: string, caller: string])[] = [
    ['Cedar Skin Studio, may I have your name?', "sure it's zephyrine quillfeather"],
    ['And your phone number?', 'five one two five five five oh one four three'],
    ['Your date of birth?', 'march third nineteen eighty four'],
    ['How can we help?', 'I would like to book a facial'],
  ];
  for (const [agent, caller] of turns) {
    for (const token of agent.split(/(?<= )/u)) toCaller({ type: 'text', token, last: false });
    toCaller({ type: 'text', token: '', last: true });
    const words = caller.split(' ');
    for (const end of words.keys())
      toVendor({ type: 'prompt', voicePrompt: words.slice(0, end + 1).join(' '), lang: 'en-US', last: false });
    toVendor({ type: 'prompt', voicePrompt: caller, lang: 'en-US', last: true });
  }
  const read = rig.sent.filter(({ way }) => way === Way.toVendor).map(({ data }) => data.toString());
  const heard = rig.sent.filter(({ way }) => way === Way.toCaller).map(({ data }) => tokenOf(data));
  expect(read.join('\n')).not.toMatch(/zephyrine|quillfeather|oh one four three|eighty four|5125550143/iu);
  expect(read.at(-1)).toContain('I would like to book a [TREATMENT]');
  expect(heard.join('')).toBe(turns.map(([agent]) => agent).join(''));
  expect(rig.call.counters.totals()).toMatchObject({ 'removed.NAME': 1, 'removed.DATE': 1 });
});

function tokenOf(data: Buffer): string {
  const message: unknown = JSON.parse(data.toString());
  return typeof message === 'object' && message !== null && 'token' in message ? String(message.token) : '';
}
