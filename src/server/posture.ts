import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { agreementStanding, dayAt, type AgreementStanding } from '../policy/baa.ts';
import { reasons, type ReasonCode } from '../policy/reason.ts';
import { missingFrom, missingSentence } from '../policy/notices.ts';
import { agreementBehind, carrierId, judgeVendor, type Vendor } from '../policy/vendors.ts';
import { nearest } from './config/faults.ts';
import { dutiesOf } from './human.ts';
import { approveRoute } from './approval.ts';
import { auditPosture, auditWarnings, type AuditPosture } from './audit-posture.ts';
import type { CallsListener, Config, Route } from './config.ts';
import { readersOf, type ReaderPosture } from './reader-posture.ts';
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
  readonly models: readonly string[] | undefined;
  readonly regions: readonly string[] | undefined;
  readonly subProcessors: readonly string[];
  readonly pins: number;
  readonly verdict: Verdict;
}

export interface RoutePosture {
  readonly name: string;
  /** What a Twilio number is pointed to. */
  readonly webhook: string;
  readonly protocol: Route['protocol'];
  readonly vendor: string;
  readonly host: string;
  readonly encrypted: boolean;
  /** The caller's voice goes to the vendor: no identifier can be taken out of it. */
  readonly audio: boolean;
  readonly speechProviders: readonly string[];
  /** Of a bridged route: what the AI is told and what is enforced. */
  readonly session: SessionPosture | undefined;
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
    warnings: [...agreementWarnings(subProcessors), ...listWarnings(config), ...listenerWarnings(config, now)],
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
    models: vendor.models,
    regions: vendor.regions,
    subProcessors: vendor.subProcessors,
    pins: vendor.pins.length,
    verdict: verdictOf(judgeVendor(list, vendor.id, today, {}, vendor.coveredBy)),
  };
}

function routePosture(config: Config, route: Route, now: number): RoutePosture {
  const { protocol, host } = new URL(route.url);
  return {
    name: route.name,
    webhook: `${config.calls.publicUrl}/twilio/voice/${route.name}`,
    protocol: route.protocol,
    vendor: route.vendor,
    host,
    encrypted: protocol === 'wss:' || protocol === 'https:',
    audio: route.protocol === 'twilio-media-streams',
    speechProviders: route.conversationRelay?.subProcessors ?? [],
    session: sessionPosture(route),
    notice: route.notice,
    noticeLacks: missingFrom(route.notice, dutiesOf(config)).map(missingSentence),
    human: route.human.dial === undefined ? 'nobody is dialled; a sentence is said' : `${route.human.dial} is dialled`,
    verdict: verdictOf(approveRoute(config, route, now)),
  };
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

function listWarnings(config: Config): string[] {
  const warnings: string[] = [];
  if (config.routes.length === 0) warnings.push('There is no route: no call is taken');
  if (config.subProcessors.length === 0) warnings.push('The approved list is empty: no vendor may be called');
  else if (!config.subProcessors.some(({ id }) => id === carrierId)) {
    warnings.push(`Twilio carries every call and is not on the list: record its agreement under the id ${carrierId}`);
  }
  const secrets = config.literalSecrets.map((path) => `${path} stands in the file itself: put it into the environment`);
  return [
    ...warnings,
    ...auditWarnings(config.audit),
    ...secrets,
    ...config.routes.flatMap((route) => routeWarnings(route, config)),
  ];
}

function routeWarnings({ name, vendor, human, notice }: Route, config: Config): string[] {
  const { subProcessors } = config;
  const lacks = missingFrom(notice, dutiesOf(config));
  const warnings = lacks.map((duty) => `The notice of route ${name} ${missingSentence(duty)}`);
  if (human.dial === undefined) {
    warnings.push(
      `Route ${name} has no human.dial: when the AI cannot go on, the caller hears a sentence and no person`,
    );
  }
  const ids = subProcessors.map(({ id }) => id);
  const near = ids.includes(vendor) ? undefined : nearest(vendor, ids);
  if (near !== undefined)
    warnings.push(`Route ${name} names "${vendor}", which is not on the list: is "${near}" meant?`);
  return warnings;
}

function listenerWarnings({ admin, calls }: Config, now: number): string[] {
  const warnings: string[] = [];
  if (!['127.0.0.1', '::1', 'localhost'].includes(admin.host)) {
    warnings.push(`The admin listener is open to ${admin.host}: let only your own network reach it`);
  }
  if (calls.transport.kind === 'tls') warnings.push(...certificateWarnings(calls, calls.transport.certificate, now));
  return warnings;
}

const renewalDays = 14;

function certificateWarnings(calls: CallsListener, pem: string, now: number): string[] {
  const certificate = new X509Certificate(pem);
  const { hostname } = new URL(calls.publicUrl);
  const days = Math.floor((Date.parse(certificate.validTo) - now) / 86_400_000);
  const warnings: string[] = [];
  if (days < 0) warnings.push('The certificate for calls has expired');
  else if (days < renewalDays) warnings.push(`The certificate for calls is valid for ${days} more days`);
  if (!names(certificate, hostname)) {
    warnings.push(`The certificate for calls does not name ${hostname}: Twilio will not connect`);
  }
  return warnings;
}

function names(certificate: X509Certificate, hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/gu, '');
  return (isIP(bare) === 0 ? certificate.checkHost(bare) : certificate.checkIP(bare)) !== undefined;
}
