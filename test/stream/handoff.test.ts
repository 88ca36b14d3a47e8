import { describe, expect, it } from 'vitest';
import type { HandoffRules } from '../../src/policy/handoff.ts';
import { bounds } from '../../src/stream/limits.ts';
import { Way, type ProtocolCodec } from '../../src/stream/protocol.ts';
import { protocols } from '../../src/stream/protocols/index.ts';
import { startRelay, type Rig } from './rig.ts';
import { listConversation } from './wordlist.ts';

const rules: HandoffRules = { CRISIS: true, EMERGENCY: true, HUMAN_ASKED: true, THERAPEUTIC_TALK: false };

const setup = {
  type: 'setup',
  sessionId: `VX${'0'.repeat(32)}`,
  accountSid: `AC${'0'.repeat(32)}`,
  callSid: `CA${'0'.repeat(32)}`,
};

/** A started call in which everything that is known as PHI is masked, the words of a crisis too. */
function call(codec: ProtocolCodec, handoff: HandoffRules = rules): Rig {
  const words = new Map([['kill myself', 'CONDITION' as const]]);
  return startRelay(codec, { conversation: listConversation(words), handoff });
}

function relayed(handoff?: HandoffRules): Rig {
  const rig = call(protocols['twilio-conversation-relay'], handoff);
  say(rig, Way.toVendor, setup);
  return rig;
}

function say(rig: Rig, way: Way, message: object, now = 1): void {
  rig.relay.onMessage(way, Buffer.from(JSON.stringify(message)), false, now);
}

const prompt = (voicePrompt: string, last = true): object => ({ type: 'prompt', voicePrompt, lang: 'en-US', last });
const token = (text: string, last = true): object => ({ type: 'text', token: text, last });
const sentTo = (rig: Rig, way: Way): string =>
  rig.sent
    .filter((each) => each.way === way)
    .map(({ data }) => data.toString('utf8'))
    .join('\n');

describe('the words of a call', () => {
  it('end it toward a human before they are masked or sent', () => {
    const rig = relayed();
    say(rig, Way.toVendor, prompt('i want to kill myself'));
    expect(rig.endings).toEqual(['CRISIS']);
    expect(sentTo(rig, Way.toVendor)).not.toContain('prompt');
    expect(rig.events.at(-1)).toMatchObject({ kind: 'route.human', reason: 'CRISIS' });
    expect(JSON.stringify(rig.events)).not.toContain('kill');
  });

  it('go on where nothing is listened for', () => {
    const rig = relayed({ ...rules, CRISIS: false });
    say(rig, Way.toVendor, prompt('i want to kill myself'));
    expect(rig.endings).toEqual([]);
    expect(sentTo(rig, Way.toVendor)).toContain('[CONDITION]');
  });

  it('may stand in a growing prompt, and a silence decides', () => {
    const rig = relayed();
    say(rig, Way.toVendor, prompt('i want to die', false), 1_000);
    rig.relay.onTick(1_000 + bounds.decideMs);
    expect(rig.endings).toEqual([]);
    rig.relay.onTick(1_001 + bounds.decideMs);
    expect(rig.endings).toEqual(['CRISIS']);
  });

  it('wait for the caller while the caller goes on', () => {
    const rig = relayed();
    const said = ['i want to die', 'i want to die my', 'i want to die my hair'];
    for (const [index, text] of said.entries()) {
      say(rig, Way.toVendor, prompt(text, false), 1_000 + index * 800);
      say(rig, Way.toCaller, token('hm', false), 1_100 + index * 800);
      rig.relay.onTick(1_700 + index * 800);
    }
    rig.relay.onTick(10_000);
    expect(rig.endings).toEqual([]);
  });

  it('may be taken back by the next ones', () => {
    const rig = relayed();
    say(rig, Way.toVendor, prompt('i want to die', false), 1_000);
    say(rig, Way.toVendor, prompt('i want to die my hair'), 1_500);
    rig.relay.onTick(10_000);
    expect(rig.endings).toEqual([]);
  });

  it('of the agent are not those of the caller', () => {
    const rig = relayed();
    say(rig, Way.toCaller, token('If you want to kill yourself, call 988.'));
    expect(rig.endings).toEqual([]);
  });

  it('of an interrupted offer still count', () => {
    const rig = relayed();
    say(rig, Way.toCaller, token('Would you like to speak to a person', false));
    say(rig, Way.toVendor, { type: 'interrupt', utteranceUntilInterrupt: 'Would you', durationUntilInterruptMs: 400 });
    say(rig, Way.toVendor, prompt('yes please'));
    expect(rig.endings).toEqual(['HUMAN_ASKED']);
  });

  it('that repeat finished text say nothing new', () => {
    const rig = relayed();
    say(rig, Way.toVendor, { type: 'info', name: 'tokensPlayed', value: 'i want to kill myself' });
    expect(rig.endings).toEqual([]);
  });
});

describe('other protocols', () => {
  it('deltas of a transcript that the vendor sends', () => {
    const rig = call(protocols['openai-realtime']);
    const type = 'conversation.item.input_audio_transcription.delta';
    for (const delta of ['can i talk', ' to a real per', 'son about my account right now please'])
      say(rig, Way.toCaller, { type, event_id: 'e', item_id: 'i', content_index: 0, delta });
    expect(rig.endings).toEqual(['HUMAN_ASKED']);
  });

  it('a history whose last line is the newest', () => {
    const rig = call(protocols['retell-llm']);
    const lines = ['hi i have chest pain but that was years ago', 'representative'];
    const transcript = lines.map((content) => ({ role: 'user', content }));
    say(rig, Way.toVendor, { interaction_type: 'response_required', response_id: 1, transcript });
    expect(rig.endings).toEqual(['HUMAN_ASKED']);
  });

  it('text without a mark of its end, once it is silent', () => {
    const rig = call(protocols['openai-live']);
    say(rig, Way.toCaller, { type: 'session.input_transcript.delta', delta: 'representative' }, 1_000);
    rig.relay.onTick(1_000 + bounds.silenceMs);
    expect(rig.endings).toEqual([]);
    rig.relay.onTick(1_001 + bounds.silenceMs);
    expect(rig.endings).toEqual(['HUMAN_ASKED']);
  });
});

describe('the key 0', () => {
  const zero = { ...rules, zeroKey: true };
  const key = (digit: string): object => ({ type: 'dtmf', digit });
  /** Presses the keys, at so many milliseconds after the one before. */
  const pressed = (keys: string, everyMs: number, handoff: HandoffRules = zero): Rig => {
    const rig = relayed(handoff);
    for (const [index, digit] of [...keys].entries()) say(rig, Way.toVendor, key(digit), 1_000 + index * everyMs);
    rig.relay.onTick(1_000 + keys.length * everyMs + bounds.keypadMs + 100);
    return rig;
  };

  it.each([
    ['0', 300],
    ['000', 300],
    ['0#', 300],
    ['50', bounds.keypadMs + 100],
  ])('%s asks for a person', (keys, everyMs) => {
    const rig = pressed(keys, everyMs);
    expect(rig.endings).toEqual(['HUMAN_ASKED']);
    expect(sentTo(rig, Way.toVendor)).not.toContain('dtmf');
  });

  it.each([
    ['0412', 300],
    ['1980', 300],
    ['10#', 300],
    ['*0', 300],
    ['5', 300],
  ])('%s does not', (keys, everyMs) => {
    expect(pressed(keys, everyMs).endings).toEqual([]);
  });

  it('is a digit where it is switched off', () => {
    expect(pressed('0', 300, rules).endings).toEqual([]);
  });
});
