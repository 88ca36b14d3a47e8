import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { TextRule } from '../rules.ts';
import { controls } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };

/**
 * AssemblyAI Universal Streaming v3: speech to text by turns; all configuration in the query.
 * Source: assemblyai 4.41, assemblyai-api-spec of 2026-03-23.
 */
export const assemblyaiStreaming = defineProtocol({
  name: 'assemblyai-streaming',
  tell: { toVendor: { field: 'type' }, toCaller: { field: 'type' } },
  binary: { toVendor: 'audio', toCaller: 'refused' },
  wordless: { type: 'enum', id: 'id', language_code: 'enum', speaker_label: 'name', expires_at: 'number' },
  query: {
    speech_model: 'model',
    webhook_url: 'url',
    webhook_auth_header_value: 'secret',
    llm_gateway: 'provider',
    token: 'secret',
    keyterms_prompt: 'text',
    prompt: 'text',
    agent_context: 'text',
  },
  messages: {
    toVendor: {
      UpdateConfiguration: {
        kind: Kind.Config,
        text: { prompt: aside, agent_context: aside, 'keyterms_prompt[]': aside },
      },
      Terminate: { kind: Kind.Control, ends: true },
      ...controls('ForceEndpoint', 'KeepAlive'),
    },
    toCaller: {
      Turn: {
        kind: Kind.Text,
        text: {
          // Restates the turn; a second final with formatted numbers may follow.
          transcript: {
            mode: 'cumulative',
            speaker: 'caller',
            key: 'turn',
            by: ['turn_order'],
            last: { at: 'end_of_turn', is: [true], whenMissing: false },
          },
          utterance: { mode: 'repeat', speaker: 'caller' },
          // The list may run ahead of the transcript by words that are not final.
          'words[].text': { mode: 'repeat', speaker: 'caller', pieceOf: 'transcript' },
        },
      },
      LLMGatewayResponse: { kind: Kind.Text, text: { transcript: { mode: 'repeat', speaker: 'caller' } } },
      SpeakerRevision: {
        kind: Kind.Text,
        text: { 'revisions[].words[].text': { mode: 'repeat', speaker: 'caller', pieceOf: '' } },
      },
      Warning: { kind: Kind.Text, text: { warning: aside } },
      Error: { kind: Kind.Text, text: { error: aside } },
      Termination: { kind: Kind.Control, ends: true },
      ...controls('Begin', 'SpeechStarted', 'Heartbeat', 'Silence'),
    },
  },
});
