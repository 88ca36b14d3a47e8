import { defineProtocol } from '../define.ts';
import { Kind, type Known } from '../protocol.ts';
import type { NameRule, TextRule, Wordless } from '../rules.ts';
import { base64, literal, number, object } from '../shape.ts';
import { controls } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
const hint: TextRule = { mode: 'hint', speaker: 'agent' };
const parameter: Known = { kind: 'parameter', instead: 'placeholder' };
const llm: NameRule = { form: 'provider', harmless: [] };
const agentText: TextRule = { mode: 'history', speaker: 'agent' };
const captions: Readonly<Record<string, TextRule>> = {
  'audio_event.alignment.chars[]': { mode: 'repeat', speaker: 'agent', pieceOf: '' },
};
const override = 'conversation_config_override';
const toolCall: Readonly<Record<string, Wordless>> = {
  'client_tool_call.tool_name': 'name',
  'mcp_tool_call.tool_name': 'name',
  'mcp_tool_call.state': 'enum',
  'agent_tool_response.tool_name': 'name',
  'agent_tool_request.tool_name': 'name',
};

/**
 * A whole agent, as it is otherwise kept there: an orchestrator on own machines is given it on the wire. Any other address in
 * it is judged as one that no table names.
 */
const promptNames: Readonly<Record<string, NameRule | NameRule['form']>> = {
  llm,
  'custom_llm.url': 'url',
  'backup_llm_config.order[]': llm,
  'tools[].api_schema.url': 'url',
  'tool_ids[]': 'configuration',
  'mcp_server_ids[]': 'configuration',
  'native_mcp_server_ids[]': 'configuration',
  'knowledge_base[].id': 'configuration',
};
const webhooks: Readonly<Record<string, NameRule['form']>> = {
  'conversation_initiation_client_data_webhook.url': 'url',
  'webhooks.post_call_webhook_id': 'configuration',
};

function under<Value>(at: string, paths: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(paths).map(([path, value]) => [`${at}.${path}`, value]));
}

/**
 * ElevenLabs Agents. Nearly all that matters (models, tools, webhooks, retention) stands in the agent's stored
 * configuration and not on the wire: the agent's id in the URL has to be pinned.
 * Source: agent.asyncapi.yaml of elevenlabs/packages, @elevenlabs/types 0.23, read 2026-11-23.
 */
