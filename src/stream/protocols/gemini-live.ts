import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { NameRule, TextRule, Wordless } from '../rules.ts';
import { base64, literal, object, type Shape } from '../shape.ts';
import type { FinishRule, MessageSpec } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
const feature: NameRule = { form: 'feature', harmless: [] };

/** Text may come with no mark of its end: a pause ends it. */
const piece = (speaker: 'caller' | 'agent', key: string): TextRule => ({
  mode: 'delta',
  speaker,
  key,
  endsWithSilence: true,
});

function under<Value>(at: string, paths: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(paths).map(([path, value]) => [`${at}.${path}`, value]));
}

/** The first message, and what may change it later: everybody who is reached by a tool is named here. */
function configuration(at: string): MessageSpec {
  return {
    kind: Kind.Config,
    names: under<NameRule | 'url' | 'model'>(at, {
      model: 'model',
      'tools[].mcpServers[].streamableHttpTransport.url': 'url',
      'tools[].googleSearch': feature,
      'tools[].googleSearchRetrieval': feature,
      'tools[].googleMaps': feature,
      'tools[].enterpriseWebSearch': feature,
      'tools[].exaAiSearch': feature,
      'tools[].parallelAiSearch': feature,
      'tools[].urlContext': feature,
      'tools[].fileSearch': feature,
      'tools[].codeExecution': feature,
      'tools[].computerUse': feature,
      'tools[].retrieval': feature,
      'tools[].retrieval.externalApi.endpoint': 'url',
      // Keeps the conversation for 24 hours; zero retention needs it absent.
      sessionResumption: feature,
      'generationConfig.speechConfig.voiceConfig.replicatedVoiceConfig': feature,
    }),
    text: under(at, {
      'systemInstruction.parts[].text': aside,
      'inputAudioTranscription.customVocabulary[]': aside,
      'inputAudioTranscription.adaptationPhrases[]': aside,
    }),
    wordless: under<Wordless>(at, {
      'generationConfig.responseModalities[]': 'enum',
      'generationConfig.speechConfig.languageCode': 'enum',
      'generationConfig.speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName': 'name',
      'tools[].functionDeclarations[].name': 'name',
      'tools[].mcpServers[].name': 'name',
      'tools[].mcpServers[].streamableHttpTransport.headers.*': 'credential',
    }),
  };
}

const media: Readonly<Record<string, Wordless>> = {
  'inlineData.data': 'base64',
  'inlineData.mimeType': 'enum',
  'functionCall.name': 'name',
  'functionResponse.name': 'name',
};

function ending(flag: string, snakeFlag: string): readonly FinishRule[] {
  const keys = ['heard', 'said', 'written'];
  return [
    { keys, when: { at: `serverContent.${flag}`, is: [true] } },
    { keys, when: { at: `server_content.${snakeFlag}`, is: [true] } },
  ];
}

const audioUp = (outer: string, mime: string): Shape => ({
  [outer]: object({ audio: object({ data: base64, [mime]: literal('audio/pcm;rate=16000', 'audio/pcm') }) }),
});

const grounding = [
  'webSearchQueries[]',
  'retrievalQueries[]',
  'imageSearchQueries[]',
  'groundingSupports[].segment.text',
];

/**
 * Gemini Live (BidiGenerateContent): no type field, one key of a union; names in camel or snake case; frames of the
 * server may hold their JSON in binary. Source: @google/genai 2.32, ai.google.dev/api/live, read 2026-11-23.
 */
