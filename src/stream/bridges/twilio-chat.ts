import { toolsOf, type ModelPiece, type Session, type TextBridge, type ToolCallPiece, type Turn } from '../bridge.ts';
import { optional, stringOf, textAt } from '../crossing/fields.ts';
import { isObject, parseObject, valueAt, type Json, type JsonObject } from '../json.ts';
import type { OpenMessage } from '../protocol.ts';
import { protocols } from '../protocols/index.ts';

function ask(session: Session, talk: readonly Turn[]): JsonObject {
  const { model, instructions, temperature, answerTokens } = session;
  const system = instructions === undefined ? [] : [{ role: 'system', content: instructions }];
  const tools = toolsOf(session).map((tool) => ({ type: 'function', function: { ...tool } }));
  return {
    model: model ?? '',
    messages: [...system, ...talk.map(messageOf)],
    tools,
    stream: true,
    store: false,
    ...optional({ temperature, max_completion_tokens: answerTokens }),
  };
}

function messageOf(turn: Turn): JsonObject {
  if (turn.by === 'caller') return { role: 'user', content: turn.text };
  if (turn.by === 'tool') return { role: 'tool', tool_call_id: turn.answer.id, content: turn.answer.output };
  const content = turn.text === '' ? null : turn.text;
  if (turn.calls.length === 0) return { role: 'assistant', content };
  const calls = turn.calls.map(({ id, name, input }) => ({
    id,
    type: 'function',
    function: { name, arguments: input },
  }));
  return { role: 'assistant', content, tool_calls: calls };
}

/** What the model wrote is read from the bytes: the stages have put back what the caller may hear, and it may not. */
function hear(message: OpenMessage, data: Buffer): ModelPiece | undefined {
  const nothing = { answer: '', written: '', spoken: '', calls: [] };
  if (message.type === '[DONE]') return { ...nothing, end: 'failed' };
  if (message.type === 'error') return { ...nothing, end: isFilter(message) ? 'withheld' : 'failed' };
  const raw = parseObject(data);
  if (message.type !== 'chat.completion.chunk' || typeof raw === 'string') return undefined;
  return {
    answer: textAt(message, 'id'),
    written: stringOf(valueAt(raw, 'choices.0.delta.content')),
    spoken: textAt(message, 'choices.0.delta.content'),
    calls: callsIn(valueAt(raw, 'choices.0.delta.tool_calls')),
    end: endOf(message),
  };
}

function endOf(message: OpenMessage): ModelPiece['end'] {
  const reason = textAt(message, 'choices.0.finish_reason');
  if (reason === 'content_filter' || textAt(message, 'choices.0.delta.refusal') !== '') return 'withheld';
  return reason === '' ? undefined : 'complete';
}

function isFilter(message: OpenMessage): boolean {
  return ['error.code', 'error.type'].some((path) => /content_(?:filter|policy)/u.test(textAt(message, path)));
}

function callsIn(calls: Json | undefined): readonly ToolCallPiece[] {
  return (Array.isArray(calls) ? calls : []).filter(isObject).map((call, position) => {
    const made = isObject(call['function']) ? call['function'] : {};
    const { index } = call;
    return {
      index: typeof index === 'number' ? index : position,
      id: stringOf(call['id']),
      name: stringOf(made['name']),
      input: stringOf(made['arguments']),
    };
  });
}

/**
 * A model of text behind an interface like OpenAI's chat completions: nothing is kept at the vendor between two requests,
 * so each brings the talk so far, with pseudonyms as it was told. Source: types of openai 6.49 (resources/chat/completions).
 */
export const twilioChat: TextBridge = {
  caller: 'twilio-conversation-relay',
  over: 'https',
  vendor: protocols['openai-chat'],
  needs: { query: [], route: ['model'], session: ['instructions'] },
  setup: (session) => [ask(session, [])],
  ask,
  cancel: '[CANCEL]',
  done: '[DONE]',
  hear,
  lastText(message) {
    const messages = message.field('messages');
    const last = Array.isArray(messages) ? messages.at(-1) : undefined;
    return isObject(last) ? stringOf(last['content']) : '';
  },
};
