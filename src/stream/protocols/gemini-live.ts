import { defineProtocol } from '../define.ts';
import { Kind, type Known } from '../protocol.ts';
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

/** Everybody who is reached by a tool. What the table does not know by name is a tool of somebody as well. */
function tools(at: string): Pick<MessageSpec, 'names' | 'wordless'> {
  return {
    names: under<NameRule | 'url'>(`${at}[]`, {
      'mcpServers[].streamableHttpTransport.url': 'url',
      googleSearch: feature,
      googleSearchRetrieval: feature,
      googleMaps: feature,
      enterpriseWebSearch: feature,
      exaAiSearch: feature,
      parallelAiSearch: feature,
      urlContext: feature,
      fileSearch: feature,
      codeExecution: feature,
      computerUse: feature,
      retrieval: feature,
      'retrieval.externalApi.endpoint': 'url',
      '*': feature,
    }),
    wordless: under<Wordless>(`${at}[]`, {
      'functionDeclarations[].name': 'name',
      'functionDeclarations[].behavior': 'enum',
      'mcpServers[].name': 'name',
      'mcpServers[].streamableHttpTransport.headers.*': 'credential',
      'exaAiSearch.apiKey': 'credential',
      'parallelAiSearch.apiKey': 'credential',
    }),
  };
}

/** A picture, a film or a whole file: nobody can take anything out of it. Sound is let go, like the voice of the call. */
const file: Known = {
  kind: 'PHOTO',
  instead: 'nothing',
  unless: { beside: ['mimeType', 'mime_type'], begins: 'audio/' },
};

/** What a turn, an instruction or an answer is made of, but for its text. */
function parts(at: string): Pick<MessageSpec, 'names' | 'known' | 'wordless' | 'free'> {
  return {
    names: { [`${at}.fileData.fileUri`]: 'url' },
    known: { [`${at}.inlineData.data`]: file },
    wordless: under<Wordless>(at, {
      'inlineData.mimeType': 'enum',
      'functionCall.name': 'name',
      'functionResponse.name': 'name',
    }),
    free: ['functionCall.args', 'functionResponse.response', 'toolCall', 'toolResponse', 'partMetadata'].map(
      (path) => `${at}.${path}`,
    ),
  };
}

/** The words and tools that the first message brings and a later one may change. */
function instructions(at: string, ...toolsAt: readonly string[]): MessageSpec {
  const reached = toolsAt.map((path) => tools(path));
  const { names, known = {}, wordless, free = [] } = parts(`${at}.systemInstruction.parts[]`);
  return {
    kind: Kind.Config,
    known,
    names: Object.assign({}, names, ...reached.map((each) => each.names)),
    text: { [`${at}.systemInstruction.parts[].text`]: aside },
    wordless: Object.assign({}, wordless, ...reached.map((each) => each.wordless)),
    free,
  };
}

function setup(at: string): MessageSpec {
  const said = instructions(at, `${at}.tools`);
  return {
    ...said,
    names: {
      ...said.names,
      ...under<NameRule | 'model'>(at, {
        model: 'model',
        'generationConfig.routingConfig.manualMode.modelName': 'model',
        // Keeps the conversation for 24 hours; zero retention needs it absent.
        sessionResumption: feature,
        // The print of a person's voice, or face.
        'generationConfig.speechConfig.voiceConfig.replicatedVoiceConfig': feature,
        'generationConfig.speechConfig.multiSpeakerVoiceConfig.speakerVoiceConfigs[].voiceConfig.replicatedVoiceConfig':
          feature,
        'avatarConfig.customizedAvatar': feature,
      }),
    },
    wordless: {
      ...said.wordless,
      ...under<Wordless>(at, {
        'generationConfig.responseModalities[]': 'enum',
        'generationConfig.speechConfig.languageCode': 'enum',
        'generationConfig.speechConfig.voiceConfig.prebuiltVoiceConfig.voiceName': 'name',
      }),
    },
  };
}

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
      setup: setup('setup'),
      config: setup('config'),
      // The types put a list of tools inside of `tools`.
      contextUpdate: instructions('contextUpdate', 'contextUpdate.tools', 'contextUpdate.tools.tools'),
      clientContent: {
        kind: Kind.Text,
        text: { 'clientContent.turns[].parts[].text': { mode: 'history', speaker: 'caller' } },
        ...parts('clientContent.turns[].parts[]'),
      },
      toolResponse: {
        kind: Kind.Text,
        names: { 'toolResponse.functionResponses[].parts[].fileData.fileUri': 'url' },
        wordless: {
          'toolResponse.functionResponses[].name': 'name',
          'toolResponse.functionResponses[].scheduling': 'enum',
        },
        known: { 'toolResponse.functionResponses[].parts[].inlineData.data': file },
        free: ['toolResponse.functionResponses[].response'],
      },
      realtimeInput: {
        kind: Kind.Audio,
        text: { 'realtimeInput.text': { mode: 'whole', speaker: 'caller' } },
        known: { 'realtimeInput.video.data': file, 'realtimeInput.mediaChunks[].data': file },
        wordless: { 'realtimeInput.audio.data': 'base64' },
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
        known: parts('serverContent.modelTurn.parts[]').known ?? {},
        wordless: {
          ...parts('serverContent.modelTurn.parts[]').wordless,
          'serverContent.turnCompleteReason': 'enum',
          'serverContent.inputTranscription.languageCode': 'enum',
          'serverContent.outputTranscription.languageCode': 'enum',
        },
        free: parts('serverContent.modelTurn.parts[]').free ?? [],
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
        free: ['toolCall.functionCalls[].args'],
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