export const geminiLive = defineProtocol({
  name: 'gemini-live',
  tell: { toVendor: { union: true, beside: [] }, toCaller: { union: true, beside: [] } },
  snake: true,
  binary: { toVendor: 'refused', toCaller: 'json' },
  audio: { toVendor: [audioUp('realtimeInput', 'mimeType'), audioUp('realtime_input', 'mime_type')] },
  wordless: { id: 'id', role: 'enum', mimeType: 'enum', mime_type: 'enum', sessionId: 'id', session_id: 'id' },
  query: { key: 'secret', access_token: 'secret', alt: 'wordless' },
  entrance: {
    paths: [
      '/ws/google.ai.generativelanguage.{version}.GenerativeService.BidiGenerateContent',
      '/ws/google.cloud.aiplatform.{version}.LlmBidiService/BidiGenerateContent',
    ],
    credential: { parameter: 'key' },
  },
  messages: {
    toVendor: {
      setup: configuration('setup'),
      config: configuration('config'),
      contextUpdate: configuration('contextUpdate'),
      clientContent: {
        kind: Kind.Text,
        names: { 'clientContent.turns[].parts[].fileData.fileUri': 'url' },
        text: { 'clientContent.turns[].parts[].text': { mode: 'history', speaker: 'caller' } },
        wordless: under('clientContent.turns[].parts[]', media),
      },
      toolResponse: {
        kind: Kind.Text,
        wordless: {
          'toolResponse.functionResponses[].name': 'name',
          ...under('toolResponse.functionResponses[].parts[]', media),
        },
      },
      realtimeInput: {
        kind: Kind.Audio,
        text: { 'realtimeInput.text': { mode: 'whole', speaker: 'caller' } },
        wordless: {
          'realtimeInput.audio.data': 'base64',
          'realtimeInput.video.data': 'base64',
          'realtimeInput.mediaChunks[].data': 'base64',
        },
      },
    },
    toCaller: {
      serverContent: {
        kind: Kind.Text,
        text: {
          'serverContent.inputTranscription.text': piece('caller', 'heard'),
          'serverContent.outputTranscription.text': piece('agent', 'said'),
          'serverContent.modelTurn.parts[].text': piece('agent', 'written'),
          'serverContent.interimInputTranscription.text': {
            mode: 'cumulative',
            speaker: 'caller',
            key: 'interim',
          },
          'serverContent.modelTurn.parts[].executableCode.code': aside,
          'serverContent.modelTurn.parts[].codeExecutionResult.output': aside,
          ...under(
            'serverContent.groundingMetadata',
            Object.fromEntries(grounding.map((path): [string, TextRule] => [path, aside])),
          ),
        },
        wordless: {
          ...under('serverContent.modelTurn.parts[]', media),
          'serverContent.turnCompleteReason': 'enum',
          'serverContent.inputTranscription.languageCode': 'enum',
          'serverContent.outputTranscription.languageCode': 'enum',
        },
        dropped: [
          'serverContent.inputTranscription.words',
          'serverContent.outputTranscription.words',
          'serverContent.interimInputTranscription.words',
        ],
        finishes: [
          ...ending('turnComplete', 'turn_complete'),
          ...ending('interrupted', 'interrupted'),
          ...ending('generationComplete', 'generation_complete'),
        ],
      },
      toolCall: {
        kind: Kind.Text,
        text: {
          'toolCall.functionCalls[].partialArgs[].stringValue': {
            mode: 'delta',
            speaker: 'agent',
            key: 'arguments',
            by: ['./jsonPath'],
            endsWithSilence: true,
          },
        },
        wordless: { 'toolCall.functionCalls[].name': 'name', 'toolCall.functionCalls[].partialArgs[].jsonPath': 'id' },
      },
      setupComplete: { kind: Kind.Control },
      toolCallCancellation: { kind: Kind.Control, wordless: { 'toolCallCancellation.ids[]': 'id' } },
      // The handle opens the stored conversation to whoever has it.
      sessionResumptionUpdate: { kind: Kind.Control, wordless: { 'sessionResumptionUpdate.newHandle': 'id' } },
      goAway: { kind: Kind.Control, wordless: { 'goAway.timeLeft': 'enum' } },
      voiceActivity: { kind: Kind.Control },
      voiceActivityDetectionSignal: { kind: Kind.Control },
      usageMetadata: { kind: Kind.Control },
    },
  },
});
