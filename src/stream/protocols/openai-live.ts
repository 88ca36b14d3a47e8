import { defineProtocol } from '../define.ts';
import { aside, echoed, item, itemForms, itemMessage, itemWords, repeat, typedMessage } from '../fragments/openai.ts';
import { Kind } from '../protocol.ts';
import type { NameRule, TextRule, Wordless } from '../rules.ts';
import { base64, id, literal } from '../shape.ts';
import { controls, type MessageSpec } from '../table.ts';

/** Only a function of the app is run by the app; web search, shells, computers and MCP servers are somebody else's. */
const tool: NameRule = { form: 'provider', harmless: ['function', 'mcp'] };

/** Who does the work behind the voice: a model of the Responses API, or one that decides. Not with type `client`. */
const delegates = ['responses', 'decisions'].map((kind) => `session.delegation.${kind}`);

function ofDelegates<Rule>(rules: Readonly<Record<string, Rule>>): Readonly<Record<string, Rule>> {
  return Object.assign({}, ...delegates.map((at) => item(at, rules)));
}

const session: MessageSpec = {
  kind: Kind.Config,
  text: {
    'session.instructions': aside,
    ...ofDelegates({ instructions: aside }),
    ...item('session.input[]', itemWords(aside)),
  },
  names: {
    'session.model': 'model',
    ...ofDelegates<NameRule | 'model' | 'url' | 'connector' | 'configuration' | 'provider'>({
      model: 'model',
      'tools[].type': tool,
      'tools[].server_url': 'url',
      'tools[].connector_id': 'connector',
      'tools[].tunnel_id': 'configuration',
      'tools[].environment.network_policy.allowed_domains[]': 'provider',
    }),
  },
  wordless: {
    ...ofDelegates<Wordless>({
      'tools[].name': 'name',
      'tools[].server_label': 'name',
      'tools[].authorization': 'credential',
      'tools[].headers.*': 'credential',
    }),
    ...item('session.input[]', itemForms),
    'session.audio.output.voice': 'name',
  },
  known: { 'session.safety_identifier': { kind: 'MRN', instead: 'placeholder' } },
};

const { judged, said: models } = echoed(session.names ?? {});

/** What the vendor says back: whoever is reached through it is judged, for not all of it has to come from here. */
const echo: MessageSpec = { ...session, names: judged, wordless: { ...session.wordless, ...models, reason: 'enum' } };

const said: MessageSpec = { kind: Kind.Text, text: { content: aside }, wordless: { delegation_id: 'id' } };

/** Fragments without item or end: a pause ends what was said. */
const fragments = (speaker: 'caller' | 'agent'): TextRule => ({
  mode: 'delta',
  speaker,
  key: speaker,
  endsWithSilence: true,
});

const inner = { speaker: 'agent', by: ['event.item_id', 'event.output_index', 'event.content_index'] } as const;

/**
 * OpenAI Live. Source: types of openai 7.57 (resources/live), read 2026-11-23.
 */
export const openaiLive = defineProtocol({
  name: 'openai-live',
  tell: { toVendor: { field: 'type' }, toCaller: { field: 'type' } },
  binary: { toVendor: 'refused', toCaller: 'refused' },
  audio: {
    toVendor: [{ type: literal('session.input_audio.append'), event_id: id, audio: base64 }],
    toCaller: [
      { type: literal('session.output_audio.delta', 'session.input_audio.delta'), event_id: id, delta: base64 },
    ],
  },
  wordless: {
    type: 'enum',
    role: 'enum',
    status: 'enum',
    code: 'enum',
    event_id: 'id',
    id: 'id',
    item_id: 'id',
    response_id: 'id',
    call_id: 'id',
    delegation_id: 'id',
    expires_at: 'number',
    created_at: 'number',
    start_ms: 'number',
    end_ms: 'number',
  },
  entrance: { paths: ['/v1/live/sessions'], credential: { header: 'authorization', scheme: 'Bearer' } },
  messages: {
    toVendor: {
      'session.start': session,
      'session.update': session,
      'session.instructions.append': said,
      'session.thinking.append': said,
      'session.commentary.append': said,
      'response.item.create': typedMessage('item'),
      'decision.item.create': itemMessage('item', aside),
      'session.input_audio.append': { kind: Kind.Audio, wordless: { audio: 'base64' } },
      'session.output_audio.fixture.play': { kind: Kind.Audio, wordless: { audio: 'base64' } },
      'session.close': { kind: Kind.Control, ends: true },
      ...controls(
        'session.input_audio.mute',
        'session.input_audio.unmute',
        'response.create',
        'decision.create',
        'decision.item.delete',
      ),
    },
    toCaller: {
      'session.started': echo,
      'session.updated': echo,
      'session.closed': { ...echo, ends: true },
      'session.input_transcript.delta': { kind: Kind.Text, text: { delta: fragments('caller') } },
      'session.output_transcript.delta': { kind: Kind.Text, text: { delta: fragments('agent') } },
      'session.output_audio.delta': { kind: Kind.Audio, wordless: { delta: 'base64' } },
      'session.input_audio.delta': { kind: Kind.Audio, wordless: { delta: 'base64' } },
      // A stream of the Responses API inside: its text comes in deltas, then whole, then in its items.
      'response.event': {
        kind: Kind.Text,
        text: {
          'event.delta': { ...inner, key: 'response', mode: 'delta', endsWithSilence: true },
          'event.text': { ...inner, key: 'response', mode: 'finish' },
          'event.arguments': { ...inner, key: 'response', mode: 'finish' },
          ...item('event.item', itemWords(repeat)),
          ...item('event.response.output[]', itemWords(repeat)),
          'event.part.text': repeat,
        },
        wordless: { ...item('event.item', itemForms), ...item('event.response.output[]', itemForms) },
      },
      'decision.event': { kind: Kind.Text, free: ['event'] },
      'decision.item.created': itemMessage('item', repeat),
      error: { kind: Kind.Text, text: { 'error.message': aside, 'error.param': aside } },
      info: { kind: Kind.Text, text: { message: aside } },
      ...controls('session.delegation.created'),
    },
  },
});
