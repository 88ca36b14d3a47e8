import { defineProtocol } from '../define.ts';
import {
  aside,
  configuration,
  configurationEcho,
  hint,
  item,
  itemForms,
  itemMessage,
  itemWords,
  repeat,
  typedMessage,
} from '../fragments/openai.ts';
import { Kind } from '../protocol.ts';
import { base64, id, literal, number } from '../shape.ts';
import { controls, type MessageSpec } from '../table.ts';

const heard = { speaker: 'caller', key: 'heard', by: ['item_id', 'content_index'] } as const;
const said = { speaker: 'agent', by: ['response_id', 'item_id', 'output_index', 'content_index'] } as const;

function deltas(key: string): MessageSpec {
  return {
    kind: Kind.Text,
    text: { delta: { ...said, key, mode: 'delta' } },
    wordless: { obfuscation: 'id' },
    dropped: ['logprobs'],
  };
}

function whole(key: string, path: string): MessageSpec {
  return {
    kind: Kind.Text,
    text: { [path]: { ...said, key, mode: 'finish' } },
    wordless: { name: 'name' },
    dropped: ['logprobs'],
  };
}

const part: MessageSpec = {
  kind: Kind.Text,
  text: { 'part.text': repeat, 'part.transcript': repeat },
  wordless: { 'part.audio': 'base64' },
};

const response: MessageSpec = {
  kind: Kind.Text,
  text: {
    ...item('response.output[]', itemWords(repeat)),
    'response.metadata.*': aside,
    'response.status_details.error.message': aside,
  },
  wordless: {
    ...item('response.output[]', itemForms),
    'response.audio.output.voice': 'name',
    'response.voice': 'name',
  },
};

const audioDelta: MessageSpec = { kind: Kind.Audio, wordless: { delta: 'base64' } };

/**
 * OpenAI Realtime, the general version and the names of the beta. The same sentence comes up to five times: in deltas, at
 * their end, in the part, the item, the response, and again whenever an item is retrieved.
 * Source: types of openai 7.57 and 6.49 (resources/realtime), read 2026-11-23.
 */
