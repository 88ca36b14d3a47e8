import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { TextRule } from '../rules.ts';
import { controls, type MessageSpec } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
const hint: TextRule = { mode: 'hint', speaker: 'agent' };
const word: TextRule = { mode: 'repeat', speaker: 'caller', pieceOf: 'transcript' };

/** A turn is restated until its end; there is one at a time. */
function turn(type: string): MessageSpec {
  const last = { at: 'type', is: [type], whenMissing: false };
  return {
    kind: Kind.Text,
    text: { transcript: { mode: 'cumulative', speaker: 'caller', key: 'turn', last }, 'words[].word': word },
  };
}

/**
 * Cartesia speech to text, by turns and by hand; the commands of the latter are bare words.
 * Source: @cartesia/cartesia-js 4.2, read 2026-11-23.
 */
export const cartesiaTranscribe = defineProtocol({
  name: 'cartesia-transcribe',
  tell: { toVendor: { field: 'type' }, toCaller: { field: 'type' } },
  binary: { toVendor: 'audio', toCaller: 'refused' },
  commands: { toVendor: ['finalize', 'close', 'done'] },
  wordless: { type: 'enum', request_id: 'id', language: 'enum', error_code: 'name' },
  query: {
    model: 'model',
    api_key: 'secret',
    access_token: 'secret',
    keyterm: 'hint',
    cartesia_version: 'wordless',
    cartesia_client: 'wordless',
    encoding: 'wordless',
    language: 'wordless',
    max_silence_duration_secs: 'wordless',
    min_volume: 'wordless',
    sample_rate: 'wordless',
    turn_eager_end_threshold: 'wordless',
    turn_end_threshold: 'wordless',
    turn_end_timeout_ms: 'wordless',
    turn_start_threshold: 'wordless',
  },
  entrance: {
    paths: ['/stt/turns/websocket', '/stt/websocket'],
    credential: { header: 'authorization', scheme: 'Bearer' },
    needs: ['model'],
    headers: ['cartesia-version'],
  },
  messages: {
    toVendor: {
      config: { kind: Kind.Config, text: { 'keyterms[]': hint } },
      close: { kind: Kind.Control, ends: true },
    },
    toCaller: {
      'turn.start': turn(''),
      'turn.update': turn(''),
      'turn.eager_end': turn(''),
      'turn.resume': turn(''),
      'turn.end': turn('turn.end'),
      transcript: {
        kind: Kind.Text,
        text: {
          text: {
            mode: 'cumulative',
            speaker: 'caller',
            key: 'segment',
            last: { at: 'is_final', is: [true], whenMissing: false },
          },
          'words[].word': { mode: 'repeat', speaker: 'caller', pieceOf: 'text' },
        },
      },
      error: { kind: Kind.Text, text: { title: aside, message: aside, error: aside } },
      done: { kind: Kind.Control, ends: true },
      ...controls('connected', 'flush_done'),
    },
  },
});
