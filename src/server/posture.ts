import { X509Certificate } from 'node:crypto';
import { agreementStanding, dayAt, type AgreementStanding } from '../policy/baa.ts';
import { reasons, type ReasonCode } from '../policy/reason.ts';
import { missingFrom, missingSentence } from '../policy/notices.ts';
import { protocols } from '../stream/protocols/index.ts';
import { agreementBehind, judgeVendor, type Vendor } from '../policy/vendors.ts';
import { dutiesOf } from './human.ts';
import { appPosture, type AppPosture } from './app-posture.ts';
import { approveRoute } from './approval.ts';
import { auditPosture, type AuditPosture } from './audit-posture.ts';
import type { CallsListener, Config, Route } from './config.ts';
import { readersOf, type ReaderPosture } from './reader-posture.ts';
import { configurationWarnings } from './warnings.ts';
import { sessionPosture, type SessionPosture } from './session-posture.ts';

/** What the configuration in force means on a day, as plain data: for a compliance officer, a page, a script. */
export interface Posture {
  readonly file: string;
  readonly policyHash: string;
  /** The day at the practice. */
  readonly today: string;
  readonly practice: Config['practice'];
  readonly listeners: Listeners;
  readonly subProcessors: readonly SubProcessorPosture[];
  readonly routes: readonly RoutePosture[];
  readonly clearances: Config['clearances'];
  /** Who may read transcripts. */
  readonly readers: readonly ReaderPosture[];
  readonly audit: AuditPosture;
  readonly limits: Config['limits'];
  /** What is allowed but should be known. */
  readonly warnings: readonly string[];
}

export interface Listeners {
  readonly calls: { readonly address: string; readonly publicUrl: string; readonly tls: string };
  readonly admin: { readonly address: string };
}

/** Whether something is allowed; if not, why, in a code and a sentence. */
export type Verdict =
  | { readonly allowed: true }
  | { readonly allowed: false; readonly reason: ReasonCode; readonly sentence: string; readonly subject: string };

export interface SubProcessorPosture {
  readonly id: string;
  readonly service: string;
  readonly counterparty: string | undefined;
  readonly agreement: AgreementStanding & { readonly expires: string | undefined };
  /** The entry whose agreement binds this one, when it has none of its own. */
  readonly coveredBy: string | undefined;
  readonly training: Vendor['training'];
  readonly retentionDays: number | undefined;
  readonly hosts: readonly string[];
  readonly protocols: readonly string[] | undefined;
  readonly models: readonly string[] | undefined;
  readonly regions: readonly string[] | undefined;
  readonly subProcessors: readonly string[];
  readonly pins: number;
  readonly verdict: Verdict;
}

export interface RoutePosture {
  readonly name: string;
  /** What a Twilio number is pointed to, or the SDK of an app. */
  readonly address: string;
  readonly protocol: Route['protocol'];
  readonly vendor: string;
  readonly host: string;
  readonly encrypted: boolean;
  /** The caller's voice goes to the vendor: no identifier can be taken out of it. */
  readonly audio: boolean;
  readonly speechProviders: readonly string[];
  /** Of a bridged route: what the AI is told and what is enforced. */
  readonly session: SessionPosture | undefined;
  /** Of a route whose caller is an app of the practice. */
  readonly app: AppPosture | undefined;
  readonly notice: string;
  /** What the notice should say and does not, each as the end of a sentence. */
  readonly noticeLacks: readonly string[];
  readonly human: string;
  readonly verdict: Verdict;
}

/** `now` is wall-clock milliseconds. */
export function postureOf(config: Config, now: number): Posture {
  const today = dayAt(now, config.practice.timeZone);
  const subProcessors = config.subProcessors.map((vendor) => subProcessorPosture(config, vendor, today));
  const routes = config.routes.map((route) => routePosture(config, route, now));
  return {
    file: config.file,
    policyHash: config.policyHash,
    today,
    practice: config.practice,
    listeners: listenersOf(config),
    subProcessors,
    routes,
    clearances: config.clearances,
    readers: readersOf(config),
    audit: auditPosture(config.audit),
    limits: config.limits,
    warnings: [...agreementWarnings(subProcessors), ...configurationWarnings(config, now)],
  };
}

