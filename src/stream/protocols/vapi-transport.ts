import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { NameRule, SpeakerRule, TextRule, Wordless } from '../rules.ts';
import type { MessageSpec } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
const byRole: SpeakerRule = { at: './role', agent: ['assistant', 'bot', 'system'] };

function under<Value>(at: string, paths: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(paths).map(([path, value]) => [`${at}${path}`, value]));
}

const own: NameRule = { form: 'provider', harmless: ['vapi'] };
/** Functions of the practice's own server, and what the telephone does; the server is judged by its address. */
const tool: NameRule = {
  form: 'provider',
  harmless: ['function', 'apiRequest', 'mcp', 'dtmf', 'endCall', 'transferCall', 'handoff', 'voicemail', 'output'],
};

/** Everybody whom an assistant names: it was configured over REST, and comes here with nearly every message. */
const assistantNames: Readonly<Record<string, NameRule | NameRule['form']>> = {
  'model.provider': own,
  'model.url': 'url',
  'model.fallbackModels[].provider': own,
  'model.fallbackModels[].url': 'url',
  'model.knowledgeBaseId': 'configuration',
  'model.knowledgeBase.server.url': 'url',
  'model.tools[].type': tool,
  'model.tools[].url': 'url',
  'model.tools[].server.url': 'url',
  'model.toolIds[]': 'configuration',
  'voice.provider': own,
  'voice.server.url': 'url',
  'voice.fallbackPlan.voices[].provider': own,
  'voice.fallbackPlan.voices[].server.url': 'url',
  'transcriber.provider': own,
  'transcriber.server.url': 'url',
  'transcriber.fallbackPlan.transcribers[].provider': own,
  'transcriber.fallbackPlan.transcribers[].server.url': 'url',
  'server.url': 'url',
  serverUrl: 'url',
  'analysisPlan.summaryPlan.model.provider': own,
  'artifactPlan.structuredOutputs[].model.provider': own,
  // Keeps an output although nothing is to be kept.
  'artifactPlan.structuredOutputs[].compliancePlan.forceStoreOnHipaaEnabled': 'feature',
};
const places = ['assistant', 'assistantOverrides', 'squad.members[].assistant', 'squad.members[].assistantOverrides'];
/** Ids of what is kept at Vapi and says all of that. */
const stored = ['assistantId', 'squadId', 'workflowId', 'squad.members[].assistantId'];

function names(at: string): NonNullable<MessageSpec['names']> {
  const outer = ['', 'call.'].map((call) => `${at}${call}`);
  return {
    ...Object.assign({}, ...outer.flatMap((call) => places.map((place) => under(`${call}${place}.`, assistantNames)))),
    ...Object.fromEntries(outer.flatMap((call) => stored.map((id) => [`${call}${id}`, 'configuration'] as const))),
  };
}

/** What any message may carry, at the top or in its envelope: the talk so far, the call, the customer. */
function anything(at: string): MessageSpec {
  const last = { at: `${at}transcriptType`, is: ['final'], whenMissing: true };
  const history: TextRule = { mode: 'history', speaker: byRole };
  return {
    kind: Kind.Text,
    names: names(at),
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
      'assistantOverrides',
      'squad',
      'call.assistant',
      'call.assistantOverrides',
      'call.squad',
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
