import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { NameRule, TextRule } from '../rules.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
/** Functions run at the practice; a tool of any other type is run by the vendor or by somebody behind it. */
const tool: NameRule = { form: 'provider', harmless: ['function'] };

const ends = ['stop', 'length', 'tool_calls', 'function_call', 'content_filter'];

/**
 * Chat completions as OpenAI defined them and others speak them: the body of one HTTP request to the vendor, and the data
 * of its server-sent events back. The bare words stand for what is no JSON on the wire: `[DONE]` is the last event, and
 * `[CANCEL]`, which never leaves this machine, gives up the answer in progress.
 * Source: types of openai 6.49 (resources/chat/completions), read 2026-11-23.
 */
export const openaiChat = defineProtocol({
  name: 'openai-chat',
  tell: { toVendor: { field: 'type', otherwise: 'request' }, toCaller: { field: 'object', keys: ['error'] } },
  binary: { toVendor: 'refused', toCaller: 'refused' },
  wordless: { id: 'id', object: 'enum', role: 'enum', type: 'enum', code: 'enum' },
  commands: { toVendor: ['[CANCEL]'], toCaller: ['[DONE]'] },
  messages: {
    toVendor: {
      request: {
        kind: Kind.Config,
        text: {
          'messages[].content': aside,
          'messages[].content[].text': aside,
          'messages[].refusal': aside,
          'messages[].tool_calls[].function.arguments': aside,
          'messages[].name': aside,
          'metadata.*': aside,
          user: aside,
        },
        known: { 'messages[].content[].image_url.url': { kind: 'PHOTO', instead: 'placeholder' } },
        names: {
          model: 'model',
          'tools[].type': tool,
          web_search_options: 'feature',
          moderation: 'feature',
        },
        wordless: {
          'messages[].tool_call_id': 'id',
          'messages[].tool_calls[].function.name': 'name',
          'tools[].function.name': 'name',
          tool_choice: 'name',
          'tool_choice.function.name': 'name',
          'modalities[]': 'enum',
          reasoning_effort: 'enum',
          service_tier: 'enum',
          verbosity: 'enum',
          prompt_cache_retention: 'enum',
        },
      },
    },
    toCaller: {
      'chat.completion.chunk': {
        kind: Kind.Text,
        text: {
          'choices[].delta.content': {
            mode: 'delta',
            speaker: 'agent',
            key: 'text',
            by: ['id'],
            last: { at: 'choices.0.finish_reason', is: ends, whenMissing: false },
          },
          // Not spoken: an answer that is withheld goes to a human, and a tool has a clearance of its own.
          'choices[].delta.refusal': aside,
          'choices[].delta.tool_calls[].function.arguments': aside,
        },
        wordless: {
          created: 'number',
          model: 'name',
          service_tier: 'enum',
          system_fingerprint: 'id',
          'choices[].finish_reason': 'enum',
          'choices[].delta.tool_calls[].function.name': 'name',
        },
        dropped: ['choices[].logprobs'],
        finishes: [{ keys: ['text'], when: { at: 'choices.0.finish_reason', is: ends } }],
      },
      error: { kind: Kind.Text, text: { 'error.message': aside, 'error.param': aside } },
    },
  },
});
