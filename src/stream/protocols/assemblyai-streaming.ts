import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { TextRule } from '../rules.ts';
import { controls } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
const hint: TextRule = { mode: 'hint', speaker: 'agent' };

/**
 * AssemblyAI Universal Streaming v3: speech to text by turns; all configuration in the query.
 * Source: assemblyai 4.41, assemblyai-api-spec of 2026-03-23.
 */
export const assemblyaiStreaming = defineProtocol({
  name: 'assemblyai-streaming',
  tell: { toVendor: { field: 'type' }, toCaller: { field: 'type' } },
  binary: { toVendor: 'audio', toCaller: 'refused' },
  wordless: { type: 'enum', id: 'id', language_code: 'enum', expires_at: 'number' },
  query: {
    speech_model: 'model',
    webhook_url: 'url',
    webhook_auth_header_value: 'passed',
    llm_gateway: 'provider',
    token: 'secret',
    keyterms_prompt: 'hint',
    prompt: 'text',
    agent_context: 'text',
    _customer_support_audio_capture: 'wordless',
    acknowledge_silence: 'wordless',
    continuous_partials: 'wordless',
    domain: 'wordless',
    encoding: 'wordless',
    end_of_turn_confidence_threshold: 'wordless',
    filter_profanity: 'wordless',
    format_turns: 'wordless',
    inactivity_timeout: 'wordless',
    include_partial_turns: 'wordless',
    interruption_delay: 'wordless',
    language_code: 'wordless',
    language_codes: 'wordless',
    language_detection: 'wordless',
    max_speakers: 'wordless',
    max_turn_silence: 'wordless',
    min_end_of_turn_silence_when_confident: 'wordless',
    min_turn_silence: 'wordless',
    mode: 'wordless',
    redact_pii: 'wordless',
    redact_pii_policies: 'wordless',
    redact_pii_sub: 'wordless',
    sample_rate: 'wordless',
    session_heartbeat: 'wordless',
    speaker_labels: 'wordless',
    speaker_labels_revision_interval_ms: 'wordless',
    turn_left_pad_ms: 'wordless',
    vad_threshold: 'wordless',
    voice_focus: 'wordless',
    voice_focus_threshold: 'wordless',
    webhook_auth_header_name: 'wordless',
  },
  entrance: { paths: ['/v3/ws'], needs: ['speech_model'], credential: { header: 'authorization' } },
  messages: {
    toVendor: {
      UpdateConfiguration: {
        kind: Kind.Config,
        // What the query names may be changed later in the same words.
        names: { speech_model: 'model', webhook_url: 'url', 'llm_gateway.model': 'provider' },
        text: { prompt: aside, agent_context: aside, 'keyterms_prompt[]': hint },
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
          // A letter, or the name of somebody who was told to it.
          speaker_label: hint,
          'words[].speaker': hint,
        },
      },
      LLMGatewayResponse: {
        kind: Kind.Text,
        text: { transcript: { mode: 'repeat', speaker: 'caller' } },
        free: ['data'],
      },
      SpeakerRevision: {
        kind: Kind.Text,
        text: {
          'revisions[].words[].text': { mode: 'repeat', speaker: 'caller', pieceOf: '' },
          'revisions[].speaker_label': hint,
          'revisions[].words[].speaker': hint,
        },
      },
      Warning: { kind: Kind.Text, text: { warning: aside } },
      Error: { kind: Kind.Text, text: { error: aside } },
      Termination: { kind: Kind.Control, ends: true },
      ...controls('Begin', 'SpeechStarted', 'Heartbeat', 'Silence'),
    },
  },
});
