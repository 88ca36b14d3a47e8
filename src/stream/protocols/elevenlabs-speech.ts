import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { TextRule, Wordless } from '../rules.ts';
import { base64, flag, id } from '../shape.ts';

const caption: TextRule = { mode: 'repeat', speaker: 'agent', pieceOf: '' };
const credentials: Readonly<Record<string, Wordless>> = {
  'xi-api-key': 'credential',
  xi_api_key: 'credential',
  authorization: 'credential',
};

/**
 * ElevenLabs text to speech, stream-input and multi-stream-input: text in pieces until it is flushed; an empty text ends
 * the stream, so a piece that is wholly held is not sent. The first message may carry the API key.
 * Source: @elevenlabs/elevenlabs-js 2.73, read 2026-11-23.
 */
export const elevenlabsSpeech = defineProtocol({
  name: 'elevenlabs-speech',
  tell: { toVendor: { field: 'type', otherwise: 'text' }, toCaller: { field: 'type', otherwise: 'audio' } },
  binary: { toVendor: 'refused', toCaller: 'refused' },
  audio: { toCaller: [{ audio: base64, isFinal: flag, contextId: id }] },
  wordless: { context_id: 'id', contextId: 'id' },
  query: {
    model_id: 'model',
    authorization: 'secret',
    single_use_token: 'secret',
    output_format: 'wordless',
    enable_logging: 'wordless',
    apply_text_normalization: 'wordless',
    auto_mode: 'wordless',
    enable_ssml_parsing: 'wordless',
    inactivity_timeout: 'wordless',
    language_code: 'wordless',
    optimize_streaming_latency: 'wordless',
    seed: 'wordless',
    sync_alignment: 'wordless',
  },
  entrance: {
    paths: ['/v1/text-to-speech/{voice}/stream-input', '/v1/text-to-speech/{voice}/multi-stream-input'],
    needs: ['model_id'],
    credential: { header: 'xi-api-key' },
    inMessages: ['xi-api-key', 'xi_api_key', 'authorization'],
  },
  messages: {
    toVendor: {
      text: {
        kind: Kind.Text,
        text: {
          text: {
            mode: 'delta',
            speaker: 'agent',
            key: 'speak',
            by: ['context_id'],
            last: { at: 'flush', is: [true], whenMissing: false },
            silentWhenEmpty: true,
          },
        },
        wordless: credentials,
        finishes: [
          { keys: ['speak'], when: { at: 'text', is: [''] } },
          { keys: ['speak'], when: { at: 'close_context', is: [true] } },
          { keys: ['speak'], when: { at: 'close_socket', is: [true] } },
        ],
      },
    },
    toCaller: {
      audio: {
        kind: Kind.Audio,
        // The normalised caption spells numbers out: the same words in other characters.
        text: { 'alignment.chars[]': caption, 'normalizedAlignment.chars[]': caption },
        wordless: { audio: 'base64' },
      },
    },
  },
});
