import { describe, expect, test } from 'vitest';
import { clearanceOf } from '../../src/policy/clearance.ts';
import { Way } from '../../src/stream/protocol.ts';
import { protocols } from '../../src/stream/protocols/index.ts';
import { startRelay, type Rig } from './rig.ts';
import { listConversation } from './wordlist.ts';

function give(rig: Rig, way: Way, message: object, now = 1): void {
  rig.relay.onMessage(way, Buffer.from(JSON.stringify(message)), false, now);
}

/** A call whose vendor is cleared for everything: what a reader sees does not come from what the vendor sees. */
function started(): Rig {
  const conversation = listConversation(new Map([['dana petrov', 'NAME' as const]]));
  const rig = startRelay(protocols['twilio-conversation-relay'], { conversation, vendor: clearanceOf('pass') });
  give(rig, Way.toVendor, { type: 'setup', sessionId: 'VX1', callSid: 'CA1', direction: 'inbound' });
  return rig;
}

const prompt = (voicePrompt: string, last: boolean) => ({ type: 'prompt', voicePrompt, lang: 'en-US', last });
const token = (text: string, last: boolean) => ({ type: 'text', token: text, last });

describe('the transcript of a call', () => {
  test('tells each utterance as it grows and once when it is final, with its number and speaker', () => {
    const rig = started();
    give(rig, Way.toVendor, prompt('this is', false));
    give(rig, Way.toVendor, prompt('this is dana petrov', true));
    give(rig, Way.toCaller, token('hello ', false));
    give(rig, Way.toCaller, token('dana petrov', true));
    give(rig, Way.toVendor, prompt('hi', true));
    expect(rig.told).toEqual([
      '1 caller: this is ...',
      '1 caller: this is [NAME]',
      '2 agent: hello  ...',
      '2 agent: hello [NAME]',
      '3 caller: hi',
    ]);
    expect(rig.sent.map(({ data }) => data.toString('utf8')).join('\n')).toContain('dana petrov');
  });

  test('ends an utterance that is cut short, or that the call ends', () => {
    const rig = started();
    give(rig, Way.toCaller, token('we are open on', false));
    give(rig, Way.toVendor, {
      type: 'interrupt',
      utteranceUntilInterrupt: 'we are',
      durationUntilInterruptMs: '300',
    });
    give(rig, Way.toVendor, prompt('wait', false));
    rig.relay.onClose('caller', 5);
    expect(rig.told).toEqual([
      '1 agent: we are open on ...',
      '1 agent: we are open on',
      '2 caller: wait ...',
      '2 caller: wait',
    ]);
  });

  test('does not tell copies, signalling, keypad digits and errors', () => {
    const rig = started();
    give(rig, Way.toVendor, prompt('hello', true));
    give(rig, Way.toVendor, { type: 'dtmf', digit: '5' });
    give(rig, Way.toVendor, { type: 'error', description: 'hello' });
    give(rig, Way.toVendor, { type: 'info', name: 'tokensPlayed', value: 'hello', ts: 1 });
    expect(rig.told).toEqual(['1 caller: hello']);
  });

  test('a hold holds it as well', () => {
    const rig = started();
    rig.relay.onAuditLag(10_000, 2);
    give(rig, Way.toVendor, prompt('hello', true), 3);
    expect(rig.told).toEqual([]);
    rig.relay.onAuditLag(0, 4);
    expect(rig.told).toEqual(['1 caller: hello']);
  });
});
