import { describe, expect, it } from 'vitest';
import { PassThrough } from 'node:stream';
import { approveRoute, namesOf } from '../../../src/server/approval.ts';
import { postureOf } from '../../../src/server/posture.ts';
import { describePosture } from '../../../src/server/posture-text.ts';
import { environment, load, sound } from './practice.ts';

const midsummer = Date.parse('2026-06-15T12:00:00Z');
const variables = { ...environment, TOOL_SECRET: 'planted-tool-secret-of-40-characters-000', THINK_KEY: 'planted-key' };

interface Change {
  readonly bridge?: string;
  readonly url?: string;
  readonly session?: string;
  readonly entry?: string;
}

/** The sound configuration with a bridged route. */
function bridged({ bridge = 'openai-realtime', url = '?model=gpt-realtime-2.1', session, entry }: Change): string {
  const lines = [`    bridge: ${bridge}`, `    session: { instructions: You book appointments., ${session ?? ''} }`];
  return sound
    .replace('wss://agent.vendor.example/twilio', `wss://agent.vendor.example/v1${url}`)
    .replace('    headers:', `${lines.join('\n')}\n    headers:`)
    .replace('    training: forbidden', `    training: forbidden\n    ${entry ?? 'models: [gpt-*]'}`);
}

const tools = 'tools: [{ name: find_slot, description: Finds a free slot. }]';
const webhook = 'webhook: { url: https://app.cedar.example/tools, secret: "${TOOL_SECRET}" }';

describe('a bridged route', () => {
  it('is loaded with its session; its secrets are no part of the policy', async () => {
    const { config } = await load(
      bridged({ session: `voice: marin, max_session_s: 600, ${tools}, ${webhook}` }),
      variables,
    );
    const [route] = config?.routes ?? [];
    expect(route?.bridge).toBe('openai-realtime');
    expect(route?.session).toMatchObject({
      instructions: 'You book appointments.',
      voice: 'marin',
      longestMs: 600_000,
      tools: [{ name: 'find_slot', parameters: { type: 'object', properties: {} } }],
      webhook: { url: 'https://app.cedar.example/tools', timeoutMs: 4_000, subProcessor: undefined },
    });
    expect(JSON.stringify(config)).not.toContain('planted-tool-secret');
    expect(config?.literalSecrets).toEqual([]);
  });

  it.each<[string, Change, string, string]>([
    ['no model in the URL', { url: '' }, 'routes[0].url', '?model= in it'],
    ['an agent that is not named', { bridge: 'elevenlabs', url: '' }, 'routes[0].url', '?agent_id= in it'],
    ['no thinker', { bridge: 'deepgram-agent' }, 'routes[0].session.think', 'beside bridge deepgram-agent'],
    ['no model of the route', { bridge: 'gemini-live' }, 'routes[0].model', 'beside bridge gemini-live'],
    ['tools that nobody answers', { session: tools }, 'routes[0].session.webhook', 'the system that answers'],
    [
      'a tool under a name of chaperone',
      { session: `tools: [{ name: end_call, description: Ends. }], ${webhook}` },
      'routes[0].session.tools[0].name',
      'another name',
    ],
    [
      'a webhook in plain text',
      { session: 'webhook: { url: http://app.cedar.example/tools, secret: "${TOOL_SECRET}" }' },
      'routes[0].session.webhook.url',
      'https://',
    ],
    [
      'a secret that is too short',
      { session: 'webhook: { url: https://app.cedar.example/tools, secret: "${THINK_KEY}" }' },
      'routes[0].session.webhook.secret',
      'at least 32 characters',
    ],
  ])('%s is a fault', async (_name, change, path, wanted) => {
    const { faults } = await load(bridged(change), variables);
    expect(faults.map((fault) => [fault.path, fault.wanted])).toEqual([[path, expect.stringContaining(wanted)]]);
    expect(JSON.stringify(faults)).not.toContain('planted');
  });

  it('a session without a bridge, and a bridge without a session, are faults', async () => {
    const withoutBridge = bridged({}).replace('    bridge: openai-realtime\n', '');
    const withoutSession = bridged({}).replace(/ {4}session: .*\n/u, '');
    expect((await load(withoutBridge, variables)).faults).toMatchObject([{ path: 'routes[0].session' }]);
    expect((await load(withoutSession, variables)).faults).toMatchObject([{ path: 'routes[0].session' }]);
  });
});

/** The sound configuration with a route from ConversationRelay to a model of text. */
function toModel(url = 'https://agent.vendor.example/v1', session = '', relay = ''): string {
  return bridged({ bridge: 'chat-completions', session })
    .replace('wss://agent.vendor.example/v1?model=gpt-realtime-2.1', url)
    .replace(
      'protocol: twilio-media-streams',
      `protocol: twilio-conversation-relay\n    model: gpt-5.4-mini\n    conversation_relay: { tts_provider: ElevenLabs, transcription_provider: Deepgram ${relay} }`,
    );
}