export const openaiRealtime = defineProtocol({
  name: 'openai-realtime',
  tell: { toVendor: { field: 'type' }, toCaller: { field: 'type' } },
  binary: { toVendor: 'refused', toCaller: 'refused' },
  audio: {
    toVendor: [
      {
        type: literal('input_audio_buffer.append', 'session.input_audio_buffer.append'),
        event_id: id,
        audio: base64,
      },
    ],
    toCaller: [
      {
        type: literal('response.output_audio.delta', 'response.audio.delta', 'session.output_audio.delta'),
        event_id: id,
        response_id: id,
        item_id: id,
        output_index: number,
        content_index: number,
        delta: base64,
      },
    ],
  },
  wordless: {
    type: 'enum',
    role: 'enum',
    status: 'enum',
    object: 'enum',
    code: 'enum',
    event_id: 'id',
    id: 'id',
    item_id: 'id',
    previous_item_id: 'id',
    response_id: 'id',
    conversation_id: 'id',
    call_id: 'id',
    model: 'name',
    expires_at: 'number',
  },
  query: {
    model: 'model',
    // A second connection to a session that somebody else has configured, over WebRTC or SIP: what it names is not seen here.
    call_id: 'configuration',
    intent: 'wordless',
    deployment: 'model',
    'api-version': 'wordless',
  },
  entrance: {
    paths: ['/v1/realtime', '/v1/realtime/translations', '/openai/v1/realtime', '/openai/realtime'],
    credential: { header: 'authorization', scheme: 'Bearer' },
    headers: ['openai-beta'],
  },
  messages: {
    toVendor: {
      'session.update': configuration('session'),
      'transcription_session.update': configuration('session'),
      'response.create': configuration('response'),
      'conversation.item.create': typedMessage('item'),
      'input_audio_buffer.append': { kind: Kind.Audio, wordless: { audio: 'base64' } },
      'session.input_audio_buffer.append': { kind: Kind.Audio, wordless: { audio: 'base64' } },
      'session.close': { kind: Kind.Control },
      ...controls(
        'conversation.item.delete',
        'conversation.item.retrieve',
        'conversation.item.truncate',
        'input_audio_buffer.commit',
        'input_audio_buffer.clear',
        'output_audio_buffer.clear',
        'response.cancel',
      ),
    },
    toCaller: {
      'session.created': configurationEcho('session'),
      'session.updated': configurationEcho('session'),
      'transcription_session.updated': configurationEcho('session'),
      'conversation.item.input_audio_transcription.delta': {
        kind: Kind.Text,
        text: { delta: { ...heard, mode: 'delta' } },
        dropped: ['logprobs'],
      },
      'conversation.item.input_audio_transcription.completed': {
        kind: Kind.Text,
        text: { transcript: { ...heard, mode: 'finish' } },
        dropped: ['logprobs'],
      },
      'conversation.item.input_audio_transcription.segment': {
        kind: Kind.Text,
        // A label, or the name of somebody whose voice was given before.
        text: { text: { mode: 'whole', speaker: 'caller', by: ['item_id', 'id'] }, speaker: hint },
      },
      'conversation.item.input_audio_transcription.failed': { kind: Kind.Text, text: { 'error.message': aside } },
      'response.output_audio_transcript.delta': deltas('speech'),
      'response.output_audio_transcript.done': whole('speech', 'transcript'),
      'response.audio_transcript.delta': deltas('speech'),
      'response.audio_transcript.done': whole('speech', 'transcript'),
      'response.output_text.delta': deltas('text'),
      'response.output_text.done': whole('text', 'text'),
      'response.text.delta': deltas('text'),
      'response.text.done': whole('text', 'text'),
      'response.function_call_arguments.delta': deltas('arguments'),
      'response.function_call_arguments.done': whole('arguments', 'arguments'),
      'response.mcp_call_arguments.delta': deltas('arguments'),
      'response.mcp_call_arguments.done': whole('arguments', 'arguments'),
      'session.input_transcript.delta': {
        kind: Kind.Text,
        text: { delta: { mode: 'delta', speaker: 'caller', key: 'input', endsWithSilence: true } },
      },
      'session.output_transcript.delta': {
        kind: Kind.Text,
        text: { delta: { mode: 'delta', speaker: 'agent', key: 'output', endsWithSilence: true } },
      },
      'response.content_part.added': part,
      'response.content_part.done': part,
      'response.output_item.added': itemMessage('item', repeat),
      'response.output_item.done': itemMessage('item', repeat),
      'conversation.item.added': itemMessage('item', repeat),
      'conversation.item.done': itemMessage('item', repeat),
      'conversation.item.created': itemMessage('item', repeat),
      'conversation.item.retrieved': itemMessage('item', repeat),
      'response.created': response,
      'response.done': response,
      'response.output_audio.delta': audioDelta,
      'response.audio.delta': audioDelta,
      'session.output_audio.delta': audioDelta,
      error: { kind: Kind.Text, text: { 'error.message': aside, 'error.param': aside } },
      'input_audio_buffer.dtmf_event_received': {
        kind: Kind.Control,
        known: { event: { kind: 'KEYPAD', instead: 'nothing' } },
        wordless: { received_at: 'number' },
      },
      ...controls(
        'session.closed',
        'conversation.created',
        'conversation.item.truncated',
        'conversation.item.deleted',
        'input_audio_buffer.committed',
        'input_audio_buffer.cleared',
        'input_audio_buffer.speech_started',
        'input_audio_buffer.speech_stopped',
        'input_audio_buffer.timeout_triggered',
        'output_audio_buffer.started',
        'output_audio_buffer.stopped',
        'output_audio_buffer.cleared',
        'response.output_audio.done',
        'response.audio.done',
        'response.mcp_call.in_progress',
        'response.mcp_call.completed',
        'response.mcp_call.failed',
        'mcp_list_tools.in_progress',
        'mcp_list_tools.completed',
        'mcp_list_tools.failed',
        'rate_limits.updated',
      ),
    },
  },
});
