import { describe, expect, test } from 'vitest';
import { clearanceOf } from '../../src/policy/clearance.ts';
import type { Conversation } from '../../src/policy/phi/stream.ts';
import { cells } from '../../src/stream/counters.ts';
import { bounds } from '../../src/stream/limits.ts';
import { Way } from '../../src/stream/protocol.ts';
import { protocols } from '../../src/stream/protocols/index.ts';
import { RelayState } from '../../src/stream/relay.ts';
import { startRelay, type Rig, type RigOptions } from './rig.ts';
import { listConversation } from './wordlist.ts';

const sid = 'MZ00000000000000000000000000000a11';
const nothing = (): Conversation => listConversation(new Map());

function give(rig: Rig, way: Way, message: object, now = 1): void {
  rig.relay.onMessage(way, Buffer.from(JSON.stringify(message)), false, now);
}

function mediaStream(options: Partial<RigOptions> = {}): Rig {
  const rig = startRelay(protocols['twilio-media-streams'], { conversation: nothing(), ...options });
  const start = { accountSid: 'AC1', streamSid: sid, callSid: 'CA1', tracks: ['inbound'], customParameters: {} };
  give(rig, Way.toVendor, { event: 'start', sequenceNumber: '1', streamSid: sid, start });
  rig.sent.length = 0;
  return rig;
}

function conversationRelay(options: Partial<RigOptions> = {}): Rig {
  const rig = startRelay(protocols['twilio-conversation-relay'], { conversation: nothing(), ...options });
  const setup = { sessionId: 'VX1', accountSid: 'AC1', callSid: 'CA1', from: '+15125550143', to: '+15125550100' };
  give(rig, Way.toVendor, { type: 'setup', ...setup, direction: 'inbound' });
  rig.sent.length = 0;
  return rig;
}

const media = (sequence: number): object => ({
  event: 'media',
  sequenceNumber: String(sequence),
  streamSid: sid,
  media: { payload: 'AAAA' },
});
const answer = { event: 'media', streamSid: sid, media: { payload: 'AAAA' } };

describe('what waits is bounded', () => {
  test('in number, during a hold', () => {
    const rig = mediaStream();
    rig.relay.onAuditLag(bounds.auditLagMs + 1, 2);
    for (let frame = 0; frame < bounds.waitingFrames; frame += 1) give(rig, Way.toCaller, answer);
    expect(rig.endings).toEqual([]);
    give(rig, Way.toCaller, answer);
    expect(rig.endings).toEqual(['AUDIT_LAGGING']);
    expect(rig.sent).toEqual([]);
  });

  test('in bytes, before the start', () => {
    const rig = startRelay(protocols['twilio-media-streams'], { conversation: nothing() });
    const big = { event: 'mark', streamSid: sid, mark: { name: 'a'.repeat(60_000) } };
    for (let frame = 0; frame < 4; frame += 1) give(rig, Way.toCaller, big);
    expect(rig.endings).toEqual([]);
    give(rig, Way.toCaller, big);
    expect(rig.endings).toEqual(['MESSAGE_OUT_OF_ORDER']);
  });

  test('for a receiver that is full and whose source does not pause', () => {
    const rig = mediaStream();
    rig.full.add(Way.toCaller);
    const big = { event: 'media', streamSid: sid, media: { payload: 'A'.repeat(64_000) } };
    for (let frame = 0; frame < 30; frame += 1) give(rig, Way.toCaller, big);
    expect(rig.endings).toEqual(['PEER_TOO_SLOW']);
    const bytes = rig.sent.reduce((sum, { data }) => sum + data.length, 0);
    expect(bytes).toBeLessThan(bounds.pausedBytes + 2 * 64_200);
  });
});

test('a hold and a full receiver release their source only together', () => {
  const rig = mediaStream();
  rig.full.add(Way.toCaller);
  give(rig, Way.toCaller, answer);
  rig.relay.onAuditLag(bounds.auditLagMs + 1, 2);
  expect(rig.paused.has(Way.toCaller)).toBe(true);
  rig.relay.onAuditLag(0, 3);
  expect(rig.paused.has(Way.toCaller)).toBe(true);
  rig.full.clear();
  rig.relay.onDrain(Way.toCaller);
  expect(rig.paused.has(Way.toCaller)).toBe(false);
});

