import { z } from 'zod';
import { bridges, type BridgeName } from '../../stream/bridges/index.ts';
import type { Json, JsonObject } from '../../stream/json.ts';
import { Secret, type Environment, type RouteSession, type SessionProvider, type ToolWebhook } from '../config.ts';
import { choice, identifier, list, mapping, reachFields, secret, text, url, whole } from './fields.ts';

/** What a bridged route tells the AI before a call: instructions, voice, tools. */
export type SessionShape = z.output<ReturnType<typeof sessionSchema>>;

const [firstBridge = 'openai-realtime', ...otherBridges] = Object.keys(bridges).filter(isBridgeName);

function isBridgeName(name: string): name is BridgeName {
  return Object.hasOwn(bridges, name);
}

export function bridgeField() {
  return choice([firstBridge, ...otherBridges]);
}

/** Longer instructions belong into the systems of the practice, behind a tool. */
const longestText = 32_768;
const longestSpoken = 1_000;

export function sessionSchema(environment: Environment) {
  return mapping({
    instructions: long('what the AI is told to do', longestText)
      .optional()
      .describe('What the AI is told to do and to leave alone. Words of the practice; never a fact of a patient.'),
    greeting: long('a sentence', longestSpoken)
      .optional()
      .describe('What it says first; without it the caller begins.'),
    language: text('a language tag such as en-US', /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/u)
      .optional()
      .describe('Language of the talk.'),
    voice: text('the name of a voice').optional().describe('Voice, as the vendor names it.'),
    transcription_model: text('the name of a model')
      .optional()
      .describe('Model that writes down what the caller says; must be covered like every model.'),
    silence_ms: whole(100, 10_000, 'milliseconds').optional().describe('Pause after which the caller has finished.'),
    max_session_s: whole(60, 86_400, 'seconds')
      .optional()
      .describe('After so long the vendor ends a session, where that is a setting there; the agent hands over before.'),
    temperature: z
      .number({ error: 'a number from 0 to 2' })
      .min(0, { error: 'a number from 0 to 2' })
      .max(2, { error: 'a number from 0 to 2' })
      .optional()
      .describe('Of a text model: how freely it chooses its words, 0 to 2.'),
    answer_tokens: whole(1, 100_000, 'tokens').optional().describe('Of a text model: tokens of one answer at most.'),
    think: providerSchema(environment)
      .optional()
      .describe('Deepgram: whose language model thinks. It is a sub-processor behind the vendor.'),
    speak: providerSchema(environment)
      .optional()
      .describe('Deepgram: whose voice speaks. It is a sub-processor behind the vendor.'),
    tools: list(toolSchema(), 'a list of tools')
      .max(64, { error: 'at most 64 tools' })
      .default([])
      .describe('What the AI may ask of the systems of the practice, beside ending and handing over a call.'),
    webhook: webhookSchema(environment).optional(),
  }).describe('Of a bridged route: what the AI is told before a call. Held by the practice, checked against the list.');
}

function long(wanted: string, most: number): z.ZodString {
  return text(wanted).max(most, { error: `${wanted}, of at most ${most} characters` });
}

function providerSchema(environment: Environment) {
  const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/u, { error: 'a header name' });
  return mapping({
    provider: text('the name of a provider').describe('As the vendor names it on the wire: open_ai, anthropic.'),
    model: text('the name of a model').describe('Its model.'),
    voice: text('the name of a voice').optional().describe('Its voice.'),
    endpoint: mapping({
      url: url(environment, ['https:', 'wss:'], 'an https:// or wss:// URL').describe('Where the vendor reaches it.'),
      headers: z
        .record(headerName, secret(environment, 'the value of a header'), { error: 'a mapping of header names' })
        .default({})
        .describe('Headers, such as authorization: "Bearer ${PROVIDER_KEY}".'),
    })
      .optional()
      .describe('Where it is reached, if not through the vendor.'),
  });
}

function toolSchema() {
  return mapping({
    name: text('a name of letters, digits and _', /^[A-Za-z]\w{0,63}$/u).describe('Name that the AI calls it by.'),
    description: long('what the tool does', longestSpoken).describe('What it does and when to use it.'),
    parameters: z
      .record(z.string(), z.json(), { error: 'a JSON Schema as a mapping' })
      .default({ type: 'object', properties: {} })
      .describe('What the AI gives it, as a JSON Schema.'),
  });
}

const leastSecret = 32;

function webhookSchema(environment: Environment) {
  const signing = `a secret of at least ${leastSecret} characters`;
  return mapping({
    url: url(environment, ['https:', 'http:'], 'an https:// URL, without a user name or password in it').describe(
      'Where calls of tools are posted; http:// only on this very machine.',
    ),
    secret: secret(environment, signing)
      .pipe(z.string().min(leastSecret, { error: signing }))
      .describe('Signs what is posted. Use ${NAME}, not the secret itself.'),
    timeout_ms: whole(100, 30_000, 'milliseconds').default(4_000).describe('Time for an answer; the caller waits.'),
    sub_processor: identifier('the id of an entry of sub_processors')
      .optional()
      .describe('Where another company answers: the entry with its agreement. Without one in force it gets nothing.'),
    ...reachFields(),
  }).describe('The system of the practice that answers calls of tools.');
}

/** The session of a route; `authority` is the certificate that its webhook's entry names. */
export function sessionOf(shape: SessionShape, authority: string | undefined): RouteSession {
  return {
    instructions: shape.instructions,
    greeting: shape.greeting,
    language: shape.language,
    voice: shape.voice,
    transcriptionModel: shape.transcription_model,
    silenceMs: shape.silence_ms,
    longestMs: shape.max_session_s === undefined ? undefined : shape.max_session_s * 1000,
    temperature: shape.temperature,
    answerTokens: shape.answer_tokens,
    thinks: shape.think && providerOf(shape.think),
    speaks: shape.speak && providerOf(shape.speak),
    tools: shape.tools.map(({ name, description, parameters }) => ({
      name,
      description,
      parameters: jsonObject(parameters),
    })),
    webhook: shape.webhook && webhookOf(shape.webhook, authority),
  };
}

function providerOf({ provider, model, voice, endpoint }: NonNullable<SessionShape['think']>): SessionProvider {
  const headers = Object.entries(endpoint?.headers ?? {}).map(([name, value]) => [name, new Secret(value)] as const);
  return {
    type: provider,
    model,
    voice,
    endpoint: endpoint && { url: endpoint.url, headers: Object.fromEntries(headers) },
  };
}

function webhookOf(shape: NonNullable<SessionShape['webhook']>, certificateAuthority: string | undefined): ToolWebhook {
  return {
    url: shape.url,
    secret: new Secret(shape.secret),
    timeoutMs: shape.timeout_ms,
    subProcessor: shape.sub_processor,
    addresses: shape.addresses,
    certificateAuthority,
  };
}

function jsonObject(mapping: Readonly<Record<string, Json>>): JsonObject {
  return { ...mapping };
}
