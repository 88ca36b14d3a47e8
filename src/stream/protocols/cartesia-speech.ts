import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { TextRule } from '../rules.ts';
import { base64, flag, id, literal, number } from '../shape.ts';
import { controls } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };

/**
 * Cartesia text to speech: a transcript in pieces by context, many contexts on one socket.
 * Source: @cartesia/cartesia-js 4.2, read 2026-11-23.
 */
export const cartesiaSpeech = defineProtocol({
  name: 'cartesia-speech',
  tell: { toVendor: { field: 'type', otherwise: 'request' }, toCaller: { field: 'type' } },
  binary: { toVendor: 'refused', toCaller: 'refused' },
  audio: {
    toCaller: [
      {
        type: literal('chunk'),
        data: base64,
        done: flag,
        status_code: number,
        step_time: number,
        context_id: id,
        flush_id: number,
      },
    ],
  },
  wordless: { type: 'enum', context_id: 'id', language: 'enum', error_code: 'name' },
  query: { api_key: 'secret', access_token: 'secret', cartesia_version: 'wordless', cartesia_client: 'wordless' },
  entrance: {
    paths: ['/tts/websocket'],
    credential: { header: 'authorization', scheme: 'Bearer' },
    headers: ['cartesia-version'],
  },
  messages: {
    toVendor: {
      request: {
        kind: Kind.Text,
        names: { model_id: 'model' },
        text: {
          transcript: {
            mode: 'delta',
            speaker: 'agent',
            key: 'speak',
            by: ['context_id'],
            last: { at: 'continue', is: [false], whenMissing: true },
            silentWhenEmpty: true,
          },
        },
        wordless: {
          voice: 'id',
          'voice.id': 'id',
          'voice.mode': 'enum',
          'output_format.container': 'enum',
          'output_format.encoding': 'enum',
          pronunciation_dict_id: 'id',
        },
        finishes: [{ keys: ['speak'], when: { at: 'flush', is: [true] } }],
      },
    },
    toCaller: {
      chunk: { kind: Kind.Audio, wordless: { data: 'base64' } },
      timestamps: {
        kind: Kind.Text,
        text: { 'word_timestamps.words[]': { mode: 'repeat', speaker: 'agent', pieceOf: '' } },
      },
      // Sounds spell the words out: nothing recognises a name in them.
      phoneme_timestamps: { kind: Kind.Text, dropped: ['phoneme_timestamps.phonemes'] },
      error: { kind: Kind.Text, text: { title: aside, message: aside, error: aside } },
      ...controls('flush_done', 'done'),
    },
  },
});
