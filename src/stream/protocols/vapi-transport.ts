import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { SpeakerRule, TextRule, Wordless } from '../rules.ts';
import type { MessageSpec } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
const byRole: SpeakerRule = { at: './role', agent: ['assistant', 'bot', 'system'] };

function under<Value>(at: string, paths: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(paths).map(([path, value]) => [`${at}${path}`, value]));
}

/** What any message may carry, at the top or in its envelope: the talk so far, the call, the customer. */
function anything(at: string): MessageSpec {
  const last = { at: `${at}transcriptType`, is: ['final'], whenMissing: true };
  const history: TextRule = { mode: 'history', speaker: byRole };
  return {
    kind: Kind.Text,
    text: under<TextRule>(at, {
      transcript: { mode: 'cumulative', speaker: byRole, key: 'transcript', by: [`${at}role`], last },
      // The same words before a filter of the vendor.
      originalTranscript: { mode: 'cumulative', speaker: byRole, key: 'original', by: [`${at}role`], last },
      'messages[].message': history,
      'messages[].content': history,
      'messagesOpenAIFormatted[].content': history,
      'conversation[].content': history,
      'artifact.messages[].message': history,
      'artifact.messages[].content': history,
      'artifact.messagesOpenAIFormatted[].content': history,
      'artifact.transcript': aside,
      text: aside,
      output: { mode: 'delta', speaker: 'agent', key: 'output', by: [`${at}turnId`], endsWithSilence: true },
      'timing.words[].word': { mode: 'repeat', speaker: 'agent', pieceOf: `${at}text` },
    }),
    known: under(at, {
      'call.customer.number': { kind: 'PHONE', instead: 'placeholder' } as const,
      'call.customer.name': { kind: 'NAME', instead: 'placeholder' } as const,
      'customer.number': { kind: 'PHONE', instead: 'placeholder' } as const,
      'customer.name': { kind: 'NAME', instead: 'placeholder' } as const,
    }),
    wordless: under<Wordless>(at, {
      role: 'enum',
      transcriptType: 'name',
      status: 'name',
      turnId: 'id',
      'call.id': 'id',
      'call.type': 'name',
    }),
    free: [
      'toolCallList[].arguments',
      'toolCallList[].function.arguments',
      'toolCalls[].function.arguments',
      'toolWithToolCallList[].toolCall',
      'artifact.variables',
      'artifact.variableValues',
      'assistant',
      'squad',
      'call.assistant',
      'call.assistantOverrides',
    ].map((path) => `${at}${path}`),
    // Whoever knows these URLs can listen to the call and steer it.
    dropped: [`${at}call.monitor`, `${at}monitor`, `${at}call.transport`],
  };
}

const types = [
  'transcript',
  'conversation-update',
  'model-output',
  'assistant.speechStarted',
  'tool-calls',
  'end-of-call-report',
  'status-update',
  'speech-update',
  'user-interrupted',
  'voice-input',
  'hang',
  'transfer-update',
];

/**
 * Vapi's WebSocket transport: raw audio both ways, the messages of the server URL in text. Which of them come here is
 * UNCONFIRMED; all are read by the same rules. Source: VapiAI/docs (2026-08-20), @vapi-ai/server-sdk 2.0.
 */
export const vapiTransport = defineProtocol({
  name: 'vapi-transport',
  tell: { toVendor: { field: 'type' }, toCaller: { field: 'type', keys: ['message'] } },
  binary: { toVendor: 'audio', toCaller: 'audio' },
  wordless: { type: 'name', toolCallId: 'id', timestamp: 'number', startTime: 'number', endTime: 'number' },
  entrance: { paths: ['/{call}/transport'] },
  messages: {
    toVendor: {
      hangup: { kind: Kind.Control, ends: true },
      'end-call': { kind: Kind.Control, ends: true },
    },
    toCaller: {
      ...Object.fromEntries(types.map((type) => [type, anything('')])),
      message: anything('message.'),
    },
  },
});
