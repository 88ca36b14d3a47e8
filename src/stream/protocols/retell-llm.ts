import { defineProtocol } from '../define.ts';
import type { Json, JsonObject } from '../json.ts';
import { Kind, type Known, type Onward, type OpenMessage, type Parting } from '../protocol.ts';
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

/** Behind the URLs of a call lie its recording, its log, what was looked up for it; without signature unless an agent asks for one. */
const links = [
  'recording_url',
  'recording_multi_channel_url',
  'scrubbed_recording_url',
  'scrubbed_recording_multi_channel_url',
  'public_log_url',
  'knowledge_base_retrieved_contents_url',
];

/** An agent of Retell that is changed during the call: everybody whom its settings can name. */
const agent: MessageSpec = {
  kind: Kind.Config,
  names: {
    'agent_config.response_engine.type': {
      form: 'provider',
      harmless: ['custom-llm', 'retell-llm', 'conversation-flow'],
    },
    'agent_config.response_engine.llm_websocket_url': 'url',
    'agent_config.response_engine.llm_id': 'configuration',
    'agent_config.response_engine.conversation_flow_id': 'configuration',
    // The part before the first hyphen says whose voice it is.
    'agent_config.voice_id': 'configuration',
    'agent_config.fallback_voice_ids[]': 'configuration',
    'agent_config.custom_stt_config.provider': 'provider',
    'agent_config.post_call_analysis_model': 'model',
    'agent_config.webhook_url': 'url',
    // Any other setting keeps who called.
    'agent_config.data_storage_setting': {
      form: 'configuration',
      harmless: ['everything_except_pii', 'basic_attributes_only'],
    },
  },
  free: ['agent_config'],
};

const forms: Readonly<Record<string, Wordless>> = {
  'transcript[].role': 'enum',
  'transcript_with_tool_calls[].role': 'enum',
  'transcript_with_tool_calls[].transition_type': 'enum',
  'transcript_with_tool_calls[].name': 'name',
  turntaking: 'enum',
};

