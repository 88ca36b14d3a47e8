import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { TextRule } from '../rules.ts';
import { base64, flag, literal, number } from '../shape.ts';
import type { MessageSpec } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
const hint: TextRule = { mode: 'hint', speaker: 'agent' };
const word: TextRule = { mode: 'repeat', speaker: 'caller', pieceOf: 'text' };

/** An interim restates the segment, the commit ends it. */
function segment(type: string): MessageSpec {
  const last = { at: 'message_type', is: [type], whenMissing: true };
  return {
    kind: Kind.Text,
    text: { text: { mode: 'cumulative', speaker: 'caller', key: 'segment', last }, 'words[].text': word },
    wordless: { language_code: 'enum', 'words[].type': 'enum', 'words[].speaker_id': 'id' },
    dropped: ['words[].characters'],
  };
}

/** The committed segment again, with times. */
const timed: MessageSpec = {
  ...segment(''),
  text: { text: { mode: 'history', speaker: 'caller' }, 'words[].text': word },
};

const errors = [
  'error',
  'auth_error',
  'quota_exceeded',
  'transcriber_error',
  'input_error',
  'commit_throttled',
  'unaccepted_terms',
  'rate_limited',
  'queue_overflow',
  'resource_exhausted',
  'session_time_limit_exceeded',
  'chunk_size_exceeded',
  'insufficient_audio_activity',
];

/**
 * ElevenLabs Scribe, live speech to text. Source: scribe.asyncapi.yaml of elevenlabs/packages, read 2026-11-23.
 */
export const elevenlabsScribe = defineProtocol({
  name: 'elevenlabs-scribe',
  tell: { toVendor: { field: 'message_type' }, toCaller: { field: 'message_type' } },
  binary: { toVendor: 'refused', toCaller: 'refused' },
  audio: {
    toVendor: [
      { message_type: literal('input_audio_chunk'), audio_base_64: base64, commit: flag, sample_rate: number },
    ],
  },
  wordless: { session_id: 'id' },
  query: {
    model_id: 'model',
    token: 'secret',
    keyterms: 'hint',
    audio_format: 'wordless',
    commit_strategy: 'wordless',
    enable_logging: 'wordless',
    entity_detection: 'wordless',
    filter_background_audio: 'wordless',
    include_language_detection: 'wordless',
    include_timestamps: 'wordless',
    language_code: 'wordless',
    min_silence_duration_ms: 'wordless',
    min_speech_duration_ms: 'wordless',
    no_verbatim: 'wordless',
    secondary_languages: 'wordless',
    transcript_edit: 'text',
    vad_silence_threshold_secs: 'wordless',
    vad_threshold: 'wordless',
  },
  entrance: { paths: ['/v1/speech-to-text/realtime'], needs: ['model_id'], credential: { header: 'xi-api-key' } },
  messages: {
    toVendor: {
      input_audio_chunk: {
        kind: Kind.Audio,
        text: { previous_text: aside },
        wordless: { audio_base_64: 'base64' },
      },
    },
    toCaller: {
      session_started: {
        kind: Kind.Config,
        text: { 'config.keyterms[]': hint },
        wordless: {
          'config.model_id': 'name',
          'config.audio_format': 'enum',
          'config.language_code': 'enum',
          'config.commit_strategy': 'enum',
          'config.vad_commit_strategy': 'enum',
        },
      },
      partial_transcript: segment(''),
      committed_transcript: segment('committed_transcript'),
      final_transcript: segment('final_transcript'),
      committed_transcript_with_timestamps: timed,
      final_transcript_with_timestamps: timed,
      edited_transcript: {
        kind: Kind.Text,
        text: { text: { mode: 'repeat', speaker: 'caller' }, edited_text: { mode: 'repeat', speaker: 'caller' } },
      },
      committed_transcript_entities: {
        kind: Kind.Text,
        text: { 'entities[].text': { mode: 'repeat', speaker: 'caller' } },
        wordless: { 'entities[].type': 'name', 'entities[].entity_type': 'name' },
      },
      ...Object.fromEntries(errors.map((type) => [type, { kind: Kind.Text, text: { error: aside } }])),
    },
  },
});