test('gaps of the carrier are counted over audio and messages alike', () => {
  const rig = mediaStream();
  for (const sequence of [2, 3, 5, 5]) give(rig, Way.toVendor, media(sequence));
  give(rig, Way.toVendor, { event: 'mark', sequenceNumber: '6', streamSid: sid, mark: { name: 'x' } });
  give(rig, Way.toVendor, media(7));
  expect(rig.call.counters.totals()['sequence_gaps']).toBe(2);
  expect(rig.sent).toHaveLength(6);
});

test('the caller is who the setup says, and every event is kept under that number', () => {
  const rig = conversationRelay();
  give(rig, Way.toVendor, { type: 'dtmf', digit: '1' });
  expect(rig.call.caller).toBe('+15125550143');
  expect(rig.events.map(({ caller }) => caller)).toEqual(['+15125550143', '+15125550143']);
});

test('the patient of a call that the practice placed is the one who was called', () => {
  const rig = startRelay(protocols['twilio-conversation-relay'], { conversation: nothing() });
  const setup = {
    sessionId: 'VX1',
    callSid: 'CA1',
    from: '+15125550100',
    to: '+15125550143',
    direction: 'outbound-api',
  };
  give(rig, Way.toVendor, { type: 'setup', ...setup });
  expect(rig.call.caller).toBe('+15125550143');
});

function failOn(word: string, text: string): void {
  if (text.includes(word)) throw new Error(`cannot read ${text}`);
}

/** Fails on the words that make it fail, as a faulty rule would. */
function faulty(): Conversation {
  const sound = nothing();
  return {
    ...sound,
    aside: (text, clearance) => {
      failOn('boom', text);
      return sound.aside(text, clearance);
    },
  };
}

describe('[C11] a redactor that fails', () => {
  const boom = { event: 'mark', streamSid: sid, mark: { name: 'boom' } };

  test('stops the frame, and the second time the call', () => {
    const rig = mediaStream({ conversation: faulty() });
    give(rig, Way.toCaller, boom);
    expect(rig.sent).toEqual([]);
    expect(rig.endings).toEqual([]);
    give(rig, Way.toCaller, { ...boom, mark: { name: 'fine' } });
    expect(rig.sent).toHaveLength(1);
    give(rig, Way.toCaller, boom);
    expect(rig.endings).toEqual(['REDACTION_FAILED']);
    expect(rig.events.filter(({ reason }) => reason === 'REDACTION_FAILED').map(({ kind }) => kind)).toEqual([
      'phi.blocked',
      'route.human',
    ]);
    expect(JSON.stringify(rig.events)).not.toContain('boom');
  });

  test('at the end of a call does not keep it from ending', () => {
    const sound = nothing();
    const rig = conversationRelay({
      conversation: {
        ...sound,
        utterance: (speaker, clearance) => {
          const stream = sound.utterance(speaker, clearance);
          return {
            push: (text) => stream.push(text),
            restate: (text, final) => stream.restate(text, final),
            flush: () => stream.flush(),
            expire: () => stream.expire(),
            shownTo: (reader) => stream.shownTo(reader),
            held: 0,
            get found(): never {
              throw new Error('no counts');
            },
          };
        },
      },
    });
    give(rig, Way.toCaller, { type: 'text', token: 'hello', last: false });
    rig.relay.onClose('caller', 5);
    expect(rig.endings).toEqual(['CALLER_CLOSED']);
    expect(rig.relay.state).toBe(RelayState.ended);
  });
});

test('utterances that never end are pushed out by newer ones, the oldest first, and counted', () => {
  const conversation = listConversation(new Map([['dana petrov', 'NAME' as const]]));
  const rig = startRelay(protocols['deepgram-listen'], { conversation });
  const interim = (start: number): object => {
    const transcript = start === 0 ? 'this is dana petrov' : 'so it is';
    return { type: 'Results', channel_index: [0], start, is_final: false, channel: { alternatives: [{ transcript }] } };
  };
  for (let start = 0; start < bounds.openUtterances; start += 1) give(rig, Way.toCaller, interim(start));
  expect(rig.events).toEqual([]);
  give(rig, Way.toCaller, interim(bounds.openUtterances));
  expect(rig.events).toMatchObject([{ kind: 'phi.allowed', counts: { NAME: 1 } }]);
});