const history: MessageSpec = {
  kind: Kind.Text,
  text: {
    'transcript[].content': line,
    'transcript[].words[].word': { mode: 'repeat', speaker: 'caller', pieceOf: 'transcript[].content' },
    'transcript_with_tool_calls[].content': { ...line, key: 'line-with-tools' },
    'transcript_with_tool_calls[].words[].word': {
      mode: 'repeat',
      speaker: 'caller',
      pieceOf: 'transcript_with_tool_calls[].content',
    },
    'transcript_with_tool_calls[].arguments': aside,
  },
  // A key comes again with every message: the others do not wait for it, so it is masked and not held back.
  known: {
    'transcript_with_tool_calls[].digit': { kind: 'KEYPAD', instead: 'placeholder' },
    // What the caller sent with a text message: whoever has the address has the picture.
    'transcript_with_tool_calls[].multimedia[].url': { kind: 'PHOTO', instead: 'placeholder' },
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

const requests: ReadonlySet<string> = new Set(['response_required', 'reminder_required']);

/**
 * Retell holds the telephone call. It transfers or ends it when the words that came with `transfer_number` or `end_call` have been
 * spoken, and forgets about it when the caller talks over them: so nobody may, and it is said again whenever words are asked for.
 * What answers any request but the newest is dropped in silence, as is what comes after the whole of an answer; then
 * `agent_interrupt` it is. Closing the socket would end the call: code 1000 is a hang-up, every other one a fault.
 * Source: docs.retellai.com, "LLM WebSocket", "Add function calling", "Debug call disconnection"; interrupts with these two fields
 * also in retell-custom-llm-python-demo; read 2026-11-23.
 */
class RetellParting implements Parting {
  /** The newest request without a whole answer. Retell waits for number 0, the first words, before it asks for any. */
  private asked: Json | undefined = 0;
  /** Some of the answer has been said. */
  private midway = false;
  private interrupts = 0;

  heard(message: OpenMessage): void {
    if (!requests.has(message.type)) return;
    this.asked = message.field('response_id');
    this.midway = false;
  }

  told(message: OpenMessage): void {
    const interrupt = message.field('interrupt_id');
    if (typeof interrupt === 'number') this.interrupts = interrupt;
    if (this.asked === undefined || message.field('response_id') !== this.asked) return;
    this.midway = message.field('content_complete') !== true;
    if (!this.midway) this.asked = undefined;
  }

  begin(onward: Onward): Buffer {
    if (this.asked !== undefined)
      return lastWords({ response_type: 'response', response_id: this.asked }, onward, this.midway);
    this.interrupts += 1;
    return lastWords({ response_type: 'agent_interrupt', interrupt_id: this.interrupts }, onward);
  }

  answer(message: OpenMessage, onward: Onward): Buffer | undefined {
    if (message.type === 'ping_pong')
      return sealed({ response_type: 'ping_pong', timestamp: message.field('timestamp') ?? 0 });
    if (!requests.has(message.type)) return undefined;
    this.heard(message);
    return this.begin(onward);
  }
}

function lastWords(head: JsonObject, { say, dial }: Onward, midway = false): Buffer {
  const action = dial === undefined ? { end_call: true } : { transfer_number: dial };
  const content = midway ? ` ${say}` : say;
  return sealed({ ...head, content, content_complete: true, no_interruption_allowed: true, ...action });
}

function sealed(message: JsonObject): Buffer {
  return Buffer.from(JSON.stringify(message));
}

/**
 * Retell's custom LLM socket: Retell dials in, with the id of the call behind the URL that its agent has; the practice's model
 * answers behind chaperone. The upgrade bears no signature and no header of the practice's choice, so the token stands in the path.
 * Source: retell-custom-llm-node-demo (2024-09); docs.retellai.com, "LLM WebSocket", "Setup WebSocket Server", read 2026-11-23.
 */
export const retellLlm = defineProtocol({
  name: 'retell-llm',
  tell: { toVendor: { field: 'interaction_type' }, toCaller: { field: 'response_type', keys: ['response_id'] } },
  binary: { toVendor: 'refused', toCaller: 'refused' },
  wordless: {
    interaction_type: 'enum',
    response_type: 'enum',
    tool_call_id: 'id',
    response_id: 'number',
    timestamp: 'number',
  },
  entrance: { paths: ['/{token}/{call}'], credential: { header: 'authorization', scheme: 'Bearer' } },
  parting: () => new RetellParting(),
  messages: {
    toVendor: {
      call_details: {
        kind: Kind.Config,
        known: {
          'call.from_number': { ...phone, callerWhen: { at: 'call.direction', is: 'inbound' } },
          'call.to_number': { ...phone, callerWhen: { at: 'call.direction', is: 'outbound' } },
          'call.call_id': { kind: 'CALL_ID', instead: 'callAlias' },
          ...Object.fromEntries(
            links.map((name) => [`call.${name}`, { kind: 'URL', instead: 'placeholder' } as const]),
          ),
          'call.metadata.*': { kind: 'parameter', instead: 'placeholder' },
          'call.retell_llm_dynamic_variables.*': { kind: 'parameter', instead: 'placeholder' },
          'call.collected_dynamic_variables.*': { kind: 'parameter', instead: 'placeholder' },
          'call.custom_sip_headers.*': { kind: 'parameter', instead: 'placeholder' },
          'call.telephony_identifier.twilio_call_sid': { kind: 'CALL_ID', instead: 'placeholder' },
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
      // The oldest servers say no type: it is a response.
      response_id: reply('response_id'),
      agent_interrupt: reply('interrupt_id'),
      tool_call_invocation: { kind: Kind.Text, text: { arguments: aside }, wordless: { name: 'name' } },
      tool_call_result: { kind: Kind.Text, text: { content: aside } },
      update_agent: agent,
      metadata: { kind: Kind.Text, free: ['metadata'] },
      ...controls('config', 'ping_pong'),
    },
  },
});
