import { expect, it } from 'vitest';
import { connectTwiml, humanTwiml } from '../../../src/server/twilio/twiml.ts';

const stream = { kind: 'Stream', url: 'wss://h/calls/a/token' } as const;

it('puts the notice first, the stream second, and a human after whatever ends the stream', () => {
  expect(connectTwiml('Hello', stream, { say: 'One moment', dial: '+15125550100' })).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><Response><Say>Hello</Say><Connect><Stream url="wss://h/calls/a/token"/></Connect><Say>One moment</Say><Dial>+15125550100</Dial></Response>',
  );
});

it('escapes what XML reserves and drops what it forbids, so that a greeting cannot break the document', () => {
  const twiml = humanTwiml({ say: 'Dr. <O\'Neil> & "Sons"\u0000\u0007\ufffe \u{1f642}\ud800' });
  expect(twiml).toContain('<Say>Dr. &lt;O&apos;Neil&gt; &amp; &quot;Sons&quot; \u{1f642}</Say>');
});

it('writes only attributes that are set', () => {
  const relay = {
    kind: 'ConversationRelay',
    url: 'wss://h',
    attributes: { voice: 'a"b', language: undefined },
  } as const;
  expect(connectTwiml(undefined, relay, {})).toContain(
    '<Connect><ConversationRelay url="wss://h" voice="a&quot;b"/></Connect></Response>',
  );
});
