import { describe, expect, test } from 'vitest';
import { Way } from '../../src/stream/protocol.ts';
import { protocols } from '../../src/stream/protocols/index.ts';
import { bounds } from '../../src/stream/limits.ts';
import { contentOf } from './content.ts';
import { startRelay, type Rig } from './rig.ts';
import { listConversation } from './wordlist.ts';

const sid = 'MZ00000000000000000000000000000a11';
const wire = Buffer.from('a frame as it came');

function stream(): Rig {
  const rig = startRelay(protocols['twilio-media-streams'], { conversation: listConversation(new Map()) });
  const start = { accountSid: 'AC1', streamSid: sid, callSid: 'CA1', tracks: ['inbound'], customParameters: {} };
  const message = { event: 'start', sequenceNumber: '1', streamSid: sid, start };
  rig.relay.onMessage(Way.toVendor, Buffer.from(JSON.stringify(message)), false, 1);
  rig.sent.length = 0;
  return rig;
}

const audio = Buffer.from(`{"event":"media","streamSid":"${sid}","media":{"payload":"AAAA"}}`);

describe('a whole frame', () => {
  test('of proven audio goes on as it came, and is counted', () => {
    const rig = stream();
    expect(rig.relay.audio[Way.toCaller].take(wire, contentOf(audio), false)).toBe(true);
    expect(rig.forwarded).toEqual([{ way: Way.toCaller, frame: wire }]);
    expect(rig.sent).toEqual([]);
  });

  test.each([
    ['with a word in it', Buffer.from(`{"event":"media","streamSid":"${sid}","media":{"payload":"AAAA","x":"jane"}}`)],
    ['of another stream', Buffer.from('{"event":"media","streamSid":"MZ2","media":{"payload":"AAAA"}}')],
    ['of another event', Buffer.from(`{"event":"clear","streamSid":"${sid}"}`)],
    ['without content', Buffer.alloc(0)],
  ])('%s has to come as a message', (_name, payload) => {
    const rig = stream();
    expect(rig.relay.audio[Way.toCaller].take(wire, contentOf(payload), false)).toBe(false);
    expect(rig.forwarded).toEqual([]);
  });

  test('has to come as a message before the start, during a hold and after the end', () => {
    const early = startRelay(protocols['twilio-media-streams'], { conversation: listConversation(new Map()) });
    expect(early.relay.audio[Way.toCaller].take(wire, contentOf(audio), false)).toBe(false);
    const held = stream();
    held.relay.onAuditLag(bounds.auditLagMs + 1, 2);
    expect(held.relay.audio[Way.toCaller].take(wire, contentOf(audio), false)).toBe(false);
    const ended = stream();
    ended.relay.onFault('DRAINING', 2);
    expect(ended.relay.audio[Way.toCaller].take(wire, contentOf(audio), false)).toBe(false);
    expect([...early.forwarded, ...held.forwarded, ...ended.forwarded]).toEqual([]);
  });

  test('stops its source when the receiver is full, and the call when it stays so', () => {
    const rig = stream();
    rig.full.add(Way.toCaller);
    rig.relay.audio[Way.toCaller].take(wire, contentOf(audio), false);
    expect(rig.paused.has(Way.toCaller)).toBe(true);
    rig.relay.audio[Way.toCaller].take(Buffer.alloc(bounds.pausedBytes), contentOf(audio), false);
    expect(rig.endings).toEqual(['PEER_TOO_SLOW']);
  });
});
