import { Kind, type Known } from '../protocol.ts';
import type { NameRule, TextRule, Wordless } from '../rules.ts';
import type { MessageSpec } from '../table.ts';

// What the protocols of OpenAI are made of: items of a conversation, and configurations of sessions and responses.
// Source: types of openai 7.57 (resources/realtime, resources/live), read 2026-11-23.

export const aside: TextRule = { mode: 'aside', speaker: 'agent' };
export const hint: TextRule = { mode: 'hint', speaker: 'agent' };
export const repeat: TextRule = { mode: 'repeat', speaker: 'agent' };
const picture: Known = { kind: 'PHOTO', instead: 'placeholder' };
/** Functions run in the app; a tool of any other type is run by the vendor or by somebody behind it. */
const tool: NameRule = { form: 'provider', harmless: ['function', 'mcp'] };

/** Paths of an item (message, function call, its output, MCP call) that stands at `at`. */
export function item<Rule>(at: string, rules: Readonly<Record<string, Rule>>): Readonly<Record<string, Rule>> {
  return Object.fromEntries(Object.entries(rules).map(([path, rule]) => [`${at}.${path}`, rule]));
}

export const itemWords = (rule: TextRule): Readonly<Record<string, TextRule>> => ({
  'content[].text': rule,
  'content[].transcript': rule,
  arguments: rule,
  output: rule,
  reason: rule,
  'error.message': rule,
});
export const itemForms: Readonly<Record<string, Wordless>> = {
  'content[].audio': 'base64',
  name: 'name',
  server_label: 'name',
  'tools[].name': 'name',
};

export function itemMessage(at: string, rule: TextRule): MessageSpec {
  const known = item(at, { 'content[].image_url': picture });
  return { kind: Kind.Text, text: item(at, itemWords(rule)), wordless: item(at, itemForms), known };
}

/** An item that an app adds: what its user has typed is heard, for a person in need may write. */
export function typedMessage(at: string): MessageSpec {
  const byRole: TextRule = { mode: 'aside', speaker: { at: `${at}.role`, agent: ['assistant', 'system'] } };
  const { text, ...spec } = itemMessage(at, aside);
  return { ...spec, text: { ...text, ...item(at, { 'content[].text': byRole, 'content[].transcript': byRole }) } };
}

/** What a session or a response is made of, at `at`: the words, and everybody who is named in it. */
export function configuration(at: string): MessageSpec {
  return {
    kind: Kind.Config,
    text: {
      ...item(at, {
        instructions: aside,
        'prompt.variables.*': aside,
        'metadata.*': aside,
        'audio.input.transcription.prompt': aside,
        'audio.input.transcription.keywords[]': hint,
      }),
      ...item(`${at}.input[]`, itemWords(aside)),
    },
    names: item<NameRule | 'url' | 'connector' | 'configuration' | 'model'>(at, {
      model: 'model',
      'prompt.id': 'configuration',
      'tools[].type': tool,
      'tools[].server_url': 'url',
      'tools[].connector_id': 'connector',
      'tools[].tunnel_id': 'configuration',
      'audio.input.transcription.model': 'model',
      'input_audio_transcription.model': 'model',
    }),
    wordless: {
      ...item<Wordless>(at, {
        'tools[].name': 'name',
        'tools[].server_label': 'name',
        'tools[].authorization': 'credential',
        'tools[].headers.*': 'credential',
        'tools[].allowed_tools[]': 'name',
        'tools[].require_approval': 'enum',
        'include[]': 'name',
        'output_modalities[]': 'enum',
        'modalities[]': 'enum',
        voice: 'name',
        'audio.output.voice': 'name',
        tool_choice: 'name',
        'tool_choice.name': 'name',
        truncation: 'enum',
        conversation: 'enum',
        'client_secret.value': 'credential',
      }),
      ...item(`${at}.input[]`, itemForms),
    },
    known: item(`${at}.input[]`, { 'content[].image_url': picture }),
    free: [`${at}.prompt.variables`],
  };
}

/**
 * The vendor says back what it was told, and what was bound beside the socket: with an ephemeral key, in a stored prompt.
 * Whoever is reached through it is judged; names of models come back in other forms than they were asked for.
 */
export function configurationEcho(at: string): MessageSpec {
  const { names = {}, wordless = {}, ...spec } = configuration(at);
  const { judged, said } = echoed(names);
  return { ...spec, names: judged, wordless: { ...said, ...wordless } };
}

/** Names of an echo: models are only said. */
export function echoed(names: NonNullable<MessageSpec['names']>): {
  readonly judged: NonNullable<MessageSpec['names']>;
  readonly said: Readonly<Record<string, Wordless>>;
} {
  const entries = Object.entries(names);
  return {
    judged: Object.fromEntries(entries.filter(([, name]) => name !== 'model')),
    said: Object.fromEntries(entries.filter(([, name]) => name === 'model').map(([path]) => [path, 'name'] as const)),
  };
}
