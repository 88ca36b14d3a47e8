import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { protocols, type ProtocolName } from '../../src/stream/protocols/index.ts';
import { replay } from '../stream/playbook.ts';

/** Faults that are told as playbooks, where time is a number: what comes, what goes on, what is on record. */
const books: readonly (readonly [rows: string, protocol: ProtocolName, title: string])[] = [
  ['[A12]', 'twilio-conversation-relay', 'masked-toward-the-caller'],
  ['[A12]', 'twilio-conversation-relay', 'play-unlisted'],
  ['[A13]', 'openai-realtime', 'nested'],
  ['[A13]', 'openai-realtime', 'refused-tool'],
  ['[A13]', 'openai-realtime', 'refused-model'],
  ['[A13]', 'deepgram-agent', 'refused-webhook'],
  ['[A13]', 'deepgram-agent', 'refused-fallback'],
  ['[A13]', 'elevenlabs-agents', 'refused-mcp'],
  ['[A13]', 'gemini-live', 'refused-second'],
  ['[A14]', 'twilio-media-streams', 'unknown-to-caller'],
  ['[A14]', 'twilio-media-streams', 'unknown-strict'],
  ['[B3]', 'twilio-media-streams', 'no-start'],
  ['[B3]', 'twilio-media-streams', 'media-before-start'],
  ['[B3]', 'twilio-media-streams', 'second-start'],
  ['[B3]', 'twilio-media-streams', 'other-call'],
  ['[B5]', 'twilio-media-streams', 'caller-hangs-up'],
  ['[B6]', 'twilio-media-streams', 'idle'],
  ['[B6]', 'twilio-media-streams', 'too-long'],
  ['[C5]', 'twilio-media-streams', 'malformed'],
  ['[C11]', 'twilio-conversation-relay', 'over-budget'],
  ['[C9]', 'twilio-conversation-relay', 'held-too-long'],
  ['[C13]', 'twilio-media-streams', 'almost-audio'],
  ['[A10]', 'twilio-media-streams', 'backpressure'],
  ['[D2]', 'twilio-media-streams', 'revoked'],
  ['[E2]', 'twilio-media-streams', 'hold'],
  ['[E2]', 'twilio-media-streams', 'hold-expired'],
  ['[E1]', 'twilio-media-streams', 'log-full'],
];

it.each(books)('%s %s: %s', (_rows, protocol, title) => {
  const book = readFileSync(new URL(`../vectors/protocols/${protocol}/${title}.call`, import.meta.url), 'utf8');
  expect(replay(book, protocols[protocol])).toBe(book);
});
