import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { TextRule } from '../rules.ts';
import { controls } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };

/**
 * Deepgram text to speech, /v1/speak and /v2/speak: text is appended until it is flushed.
 * Source: asyncapi.yml of deepgram-api-specs (2026-07-22).
 */
export const deepgramSpeak = defineProtocol({
  name: 'deepgram-speak',
  tell: { toVendor: { field: 'type' }, toCaller: { field: 'type' } },
  binary: { toVendor: 'refused', toCaller: 'audio' },
  wordless: { type: 'enum', request_id: 'id', code: 'name', warn_code: 'name', warn_msg: 'name' },
  query: {
    model: 'model',
    tag: 'text',
    token: 'secret',
    callback: 'url',
    bit_rate: 'wordless',
    container: 'wordless',
    encoding: 'wordless',
    expressivity: 'wordless',
    mip_opt_out: 'wordless',
    sample_rate: 'wordless',
    speed: 'wordless',
  },
  entrance: {
    paths: ['/v1/speak', '/v2/speak'],
    needs: ['model'],
    credential: { header: 'authorization', scheme: 'Token' },
  },
  messages: {
    toVendor: {
      Speak: {
        kind: Kind.Text,
        text: { text: { mode: 'delta', speaker: 'agent', key: 'speak', silentWhenEmpty: true } },
      },
      Flush: { kind: Kind.Control, finishes: [{ keys: ['speak'] }] },
      Close: { kind: Kind.Control, finishes: [{ keys: ['speak'] }], ends: true },
      Clear: { kind: Kind.Control, cuts: ['speak'] },
      Interrupt: { kind: Kind.Control, cuts: ['speak'] },
      Configure: { kind: Kind.Config },
    },
    toCaller: {
      Metadata: { kind: Kind.Control, wordless: { model_name: 'name', model_version: 'name', model_uuid: 'id' } },
      ConfigureFailure: { kind: Kind.Text, text: { description: aside }, wordless: { field: 'enum' } },
      Connected: {
        kind: Kind.Control,
        wordless: { model_name: 'name', model_version: 'name', 'model_uuids[]': 'id' },
      },
      SpeechInterrupted: {
        kind: Kind.Text,
        text: {
          text_spoken: { mode: 'repeat', speaker: 'agent' },
          text_remaining: { mode: 'repeat', speaker: 'agent' },
        },
      },
      SpeechMetadata: { kind: Kind.Control },
      SessionMetadata: { kind: Kind.Control, wordless: { model_name: 'name', model_version: 'name' } },
      Warning: { kind: Kind.Text, text: { description: aside } },
      Error: { kind: Kind.Text, text: { description: aside } },
      ...controls('ConfigureSuccess', 'Flushed', 'Cleared', 'SpeechStarted'),
    },
  },
});
