import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { NameRule, SpeakerRule, TextRule, Wordless } from '../rules.ts';
import { controls, type MessageSpec } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
const hint: TextRule = { mode: 'hint', speaker: 'agent' };
const byRole: SpeakerRule = { at: './role', agent: ['assistant'] };
const provider: NameRule = { form: 'provider', harmless: ['deepgram'] };

/** The settings of listening, thinking and speaking come as an object, or as a list of fallbacks. */
function eitherForm<Value>(at: string, paths: Readonly<Record<string, Value>>): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(paths).flatMap(([path, value]) => [
      [`${at}.${path}`, value],
      [`${at}[].${path}`, value],
    ]),
  );
}

interface Part {
  readonly names: Readonly<Record<string, NameRule | 'url'>>;
  readonly text: Readonly<Record<string, TextRule>>;
  readonly wordless: Readonly<Record<string, Wordless>>;
}

/** `type` names a dialect, `endpoint.url` says who speaks it: both are judged, and the model as that provider's. */
function provided(at: string): Readonly<Record<string, NameRule | 'url'>> {
  const [of, listOf] = [`${at}.provider.type`, `${at}[].provider.type`];
  const parts: Readonly<Record<string, 'model' | 'region'>> = {
    'provider.model': 'model',
    'provider.model_id': 'model',
    'provider.credentials.region': 'region',
  };
  const judged = Object.entries(parts).flatMap(([path, form]): [string, NameRule][] => [
    [`${at}.${path}`, { form, harmless: [], of }],
    [`${at}[].${path}`, { form, harmless: [], of: listOf }],
  ]);
  const named = eitherForm<NameRule | 'url'>(at, { 'provider.type': provider, 'endpoint.url': 'url' });
  return { ...named, ...Object.fromEntries(judged) };
}

function think(at: string): Part {
  return {
    names: { ...provided(at), ...eitherForm<'url'>(at, { 'functions[].endpoint.url': 'url' }) },
    text: eitherForm(at, { prompt: aside, 'functions[].description': aside }),
    wordless: eitherForm<Wordless>(at, {
      'provider.version': 'enum',
      'provider.reasoning_mode': 'enum',
      'provider.credentials.*': 'credential',
      'endpoint.headers.*': 'credential',
      'functions[].name': 'name',
      'functions[].endpoint.method': 'enum',
      'functions[].endpoint.headers.*': 'credential',
    }),
  };
}

function speak(at: string): Part {
  return {
    names: provided(at),
    text: {},
    wordless: eitherForm<Wordless>(at, {
      'provider.version': 'enum',
      'provider.engine': 'enum',
      'provider.voice': 'name',
      'provider.voice.mode': 'enum',
      'provider.voice.id': 'id',
      'provider.language': 'enum',
      'provider.language_code': 'enum',
      'provider.credentials.*': 'credential',
      'endpoint.headers.*': 'credential',
    }),
  };
}

function listen(at: string): Part {
  return {
    names: provided(at),
    text: eitherForm(at, { 'provider.keyterms[]': hint }),
    wordless: eitherForm<Wordless>(at, {
      'provider.version': 'enum',
      'provider.language': 'enum',
      'provider.language_hint': 'enum',
      'provider.language_hint[]': 'enum',
      'provider.language_hints[]': 'enum',
      'provider.credentials.*': 'credential',
      'endpoint.headers.*': 'credential',
    }),
  };
}

function settings(...parts: readonly Part[]): MessageSpec {
  return {
    kind: Kind.Config,
    names: Object.assign({}, ...parts.map(({ names }) => names)),
    text: Object.assign({}, ...parts.map(({ text }) => text)),
    wordless: Object.assign({}, ...parts.map(({ wordless }) => wordless)),
  };
}

const wholeAgent: Part = {
  // A string is the id of a configuration kept at Deepgram: everything else is then invisible here.
  names: { agent: { form: 'configuration', harmless: [] } },
  text: {
    'agent.greeting': aside,
    'agent.context.messages[].content': { mode: 'history', speaker: byRole },
    'agent.context.messages[].function_calls[].arguments': aside,
    'agent.context.messages[].function_calls[].response': aside,
    'tags[]': aside,
  },
  wordless: {
    'agent.language': 'enum',
    'audio.input.encoding': 'enum',
    'audio.output.encoding': 'enum',
    'audio.output.container': 'enum',
    'agent.context.messages[].function_calls[].name': 'name',
  },
};

const call: Readonly<Record<string, Wordless>> = { 'functions[].name': 'name', 'functions[].thought_signature': 'id' };

/**
 * Deepgram Voice Agent. Source: asyncapi.yml of deepgram-api-specs (2026-07-22), @deepgram/sdk 5.13.
 */
export const deepgramAgent = defineProtocol({
  name: 'deepgram-agent',
  tell: { toVendor: { field: 'type' }, toCaller: { field: 'type' } },
  binary: { toVendor: 'audio', toCaller: 'audio' },
  wordless: { type: 'enum', role: 'enum', id: 'id', request_id: 'id', code: 'name', behavior: 'enum' },
  query: { token: 'secret' },
  entrance: { paths: ['/v1/agent/converse'], credential: { header: 'authorization', scheme: 'Token' } },
  messages: {
    toVendor: {
      Settings: settings(wholeAgent, think('agent.think'), speak('agent.speak'), listen('agent.listen')),
      UpdateListen: settings(listen('listen')),
      UpdateThink: settings(think('think')),
      UpdateSpeak: settings(speak('speak')),
      UpdatePrompt: { kind: Kind.Config, text: { prompt: aside } },
      InjectUserMessage: { kind: Kind.Text, text: { content: { mode: 'whole', speaker: 'caller' } } },
      InjectAgentMessage: { kind: Kind.Text, text: { message: { mode: 'whole', speaker: 'agent' } } },
      FunctionCallResponse: { kind: Kind.Text, text: { content: aside }, wordless: { name: 'name' } },
      ...controls('KeepAlive', 'ForceEndTurn'),
    },
    toCaller: {
      ConversationText: { kind: Kind.Text, text: { content: { mode: 'whole', speaker: byRole } } },
      AgentThinking: { kind: Kind.Text, text: { content: aside } },
      FunctionCallRequest: { kind: Kind.Text, text: { 'functions[].arguments': aside }, wordless: call },
      FunctionCallResponse: { kind: Kind.Text, text: { content: aside }, wordless: { name: 'name' } },
      FunctionCallCancelled: { kind: Kind.Control, wordless: call },
      History: {
        kind: Kind.Text,
        text: {
          content: { mode: 'repeat', speaker: 'agent' },
          'function_calls[].arguments': aside,
          'function_calls[].response': aside,
        },
        wordless: { 'function_calls[].name': 'name' },
      },
      InjectionRefused: { kind: Kind.Text, text: { message: aside } },
      Warning: { kind: Kind.Text, text: { description: aside } },
      Error: { kind: Kind.Text, text: { description: aside } },
      ...controls(
        'Welcome',
        'SettingsApplied',
        'ListenUpdated',
        'ThinkUpdated',
        'SpeakUpdated',
        'PromptUpdated',
        'UserStartedSpeaking',
        'AgentAudioDone',
        'AgentStartedSpeaking',
        'LatencyReport',
      ),
    },
  },
});
