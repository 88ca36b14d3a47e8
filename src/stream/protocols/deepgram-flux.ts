import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { TextRule } from '../rules.ts';
import { controls } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
const hint: TextRule = { mode: 'hint', speaker: 'agent' };

/**
 * Deepgram Flux, /v2/listen: speech to text by turns. Source: asyncapi.yml of deepgram-api-specs (2026-07-22).
 */
export const deepgramFlux = defineProtocol({
  name: 'deepgram-flux',
  tell: { toVendor: { field: 'type' }, toCaller: { field: 'type' } },
  binary: { toVendor: 'audio', toCaller: 'refused' },
  wordless: { type: 'enum', request_id: 'id', code: 'name' },
  query: {
    model: 'model',
    keyterm: 'hint',
    tag: 'text',
    extra: 'text',
    token: 'secret',
    eager_eot_threshold: 'wordless',
    encoding: 'wordless',
    eot_threshold: 'wordless',
    eot_timeout_ms: 'wordless',
    language_hint: 'wordless',
    mip_opt_out: 'wordless',
    numerals: 'wordless',
    profanity_filter: 'wordless',
    redact: 'wordless',
    sample_rate: 'wordless',
  },
  entrance: { paths: ['/v2/listen'], needs: ['model'], credential: { header: 'authorization', scheme: 'Token' } },
  messages: {
    toVendor: {
      Configure: { kind: Kind.Config, text: { 'keyterms[]': hint }, wordless: { 'language_hints[]': 'enum' } },
      CloseStream: { kind: Kind.Control, ends: true },
      ...controls('ForceEndTurn', 'KeepAlive'),
    },
    toCaller: {
      TurnInfo: {
        kind: Kind.Text,
        text: {
          // Restates the whole turn; earlier words may change. Only EndOfTurn is final: EagerEndOfTurn may be taken back.
          transcript: {
            mode: 'cumulative',
            speaker: 'caller',
            key: 'turn',
            by: ['turn_index'],
            last: { at: 'event', is: ['EndOfTurn'], whenMissing: false },
          },
          'words[].word': { mode: 'repeat', speaker: 'caller', pieceOf: 'transcript' },
        },
        wordless: { event: 'enum', trigger: 'enum', 'languages[]': 'enum' },
      },
      ConfigureSuccess: { kind: Kind.Config, text: { 'keyterms[]': hint }, wordless: { 'language_hints[]': 'enum' } },
      ConfigureFailure: { kind: Kind.Config, text: { description: aside } },
      Error: { kind: Kind.Text, text: { description: aside } },
      ...controls('Connected'),
    },
  },
});