function subProcessorPosture(config: Config, vendor: Vendor, today: string): SubProcessorPosture {
  const list = config.subProcessors;
  const agreement = agreementBehind(list, vendor, vendor.coveredBy ?? '');
  return {
    id: vendor.id,
    service: vendor.service,
    counterparty: agreement?.counterparty,
    agreement: { ...agreementStanding(agreement, today), expires: agreement?.expires },
    coveredBy: vendor.coveredBy,
    training: vendor.training,
    retentionDays: vendor.retentionDays,
    hosts: vendor.hosts,
    protocols: vendor.protocols,
    models: vendor.models,
    regions: vendor.regions,
    subProcessors: vendor.subProcessors,
    pins: vendor.pins.length,
    verdict: verdictOf(judgeVendor(list, vendor.id, today, {}, vendor.coveredBy)),
  };
}

function routePosture(config: Config, route: Route, now: number): RoutePosture {
  const { protocol, host } = new URL(route.url);
  const app = appPosture(config, route);
  return {
    name: route.name,
    address: app?.base ?? `${config.calls.publicUrl}/twilio/voice/${route.name}`,
    protocol: route.protocol,
    vendor: route.vendor,
    host,
    encrypted: protocol === 'wss:' || protocol === 'https:',
    audio: protocols[route.protocol].hears,
    speechProviders: route.conversationRelay?.subProcessors ?? [],
    session: sessionPosture(route),
    app,
    notice: app === undefined ? route.notice : 'given by the app',
    noticeLacks: app === undefined ? missingFrom(route.notice, dutiesOf(config)).map(missingSentence) : [],
    human: humanText(route),
    verdict: verdictOf(approveRoute(config, route, now)),
  };
}

function humanText({ app, human, protocol }: Route): string {
  if (app !== undefined && protocols[protocol].parting !== undefined) {
    const number =
      human.dial === undefined ? 'a sentence is said and the call ends' : `the call is moved to ${human.dial}`;
    return `${number}, by whoever dials in`;
  }
  if (app !== undefined) return 'called by the app, which learns the reason';
  return human.dial === undefined ? 'nobody is dialled; a sentence is said' : `${human.dial} is dialled`;
}

interface Judged {
  readonly verdict: 'allow' | 'refuse' | 'handoff';
  readonly reason?: ReasonCode;
  readonly subject?: string;
}

function verdictOf({ verdict, reason, subject }: Judged): Verdict {
  if (verdict === 'allow' || reason === undefined) return { allowed: true };
  return { allowed: false, reason, sentence: reasons[reason].sentence, subject: subject ?? '' };
}

function listenersOf({ calls, admin }: Config): Listeners {
  return {
    calls: { address: `${calls.host}:${calls.port}`, publicUrl: calls.publicUrl, tls: transportText(calls) },
    admin: { address: `${admin.host}:${admin.port}` },
  };
}

function transportText({ transport }: CallsListener): string {
  if (transport.kind === 'proxy') return `ended by the proxy at ${transport.addresses.join(', ')}`;
  return `by chaperone, certificate valid until ${lastDay(transport.certificate)}`;
}

function lastDay(certificate: string): string {
  return new Date(new X509Certificate(certificate).validTo).toISOString().slice(0, 10);
}

function agreementWarnings(subProcessors: readonly SubProcessorPosture[]): string[] {
  return subProcessors.flatMap(({ id, agreement, coveredBy }) =>
    agreement.warning === undefined || coveredBy !== undefined
      ? []
      : [`The agreement with ${id} ends on ${agreement.expires ?? ''}: ${agreement.daysLeft ?? 0} days are left`],
  );
}
