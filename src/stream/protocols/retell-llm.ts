import { defineProtocol } from '../define.ts';
import { Kind, type Known } from '../protocol.ts';
import type { SpeakerRule, TextRule, Wordless } from '../rules.ts';
import { controls, type MessageSpec } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
const phone: Known = { kind: 'PHONE', instead: 'placeholder' };
const byRole: SpeakerRule = { at: './role', agent: ['agent', 'assistant', 'system'] };

/** The whole conversation every time. Its last text may still change until an answer is asked for. */
const line: TextRule = {
  mode: 'history',
  speaker: byRole,
  key: 'line',
  last: { at: 'interaction_type', is: ['response_required', 'reminder_required'], whenMissing: true },
};

const forms: Readonly<Record<string, Wordless>> = {
  'transcript[].role': 'enum',
  'transcript_with_tool_calls[].role': 'enum',
  'transcript_with_tool_calls[].name': 'name',
  turntaking: 'enum',
};

const history: MessageSpec = {
  kind: Kind.Text,
  text: {
    'transcript[].content': line,
    'transcript[].words[].word': { mode: 'repeat', speaker: 'caller', pieceOf: 'transcript[].content' },
    'transcript_with_tool_calls[].content': { ...line, key: 'line-with-tools' },
    'transcript_with_tool_calls[].arguments': aside,
  },
  wordless: forms,
};

function reply(key: string): MessageSpec {
  const last = { at: 'content_complete', is: [true], whenMissing: false };
  return {
    kind: Kind.Text,
    text: { content: { mode: 'delta', speaker: 'agent', key, by: [key], last, silentWhenEmpty: true } },
    known: { transfer_number: phone },
  };
}

/**
 * Retell's custom LLM socket: Retell dials in, with the id of the call behind the URL that its agent has; the practice's model
 * answers behind chaperone. The upgrade bears no signature and no header of the practice's choice, so the token stands in the path.
 * Source: retell-custom-llm-node-demo (2024-09); docs.retellai.com, "LLM WebSocket", "Setup WebSocket Server", read 2026-11-23.
 */
export const retellLlm = defineProtocol({
  name: 'retell-llm',
  tell: { toVendor: { field: 'interaction_type' }, toCaller: { field: 'response_type' } },
  binary: { toVendor: 'refused', toCaller: 'refused' },
  wordless: {
    interaction_type: 'enum',
    response_type: 'enum',
    tool_call_id: 'id',
    response_id: 'number',
    timestamp: 'number',
  },
  entrance: { paths: ['/{token}/{call}'], credential: { header: 'authorization', scheme: 'Bearer' } },
  messages: {
    toVendor: {
      call_details: {
        kind: Kind.Config,
        known: {
          'call.from_number': { ...phone, callerWhen: { at: 'call.direction', is: 'inbound' } },
          'call.to_number': { ...phone, callerWhen: { at: 'call.direction', is: 'outbound' } },
          'call.call_id': { kind: 'CALL_ID', instead: 'callAlias' },
          'call.metadata.*': { kind: 'parameter', instead: 'placeholder' },
          'call.retell_llm_dynamic_variables.*': { kind: 'parameter', instead: 'placeholder' },
        },
        wordless: {
          'call.agent_id': 'id',
          'call.call_type': 'enum',
          'call.call_status': 'enum',
          'call.direction': 'enum',
          'call.access_token': 'id',
          'call.start_timestamp': 'number',
        },
      },
      update_only: history,
      response_required: history,
      reminder_required: history,
      ...controls('ping_pong'),
    },
    toCaller: {
      response: reply('response_id'),
      agent_interrupt: reply('interrupt_id'),
      tool_call_invocation: { kind: Kind.Text, text: { arguments: aside }, wordless: { name: 'name' } },
      tool_call_result: { kind: Kind.Text, text: { content: aside } },
      update_agent: { kind: Kind.Config, free: ['agent_config'] },
      metadata: { kind: Kind.Text, free: ['metadata'] },
      ...controls('config', 'ping_pong'),
    },
  },
});
