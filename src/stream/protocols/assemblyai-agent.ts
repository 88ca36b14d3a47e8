import { defineProtocol } from '../define.ts';
import { Kind } from '../protocol.ts';
import type { NameRule, TextRule } from '../rules.ts';
import { base64, id, literal } from '../shape.ts';
import { controls, type MessageSpec } from '../table.ts';

const aside: TextRule = { mode: 'aside', speaker: 'agent' };
const hint: TextRule = { mode: 'hint', speaker: 'agent' };
const tool: NameRule = { form: 'provider', harmless: ['function'] };
const names: Readonly<Record<string, NameRule | NameRule['form']>> = {
  'session.agent_id': 'configuration',
  'session.tools[].type': tool,
  'session.tools[].server_url': 'url',
  'session.tools[].url': 'url',
};

/** `.delta` restates the turn of the caller, whatever its name says. */
function heard(type: string): MessageSpec {
  const last = { at: 'type', is: [type], whenMissing: false };
  return { kind: Kind.Text, text: { text: { mode: 'cumulative', speaker: 'caller', key: 'heard', last } } };
}

/**
 * AssemblyAI Voice Agent. Source: docs excerpts and third-party clients, read 2026-11-23; whether `transcript.agent.delta`
 * restates or appends is UNCONFIRMED: appending is the reading that lets less out.
 */
export const assemblyaiAgent = defineProtocol({
  name: 'assemblyai-agent',
  tell: { toVendor: { field: 'type' }, toCaller: { field: 'type' } },
  binary: { toVendor: 'refused', toCaller: 'refused' },
  audio: {
    toVendor: [{ type: literal('input.audio'), audio: base64 }],
    toCaller: [{ type: literal('reply.audio'), reply_id: id, item_id: id, data: base64 }],
  },
  wordless: {
    type: 'enum',
    status: 'enum',
    session_id: 'id',
    item_id: 'id',
    reply_id: 'id',
    call_id: 'id',
    code: 'name',
  },
  query: { token: 'secret' },
  entrance: { paths: ['/v1/ws'], credential: { header: 'authorization', scheme: 'Bearer' } },
  messages: {
    toVendor: {
      'session.update': {
        kind: Kind.Config,
        names,
        text: { 'session.system_prompt': aside, 'session.greeting': aside, 'session.input.keyterms[]': hint },
        wordless: { 'session.tools[].name': 'name', 'session.output.voice': 'name' },
      },
      // What that session was told is not seen here.
      'session.resume': { kind: Kind.Config, names: { session_id: 'configuration' } },
      'input.audio': { kind: Kind.Audio, wordless: { audio: 'base64' } },
      'tool.result': { kind: Kind.Text, text: { result: aside } },
      'reply.create': { kind: Kind.Text, text: { instructions: aside } },
      'session.end': { kind: Kind.Control, ends: true },
    },
    toCaller: {
      'transcript.user.delta': heard(''),
      'transcript.user': heard('transcript.user'),
      'transcript.agent.delta': { kind: Kind.Text, text: { text: { mode: 'delta', speaker: 'agent', key: 'said' } } },
      'transcript.agent': { kind: Kind.Text, text: { text: { mode: 'finish', speaker: 'agent', key: 'said' } } },
      'tool.call': { kind: Kind.Text, text: { arguments: aside }, wordless: { name: 'name' } },
      'reply.audio': { kind: Kind.Audio, wordless: { data: 'base64' } },
      'session.error': { kind: Kind.Text, text: { message: aside, 'error.message': aside } },
      'session.updated': {
        kind: Kind.Config,
        names,
        text: { 'session.system_prompt': aside, 'session.greeting': aside },
      },
      'session.ended': { kind: Kind.Control, ends: true },
      'reply.done': { kind: Kind.Control, finishes: [{ keys: ['said'] }] },
      ...controls('session.ready', 'input.speech.started', 'input.speech.stopped', 'reply.started'),
    },
  },
});