export const elevenlabsAgents = defineProtocol({
  name: 'elevenlabs-agents',
  tell: { toVendor: { field: 'type', keys: ['user_audio_chunk'] }, toCaller: { field: 'type' } },
  binary: { toVendor: 'refused', toCaller: 'refused' },
  audio: {
    toVendor: [{ user_audio_chunk: base64 }],
    toCaller: [{ type: literal('audio'), audio_event: object({ audio_base_64: base64, event_id: number }) }],
  },
  wordless: {
    type: 'enum',
    event_id: 'id',
    tool_call_id: 'id',
    service_id: 'id',
    context_id: 'id',
    conversation_id: 'id',
    file_id: 'id',
  },
  query: {
    agent_id: 'configuration',
    environment: 'configuration',
    branch_id: 'configuration',
    conversation_signature: 'secret',
    token: 'secret',
    source: 'wordless',
    version: 'wordless',
  },
  entrance: { paths: ['/v1/convai/conversation'], needs: ['agent_id'], credential: { header: 'xi-api-key' } },
  messages: {
    toVendor: {
      conversation_initiation_client_data: {
        kind: Kind.Config,
        names: {
          [`${override}.agent.prompt.llm`]: llm,
          [`${override}.agent.prompt.native_mcp_server_ids[]`]: 'configuration',
          [`${override}.agent.prompt.mcp_server_ids[]`]: 'configuration',
          // Tools and documents that are kept there: a tool has the address of whom it asks.
          [`${override}.agent.prompt.tool_ids[]`]: 'configuration',
          [`${override}.agent.prompt.knowledge_base[].id`]: 'configuration',
          [`${override}.tts.model_id`]: 'model',
          environment: 'configuration',
          branch_id: 'configuration',
        },
        text: {
          [`${override}.agent.prompt.prompt`]: aside,
          [`${override}.agent.first_message`]: aside,
          [`${override}.agent.max_conversation_duration_message`]: aside,
          [`${override}.asr.keywords[]`]: hint,
        },
        free: ['custom_llm_extra_body', 'tool_mock_config'],
        known: { 'dynamic_variables.*': parameter, user_id: { kind: 'MRN', instead: 'placeholder' } },
        wordless: {
          [`${override}.agent.language`]: 'enum',
          [`${override}.tts.voice_id`]: 'id',
          [`${override}.conversation.client_events[]`]: 'name',
          'source_info.source': 'name',
          'source_info.version': 'enum',
        },
      },
      user_audio_chunk: { kind: Kind.Audio, wordless: { user_audio_chunk: 'base64' } },
      user_message: { kind: Kind.Text, text: { text: { mode: 'whole', speaker: 'caller' } } },
      multimodal_message: { kind: Kind.Text, text: { 'text.text': { mode: 'whole', speaker: 'caller' } } },
      contextual_update: { kind: Kind.Text, text: { text: aside } },
      client_tool_result: { kind: Kind.Text, text: { result: aside } },
      // An orchestrator on own machines names its webhooks and its model here.
      enclave_setup_config: {
        kind: Kind.Config,
        names: {
          'post_call_transcription_webhook.url': 'url',
          'post_call_audio_webhook.url': 'url',
          bedrock_inference_profile: llm,
          ...under('agent_config_dict.agent.prompt', promptNames),
          ...under('agent_config_dict.conversation_config.agent.prompt', promptNames),
          ...under('agent_config_dict.platform_settings.workspace_overrides', webhooks),
          'tools_config_list[].api_schema.url': 'url',
          'tools_config_list[].mcp_server_id': 'configuration',
        },
        free: ['agent_config_dict', 'tools_config_list'],
      },
      feedback: { kind: Kind.Control, wordless: { score: 'enum' } },
      ...controls('mcp_tool_approval_result', 'user_activity', 'pong'),
    },
    toCaller: {
      conversation_initiation_metadata: {
        kind: Kind.Config,
        wordless: {
          'conversation_initiation_metadata_event.agent_output_audio_format': 'enum',
          'conversation_initiation_metadata_event.user_input_audio_format': 'enum',
        },
      },
      tentative_user_transcript: {
        kind: Kind.Text,
        text: {
          'tentative_user_transcription_event.user_transcript': {
            mode: 'cumulative',
            speaker: 'caller',
            key: 'heard',
            by: ['tentative_user_transcription_event.event_id'],
          },
        },
      },
      user_transcript: {
        kind: Kind.Text,
        text: {
          'user_transcription_event.user_transcript': {
            mode: 'cumulative',
            speaker: 'caller',
            key: 'heard',
            by: ['user_transcription_event.event_id'],
            last: { at: 'type', is: ['user_transcript'], whenMissing: true },
          },
        },
      },
      agent_response: {
        kind: Kind.Text,
        text: {
          'agent_response_event.agent_response': agentText,
          'agent_response_event.attachments[].name': aside,
          'agent_response_event.attachments[].url': { mode: 'address', speaker: 'agent' },
        },
      },
      agent_response_correction: {
        kind: Kind.Text,
        text: {
          'agent_response_correction_event.original_agent_response': agentText,
          'agent_response_correction_event.corrected_agent_response': agentText,
        },
      },
      agent_chat_response_part: {
        kind: Kind.Text,
        text: {
          'text_response_part.text': {
            mode: 'delta',
            speaker: 'agent',
            key: 'part',
            by: ['text_response_part.event_id'],
            last: { at: 'text_response_part.type', is: ['stop'], whenMissing: false },
          },
        },
      },
      agent_reasoning_response_part: {
        kind: Kind.Text,
        text: {
          'reasoning_response_part.text': {
            mode: 'delta',
            speaker: 'agent',
            key: 'reasoning',
            by: ['reasoning_response_part.event_id'],
            last: { at: 'reasoning_response_part.type', is: ['stop'], whenMissing: false },
          },
        },
      },
      internal_tentative_agent_response: {
        kind: Kind.Text,
        text: { 'tentative_agent_response_internal_event.tentative_agent_response': aside },
      },
      // The caption of the audio: what is said, one character an element.
      audio: { kind: Kind.Audio, text: captions, wordless: { 'audio_event.audio_base_64': 'base64' } },
      client_tool_call: { kind: Kind.Text, wordless: toolCall, free: ['client_tool_call.parameters'] },
      mcp_tool_call: {
        kind: Kind.Text,
        text: { 'mcp_tool_call.tool_description': aside },
        wordless: toolCall,
        free: ['mcp_tool_call.parameters', 'mcp_tool_call.result'],
      },
      agent_tool_response_full_payload: {
        kind: Kind.Text,
        text: { 'agent_tool_response_full_payload.full_tool_result': aside },
      },
      rich_content: { kind: Kind.Text, free: ['rich_content'] },
      error: { kind: Kind.Text, wordless: { 'error_event.reason': 'name' }, free: ['error_event.details'] },
      context_usage: { kind: Kind.Control, wordless: { 'context_usage.model': 'name', model: 'name' } },
      agent_tool_request: { kind: Kind.Control, wordless: toolCall },
      agent_tool_response: { kind: Kind.Control, wordless: toolCall },
      ...controls(
        'ping',
        'interruption',
        'vad_score',
        'mcp_connection_status',
        'asr_initiation_metadata',
        'guardrail_triggered',
        'internal_turn_probability',
        'agent_typing',
        'external_agent_connected',
        'external_agent_disconnected',
      ),
    },
  },
});