test('utterances that never end are counted when the call ends', () => {
  const rig = startRelay(protocols['twilio-conversation-relay'], {
    conversation: listConversation(new Map([['dana petrov', 'NAME' as const]])),
  });
  give(rig, Way.toVendor, { type: 'setup', sessionId: 'VX1', callSid: 'CA1', direction: 'inbound' });
  give(rig, Way.toVendor, { type: 'prompt', voicePrompt: 'this is dana petrov', last: false });
  expect(rig.events.filter(({ facts }) => facts?.['message'] === 'prompt')).toEqual([]);
  rig.relay.onClose('caller', 5);
  expect(rig.events.at(-1)).toMatchObject({ kind: 'phi.redacted', counts: { NAME: 1 } });
});

test('what is removed and the time it takes are counted', () => {
  const rig = conversationRelay({ conversation: listConversation(new Map([['dana petrov', 'NAME' as const]])) });
  const before = rig.call.counters.totals()['removed.NAME'] ?? 0;
  give(rig, Way.toVendor, { type: 'prompt', voicePrompt: 'dana petrov and dana petrov', last: true });
  give(rig, Way.toCaller, { type: 'text', token: 'hello dana petrov', last: true });
  expect(rig.call.counters.totals()['removed.NAME']).toBe(before + 2);
  const index = cells.findIndex(({ metric }) => metric === 'text_seconds_count');
  expect(rig.call.counters.values[index]).toBe(2);
});

test('a blocked frame has an event of its own up to a number, and is counted after that', () => {
  const rig = mediaStream();
  for (let round = 0; round < bounds.blockedEvents + 5; round += 1) {
    give(rig, Way.toVendor, { event: 'surprise' });
    give(rig, Way.toVendor, media(round + 2));
  }
  expect(rig.events.filter(({ kind }) => kind === 'sec.frame')).toHaveLength(bounds.blockedEvents);
  expect(rig.call.counters.totals()['blocked.toVendor']).toBe(bounds.blockedEvents + 5);
  expect(rig.endings).toEqual([]);
});

test('an ending is told once', () => {
  const rig = mediaStream();
  rig.relay.onClose('vendor', 5);
  rig.relay.onClose('caller', 6);
  rig.relay.onFault('INTERNAL', 7);
  rig.relay.onAuditLag(10_000, 8);
  rig.relay.onTick(9_000_000);
  rig.relay.onDrain(Way.toCaller);
  expect(rig.endings).toEqual(['VENDOR_CLOSED']);
});

describe('a film toward a party that may see no pictures', () => {
  const frame = { realtimeInput: { video: { data: 'AAAA', mimeType: 'image/jpeg' } } };
  const film = (options: Partial<RigOptions> = {}): Rig => {
    const rig = startRelay(protocols['gemini-live'], { conversation: nothing(), ...options });
    for (let count = 0; count < bounds.blockedEvents + 5; count += 1) give(rig, Way.toVendor, frame, count);
    return rig;
  };

  test('does not go on; the first of its pictures are recorded, all are counted, and the call goes on', () => {
    const rig = film();
    expect(rig.sent).toEqual([]);
    expect(rig.endings).toEqual([]);
    expect(rig.events.map(({ kind, reason }) => `${kind} ${reason ?? ''}`)).toEqual(
      Array.from({ length: bounds.blockedEvents }, () => 'phi.blocked PICTURE_WITHHELD'),
    );
    const removed = cells.findIndex(({ labels }) => labels['kind'] === 'PHOTO');
    expect(rig.call.counters.values[removed]).toBe(bounds.blockedEvents + 5);
  });

  test('goes on as it came where the party may', () => {
    expect(film({ vendor: clearanceOf('pass') }).sent).toHaveLength(bounds.blockedEvents + 5);
  });
});
