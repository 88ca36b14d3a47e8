import { defineProtocol } from '../define.ts';
import { stringAt, type JsonObject } from '../json.ts';
import { Kind, type Known } from '../protocol.ts';
import type { TextRule } from '../rules.ts';

const phone: Known = { kind: 'PHONE', instead: 'placeholder' };
const callSid: Known = { kind: 'CALL_ID', instead: 'callAlias' };
const agentRepeat: TextRule = { mode: 'repeat', speaker: 'agent' };

/** The patient's number is the far end: `from` of a call to the practice, `to` of a call that the practice placed. */
function patientNumber(setup: JsonObject): string | undefined {
  return stringAt(setup, stringAt(setup, 'direction')?.startsWith('outbound') === true ? 'to' : 'from');
}

/**
 * Twilio ConversationRelay: transcripts to the vendor, text to be spoken back; no audio.
 * Source: https://www.twilio.com/docs/voice/conversationrelay/websocket-messages, read 2026-11-23; `info` and the echo of
 * a faulty frame in `error.description` as seen by third parties in live calls.
 */
export const conversationRelay = defineProtocol({
  name: 'twilio-conversation-relay',
  tell: { toVendor: { field: 'type' }, toCaller: { field: 'type' } },
  starts: true,
  binary: { toVendor: 'refused', toCaller: 'refused' },
  wordless: { sessionId: 'id', lang: 'enum' },
  messages: {
    toVendor: {
      setup: {
        kind: Kind.Config,
        start: { callSid: 'callSid', accountSid: 'accountSid', streamSid: 'sessionId', caller: patientNumber },
        known: {
          callSid,
          parentCallSid: callSid,
          accountSid: { kind: 'CALL_ID', instead: 'accountAlias' },
          from: phone,
          to: phone,
          forwardedFrom: phone,
          callerName: { kind: 'NAME', instead: 'placeholder' },
          'customParameters.*': { kind: 'parameter', instead: 'placeholder' },
        },
        wordless: { direction: 'enum', callType: 'enum', callStatus: 'enum' },
      },
      prompt: {
        kind: Kind.Text,
        text: {
          // A partial restates the utterance so far; the final repeats the last partial. There is no utterance id.
          voicePrompt: {
            mode: 'cumulative',
            speaker: 'caller',
            key: 'prompt',
            last: { at: 'last', is: [true], whenMissing: true },
          },
          agentSpeaking: agentRepeat,
        },
      },
      dtmf: { kind: Kind.Control, known: { digit: { kind: 'KEYPAD', instead: 'nothing' } } },
      interrupt: {
        kind: Kind.Text,
        text: { utteranceUntilInterrupt: agentRepeat },
        wordless: { durationUntilInterruptMs: 'digits' },
        cuts: ['text'],
      },
      // Holds the frame that Twilio could not read, word for word.
      error: { kind: Kind.Text, text: { description: agentRepeat } },
      // With events="tokens-played", `value` is the text just spoken.
      info: { kind: Kind.Text, text: { value: agentRepeat }, wordless: { name: 'enum', ts: 'number' } },
    },
    toCaller: {
      text: {
        kind: Kind.Text,
        text: {
          token: {
            mode: 'delta',
            speaker: 'agent',
            key: 'text',
            last: { at: 'last', is: [true], whenMissing: false },
            silentWhenEmpty: true,
          },
        },
      },
      play: { kind: Kind.Config, names: { source: 'url' } },
      sendDigits: { kind: Kind.Control, text: { digits: { mode: 'aside', speaker: 'agent' } } },
      language: { kind: Kind.Config, wordless: { ttsLanguage: 'enum', transcriptionLanguage: 'enum' } },
      end: { kind: Kind.Control, text: { handoffData: { mode: 'aside', speaker: 'agent' } }, ends: true },
    },
  },
});