describe('a route to a model of text', () => {
  it('is loaded with what the model is asked with', async () => {
    const { config } = await load(toModel(undefined, 'temperature: 0.3, answer_tokens: 200'), variables);
    const [route] = config?.routes ?? [];
    expect(route).toMatchObject({ bridge: 'chat-completions', url: 'https://agent.vendor.example/v1' });
    expect(route?.session).toMatchObject({ temperature: 0.3, answerTokens: 200 });
    expect(route && namesOf(route)).toEqual([{ at: 'model', form: 'model', value: 'gpt-5.4-mini' }]);
    const posture = postureOf(config ?? expect.fail(), midsummer);
    expect(posture.routes[0]).toMatchObject({ encrypted: true, audio: false });
    expect(describePosture(posture, new PassThrough())).toContain('store false');
  });

  it.each([
    ['the URL of a socket', toModel('wss://agent.vendor.example/v1'), 'routes[0].url', 'https://'],
    ['an unencrypted URL', toModel('http://agent.vendor.example/v1'), 'routes[0].url', 'https://'],
    [
      'no model',
      toModel().replace('    model: gpt-5.4-mini\n', ''),
      'routes[0].model',
      'beside bridge chat-completions',
    ],
    ['a temperature too high', toModel(undefined, 'temperature: 3'), 'routes[0].session.temperature', '0 to 2'],
    [
      'a second greeting',
      toModel(undefined, 'greeting: Hello.', ', welcome_greeting: Hi.'),
      'routes[0].conversation_relay.welcome_greeting',
      'one of them',
    ],
    [
      'sound where it wants text',
      bridged({ bridge: 'chat-completions' }),
      'routes[0].bridge',
      'protocol twilio-conversation-relay',
    ],
    [
      'a request where others have a socket',
      bridged({}).replace('wss://agent', 'https://agent'),
      'routes[0].url',
      'wss://',
    ],
  ])('%s is a fault', async (_name, text, path, wanted) => {
    const { faults } = await load(text, variables);
    expect(faults.map((fault) => [fault.path, fault.wanted])).toContainEqual([path, expect.stringContaining(wanted)]);
  });
});

describe('whom a session names', () => {
  it.each<[string, Change, string]>([
    ['a model of the URL outside the agreement', { url: '?model=other-1' }, '?model'],
    [
      'a transcriber outside the agreement',
      { session: 'transcription_model: other-2' },
      'session.audio.input.transcription.model',
    ],
    ['a stored agent that was not checked', { bridge: 'elevenlabs', url: '?agent_id=agent_1' }, '?agent_id'],
    [
      'a thinker that is not approved',
      {
        bridge: 'deepgram-agent',
        url: '',
        session: 'think: { provider: open_ai, model: m }',
        entry: 'models: [nova-*]',
      },
      'agent.think.provider.type',
    ],
  ])('%s refuses the calls, not the file', async (_name, change, place) => {
    const { config } = await load(bridged(change), variables);
    const [route] = config?.routes ?? [];
    if (config === undefined || route === undefined) throw new Error('The file has a fault');
    expect(approveRoute(config, route, midsummer)).toMatchObject({
      verdict: 'refuse',
      subject: `voice-vendor: ${place}`,
    });
  });

  it.each<[string, Change]>([
    ['models of the agreement', {}],
    ['a service of the agreement', { entry: 'protocols: [openai-realtime]' }],
    ['a checked agent', { bridge: 'elevenlabs', url: '?agent_id=agent_1', entry: 'configurations: [agent_1]' }],
    [
      'a name that means an approved entry',
      {
        bridge: 'deepgram-agent',
        url: '',
        session: 'think: { provider: open_ai, model: m }',
        entry: 'known_as: [open_ai]',
      },
    ],
  ])('%s may be named', async (_name, change) => {
    const { config } = await load(bridged(change), variables);
    const [route] = config?.routes ?? [];
    if (config === undefined || route === undefined) throw new Error('The file has a fault');
    expect(namesOf(route).length).toBeGreaterThan(0);
    expect(approveRoute(config, route, midsummer).verdict).toBe('allow');
  });
});

it('is refused where the agreement covers what the carrier speaks, and not what the vendor does', async () => {
  const { config } = await load(bridged({ entry: 'protocols: [twilio-media-streams]' }), variables);
  const [route] = config?.routes ?? [];
  if (config === undefined || route === undefined) throw new Error('The file has a fault');
  expect(approveRoute(config, route, midsummer)).toMatchObject({ verdict: 'refuse', reason: 'BAA_OUT_OF_SCOPE' });
});

it('check shows the session, what it names and what is enforced, and no secret', async () => {
  const think =
    'think: { provider: open_ai, model: m, endpoint: { url: https://llm.example/v1, headers: { authorization: "Bearer ${THINK_KEY}" } } }';
  const change = {
    bridge: 'deepgram-agent',
    url: '',
    session: `${think}, ${tools}, ${webhook}`,
    entry: 'models: [nova-*]',
  };
  const { config } = await load(bridged(change), variables);
  if (config === undefined) throw new Error('The file has a fault');
  const text = describePosture(postureOf(config, midsummer), new PassThrough());
  for (const shown of [
    'deepgram-agent',
    'agent.think.provider.type open_ai',
    'agent.think.endpoint.url https://llm.example/v1',
    'end_call, transfer_to_person, find_slot; answered by app.cedar.example',
    'mip_opt_out true',
    'Third-party providers behind a Deepgram agent',
  ])
    expect(text).toContain(shown);
  expect(text).not.toMatch(/planted/u);
});
