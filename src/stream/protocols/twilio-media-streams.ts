import { defineProtocol } from '../define.ts';
import { base64, digits, literal, object, oneOf, sequence, stream } from '../shape.ts';
import { Kind, type Known } from '../protocol.ts';

const callSid: Known = { kind: 'CALL_ID', instead: 'callAlias' };
const accountSid: Known = { kind: 'CALL_ID', instead: 'accountAlias' };

/**
 * Twilio Media Streams: mu-law audio in JSON text frames, no transcript.
 * Source: https://www.twilio.com/docs/voice/media-streams/websocket-messages, read 2026-11-23.
 */
export const mediaStreams = defineProtocol({
  name: 'twilio-media-streams',
  tell: { toVendor: { field: 'event' }, toCaller: { field: 'event' } },
  stream: 'streamSid',
  sequence: 'sequenceNumber',
  starts: true,
  continuous: true,
  // A binary frame toward Twilio is error 31950; Twilio sends none.
  binary: { toVendor: 'refused', toCaller: 'refused' },
  audio: {
    toVendor: [
      {
        event: literal('media'),
        sequenceNumber: sequence,
        streamSid: stream,
        media: object({ track: oneOf('inbound', 'outbound'), chunk: digits, timestamp: digits, payload: base64 }),
      },
    ],
    toCaller: [{ event: literal('media'), streamSid: stream, media: object({ payload: base64 }) }],
  },
  wordless: { streamSid: 'id', sequenceNumber: 'digits' },
  messages: {
    toVendor: {
      connected: { kind: Kind.Control, wordless: { protocol: 'enum', version: 'enum' }, early: true },
      start: {
        kind: Kind.Config,
        start: { callSid: 'start.callSid', accountSid: 'start.accountSid', streamSid: 'start.streamSid' },
        known: {
          'start.callSid': callSid,
          'start.accountSid': accountSid,
          'start.customParameters.*': { kind: 'parameter', instead: 'placeholder' },
        },
        wordless: { 'start.tracks[]': 'enum', 'start.mediaFormat.encoding': 'enum' },
      },
      media: {
        kind: Kind.Audio,
        wordless: {
          'media.track': 'enum',
          'media.chunk': 'digits',
          'media.timestamp': 'digits',
          'media.payload': 'base64',
        },
      },
      dtmf: {
        kind: Kind.Control,
        known: { 'dtmf.digit': { kind: 'KEYPAD', instead: 'nothing' } },
        wordless: { 'dtmf.track': 'enum' },
      },
      mark: { kind: Kind.Control, text: { 'mark.name': { mode: 'echo', speaker: 'agent' } } },
      stop: { kind: Kind.Control, known: { 'stop.callSid': callSid, 'stop.accountSid': accountSid }, ends: true },
    },
    toCaller: {
      media: { kind: Kind.Audio, wordless: { 'media.payload': 'base64' } },
      mark: { kind: Kind.Control, text: { 'mark.name': { mode: 'echo', speaker: 'agent' } } },
      clear: { kind: Kind.Control },
    },
  },
});
