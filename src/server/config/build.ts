import type { HandoffRules } from '../../policy/handoff.ts';
import { profiles } from '../../policy/profiles/index.ts';
import {
  Secret,
  type CallsListener,
  type Config,
  type ConversationRelay,
  type Environment,
  type Human,
  type Practice,
  type Route,
  type WebhookTap,
} from '../config.ts';
import type { Assets } from './assets.ts';
import { appOf, appSideOf } from './apps.ts';
import { auditOf } from './audit.ts';
import type { RouteShape } from './entries.ts';
import type { NamedFiles } from './files.ts';
import { policyHash } from './policy-hash.ts';
import { operatorOf, webhookOf } from './readers.ts';
import type { FileShape } from './schema.ts';
import { sessionOf } from './session.ts';
import { vendorOf } from './vendor.ts';

/** What was read beside the values of the file. */
export interface Reading {
  readonly assets: Assets;
  readonly files: NamedFiles;
  readonly environment: Environment;
  readonly literalSecrets: readonly string[];
}

/** The configuration in force, out of a file in which no fault was found. Frozen to its leaves. */
export function buildConfig(shape: FileShape, { assets, files, environment, literalSecrets }: Reading): Config {
  const clearances = clearancesOf(shape);
  const policy = {
    practice: practiceOf(shape),
    subProcessors: shape.sub_processors.map((entry, index) => vendorOf(entry, assets.vendors[index])),
    nested: nestedOf(shape),
    routes: shape.routes.map((route, index) => routeOf(route, practiceOf(shape), assets.tools[index])),
    apps: shape.apps.map((entry, index) => appOf(entry, assets.apps[index] ?? [])),
    clearances,
    handoff: handoffOf(shape),
    redaction: shape.redaction,
    taps: shape.taps.map((entry, index) =>
      webhookOf(entry, clearances.tap, assets.taps[index], (name) => files.path(name)),
    ),
    operators: shape.operators.map((entry) => operatorOf(entry, clearances.tap)),
    limits: limitsOf(shape),
  };
  const audit = auditOf(shape.audit, files, environment);
  return deepFreeze({
    ...policy,
    file: files.file,
    policyHash: policyHash({ ...policy, taps: policy.taps.map(withoutQueue), retention: audit.retention }),
    calls: callsOf(shape, assets),
    admin: shape.listen.admin,
    twilio: {
      accountSid: shape.twilio?.account_sid ?? '',
      authTokens: (shape.twilio?.auth_tokens ?? []).map((token) => new Secret(token)),
    },
    audit,
    workers: shape.workers,
    log: shape.log,
    literalSecrets,
    files: files.paths,
    fingerprint: files.fingerprint(),
  });
}

/** Where lines wait is no policy, and a path of this machine. */
function withoutQueue(tap: WebhookTap): object {
  return { ...tap, queue: undefined };
}

function practiceOf({ practice }: FileShape): Practice {
  return { name: practice.name, profile: practice.profile, timeZone: practice.time_zone, states: practice.states };
}

/** The switches of the profile with the changes of the file. */
function handoffOf({ practice, handoff }: FileShape): HandoffRules {
  const defaults = profiles[practice.profile].handoff;
  return {
    CRISIS: handoff.crisis ?? defaults.CRISIS,
    EMERGENCY: handoff.emergency ?? defaults.EMERGENCY,
    HUMAN_ASKED: handoff.person ?? defaults.HUMAN_ASKED,
    THERAPEUTIC_TALK: handoff.therapeutic_talk ?? defaults.THERAPEUTIC_TALK,
    zeroKey: handoff.zero_key ?? handoff.person ?? defaults.HUMAN_ASKED,
  };
}

/** The table of the profile with the changes of the file. Nobody can clear the log. */
function clearancesOf({ practice, clearances }: FileShape): Config['clearances'] {
  const defaults = profiles[practice.profile].clearances;
  return {
    vendor: { ...defaults.vendor, ...clearances.vendor },
    caller: { ...defaults.caller, ...clearances.caller },
    app: { ...defaults.app, ...clearances.app },
    tap: { ...defaults.tap, ...clearances.tap },
    log: defaults.log,
  };
}

function callsOf({ listen: { calls } }: FileShape, assets: Assets): CallsListener {
  const transport: CallsListener['transport'] =
    assets.tls === undefined
      ? { kind: 'proxy', addresses: calls.tls_ended_by?.proxies ?? [] }
      : { kind: 'tls', ...assets.tls, key: new Secret(assets.tls.key) };
  return { host: calls.host, port: calls.port, publicUrl: new URL(calls.public_url).origin, transport };
}

/** All entries together: whose configuration an id is, its place on the wire says. */
function nestedOf({ sub_processors: entries }: FileShape): Config['nested'] {
  return {
    names: Object.fromEntries(entries.flatMap(({ id, known_as: names }) => names.map((name) => [name, id]))),
    configurations: entries.flatMap(({ configurations }) => configurations),
  };
}

function routeOf(route: RouteShape, practice: Practice, toolAuthority: string | undefined): Route {
  return {
    name: route.name,
    protocol: route.protocol,
    vendor: route.vendor,
    url: route.url,
    headers: Object.fromEntries(Object.entries(route.headers).map(([name, value]) => [name, new Secret(value)])),
    model: route.model,
    region: route.region,
    allowLoopback: route.allow_loopback_plaintext,
    notice: route.notice ?? noticeOf(practice),
    human: humanOf(route.human),
    conversationRelay: route.conversation_relay && relayOf(route.conversation_relay),
    bridge: route.bridge,
    session: route.session && sessionOf(route.session, toolAuthority),
    strict: route.strict,
    parameters: route.parameters,
    app: route.caller === 'app' ? appSideOf(route) : undefined,
  };
}

function noticeOf({ name }: Practice): string {
  return `Thank you for calling ${name}. You are speaking with an automated assistant, and this call may be recorded and transcribed.`;
}

function humanOf(human: RouteShape['human']): Human {
  const say = human.say ?? (human.dial === undefined ? nobodyThere : 'One moment please.');
  return { dial: human.dial, say, via: human.via };
}

/** Said where no number can be dialled: silence would leave a patient in need alone. */
const nobodyThere =
  'We cannot take your call right now. Please call again later. In an emergency, hang up and dial 9 1 1.';

function relayOf(relay: NonNullable<RouteShape['conversation_relay']>): ConversationRelay {
  const providers = [relay.tts_provider, relay.transcription_provider].map((name) => name.toLowerCase());
  return {
    welcomeGreeting: relay.welcome_greeting,
    language: relay.language,
    ttsProvider: relay.tts_provider,
    voice: relay.voice,
    transcriptionProvider: relay.transcription_provider,
    speechModel: relay.speech_model,
    subProcessors: [...new Set(providers)],
  };
}

function limitsOf({ limits }: FileShape): Config['limits'] {
  return {
    calls: limits.calls,
    overload: {
      busy: limits.busy_percent / 100,
      lagMs: limits.lag_ms,
      memoryBytes: limits.memory_mib === undefined ? undefined : limits.memory_mib * 2 ** 20,
    },
    frameBudgetMs: limits.frame_budget_ms,
    dialMs: limits.dial_ms,
    idleMs: limits.idle_s * 1000,
    callMs: limits.max_call_s * 1000,
    drainMs: limits.drain_s * 1000,
  };
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value !== 'object' || value === null) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
