import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { TextRule } from '../rules.ts';
import { controls } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
const repeat: TextRule = { mode: 'repeat', speaker: 'caller' };
const transcript = 'channel.alternatives[].transcript';
const word: TextRule = { mode: 'repeat', speaker: 'caller', pieceOf: transcript };

/**
 * Deepgram speech to text, /v1/listen. Source: asyncapi.yml of deepgram-api-specs (2026-07-22), @deepgram/sdk 5.13.
 */
export const deepgramListen = defineProtocol({
  name: 'deepgram-listen',
  tell: { toVendor: { field: 'type' }, toCaller: { field: 'type' } },
  binary: { toVendor: 'audio', toCaller: 'refused' },
  wordless: { type: 'enum', request_id: 'id', model_uuid: 'id', language: 'enum', version: 'enum' },
  query: {
    model: 'model',
    callback: 'url',
    keyterm: 'hint',
    keywords: 'hint',
    search: 'hint',
    replace: 'hint',
    tag: 'text',
    extra: 'text',
    token: 'secret',
    callback_method: 'wordless',
    channels: 'wordless',
    detect_entities: 'wordless',
    diarize: 'wordless',
    diarize_model: 'wordless',
    dictation: 'wordless',
    encoding: 'wordless',
    endpointing: 'wordless',
    filler_words: 'wordless',
    interim_results: 'wordless',
    language: 'wordless',
    mip_opt_out: 'wordless',
    multichannel: 'wordless',
    no_delay: 'wordless',
    numerals: 'wordless',
    profanity_filter: 'wordless',
    punctuate: 'wordless',
    redact: 'wordless',
    sample_rate: 'wordless',
    smart_format: 'wordless',
    utterance_end_ms: 'wordless',
    vad_events: 'wordless',
    version: 'wordless',
  },
  entrance: { paths: ['/v1/listen'], needs: ['model'], credential: { header: 'authorization', scheme: 'Token' } },
  messages: {
    toVendor: { ...controls('KeepAlive', 'Finalize'), CloseStream: { kind: Kind.Control, ends: true } },
    toCaller: {
      Results: {
        kind: Kind.Text,
        text: {
          // An interim restates the segment that begins at `start`; the final freezes it.
          [transcript]: {
            mode: 'cumulative',
            speaker: 'caller',
            key: 'segment',
            by: ['channel_index.0', 'start'],
            last: { at: 'is_final', is: [true], whenMissing: false },
          },
          'channel.alternatives[].words[].word': word,
          'channel.alternatives[].words[].punctuated_word': word,
          'entities[].value': repeat,
          'entities[].raw_value': repeat,
          'channel.search[].query': aside,
          'channel.search[].hits[].snippet': repeat,
        },
        wordless: {
          'entities[].label': 'name',
          'metadata.model_info.name': 'name',
          'metadata.model_info.arch': 'name',
          'channel.alternatives[].languages[]': 'enum',
        },
      },
      Metadata: {
        kind: Kind.Control,
        wordless: { transaction_key: 'id', sha256: 'id', created: 'id', 'models[]': 'id', 'model_info.*.name': 'name' },
      },
      Error: { kind: Kind.Text, text: { description: aside, message: aside }, wordless: { code: 'name' } },
      Warning: { kind: Kind.Text, text: { description: aside, message: aside }, wordless: { code: 'name' } },
      ...controls('UtteranceEnd', 'SpeechStarted'),
    },
  },
});
