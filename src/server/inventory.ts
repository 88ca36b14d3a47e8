import type { AgreementState } from '../policy/baa.ts';
import { phiKinds, type PhiKind } from '../policy/phi/kinds.ts';
import { carrierId } from '../policy/vendors.ts';
import type { Posture, RoutePosture, SubProcessorPosture } from './posture.ts';

/**
 * One way that call data goes: who passes what to whom, how, and under which agreement. All of them together are the
 * data-flow map of 45 CFR 164.308(a)(1)(ii)(A); the risk analysis itself is the practice's.
 */
export interface Flow {
  readonly route: string;
  readonly from: string;
  readonly to: string;
  readonly receives: string;
  /** Kinds that may be there in clear words. */
  readonly kinds: readonly PhiKind[];
  readonly transport: string;
  readonly regions: string;
  readonly agreement: string;
  readonly training: string;
  readonly keeps: string;
  /** `allowed`, or the reason code of the refusal. */
  readonly verdict: string;
}

export function flowsOf(posture: Posture): Flow[] {
  return [...posture.routes.flatMap((route) => routeFlows(posture, route)), ...ownFlows(posture)];
}

/** The columns of the table, in order. */
export const flowColumns = [
  'route',
  'from',
  'to',
  'receives',
  'kinds',
  'transport',
  'regions',
  'agreement',
  'training',
  'keeps',
  'verdict',
] as const satisfies readonly (keyof Flow)[];

function routeFlows(posture: Posture, route: RoutePosture): Flow[] {
  const common = [
    {
      ...flow(
        posture,
        route,
        'chaperone',
        route.vendor,
        receivedBy(route),
        route.audio ? phiKinds : kindsInClear(posture, 'vendor'),
        transportOf(route),
      ),
      verdict: route.verdict.allowed ? 'allowed' : route.verdict.reason,
    },
    ...behind(posture, route.vendor).map(([from, to]) =>
      flow(posture, route, from, to, 'what it is passed', phiKinds, 'by the vendor'),
    ),
  ];
  return route.app === undefined ? carrierFlows(posture, route, common) : appFlows(posture, route, common);
}

/** A call that Twilio brings, around what the vendor gets. */
function carrierFlows(posture: Posture, route: RoutePosture, common: readonly Flow[]): Flow[] {
  const carrier = carrierId;
  return [
    flow(posture, route, 'caller', carrier, 'the voice of the caller', phiKinds, 'telephone network'),
    ...route.speechProviders.map((id) =>
      flow(posture, route, carrier, id, 'speech or replies', phiKinds, 'by the carrier'),
    ),
    ownFlow(
      route.name,
      carrier,
      'chaperone',
      route.audio ? 'voice and signalling' : 'transcripts and signalling',
      phiKinds,
      `TLS ${posture.listeners.calls.tls}`,
    ),
    ...common,
    ownFlow(
      route.name,
      carrier,
      'a person',
      `the call, when the AI may not go on: ${route.human}`,
      phiKinds,
      'telephone network',
    ),
  ];
}

/** A session that an app of the practice opens, around what the vendor gets. */
function appFlows(posture: Posture, { name, audio }: RoutePosture, common: readonly Flow[]): Flow[] {
  const transport = `TLS ${posture.listeners.calls.tls}`;
  const sent = audio ? 'voice, text and settings' : 'text and settings';
  return [
    ownFlow(name, 'an app of the practice', 'chaperone', sent, phiKinds, transport),
    ...common,
    ownFlow(
      name,
      'chaperone',
      'an app of the practice',
      'what the vendor answers',
      kindsInClear(posture, 'app'),
      transport,
    ),
  ];
}

function receivedBy(route: RoutePosture): string {
  return route.audio
    ? 'voice, which cannot be anonymised; text with identifiers removed'
    : 'text with identifiers removed';
}

function transportOf({ encrypted, host }: RoutePosture): string {
  return encrypted ? `TLS 1.2 or later to ${host}` : `plain text to ${host} on this machine`;
}

function kindsInClear({ clearances }: Posture, party: 'vendor' | 'app'): PhiKind[] {
  return phiKinds.filter((kind) => clearances[party][kind] === 'pass');
}

/** Pairs of giver and receiver behind a vendor, each pair once. */
function behind({ subProcessors }: Posture, root: string): [from: string, to: string][] {
  const pairs: [string, string][] = [];
  const opened = new Set<string>();
  const waiting = [root];
  for (const id of waiting) {
    if (opened.has(id)) continue;
    opened.add(id);
    const next = subProcessors.find((entry) => entry.id === id)?.subProcessors ?? [];
    pairs.push(...next.map((child): [string, string] => [id, child]));
    waiting.push(...next);
  }
  return pairs;
}

function flow(
  posture: Posture,
  route: RoutePosture,
  from: string,
  to: string,
  receives: string,
  kinds: readonly PhiKind[],
  transport: string,
): Flow {
  const entry = posture.subProcessors.find(({ id }) => id === to);
  const common = { route: route.name, from, to, receives, kinds, transport };
  if (entry === undefined) {
    const verdict = to === carrierId ? 'not on the list' : 'VENDOR_NOT_APPROVED';
    return { ...common, regions: '', agreement: 'none recorded', training: '', keeps: '', verdict };
  }
  return { ...common, ...factsOf(entry) };
}

const stateWords = {
  'document-changed': 'document changed',
  incomplete: 'incomplete',
  'not-effective': 'not yet in effect',
  expired: 'expired',
  live: 'in force',
} as const satisfies Record<Exclude<AgreementState, 'missing'>, string>;

function factsOf(entry: SubProcessorPosture): Pick<Flow, 'regions' | 'agreement' | 'training' | 'keeps' | 'verdict'> {
  const { state, expires } = entry.agreement;
  const holder = entry.coveredBy === undefined ? '' : ` of ${entry.coveredBy}`;
  return {
    regions: entry.regions?.join(' ') ?? 'any',
    agreement: state === 'missing' ? 'none recorded' : `${stateWords[state]}${holder}, until ${expires ?? ''}`,
    training: entry.training,
    keeps: entry.retentionDays === undefined ? 'no promise recorded' : `${entry.retentionDays} days`,
    verdict: entry.verdict.allowed ? 'allowed' : entry.verdict.reason,
  };
}

/** Where no sub-processor receives anything: no agreement is needed. */
function ownFlow(
  route: string,
  from: string,
  to: string,
  receives: string,
  kinds: readonly PhiKind[],
  transport: string,
): Flow {
  const own = { regions: '', agreement: 'not needed', training: '', keeps: '', verdict: 'allowed' };
  return { route, from, to, receives, kinds, transport, ...own };
}

function ownFlows({ audit }: Posture): Flow[] {
  const log = ownFlow(
    'all',
    'chaperone',
    'audit log',
    'who, when, what was decided; what identifies a person is sealed',
    [],
    `AES-256-GCM in ${audit.directory}`,
  );
  return [
    { ...log, keeps: audit.records },
    ...audit.anchors.map((anchor) =>
      ownFlow('all', 'audit log', anchor, 'checkpoints: sizes and hashes', [], 'TLS, or by the platform'),
    ),
    ownFlow('all', 'chaperone', 'metrics and log', 'counts and codes; no words of a call', [], 'this machine'),
  ];
}
