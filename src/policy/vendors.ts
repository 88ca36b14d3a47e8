import { agreementStanding, type Agreement, type AgreementState } from './baa.ts';
import { allow, refuse, type Decision } from './decision.ts';
import type { ReasonCode } from './reason.ts';

/**
 * An entry of the approved list: one sub-processor, what the practice has agreed with it, and where it may be reached.
 * `protocols`, `models` and `regions` undefined: the agreement sets no limit there.
 */
export interface Vendor {
  readonly id: string;
  readonly service: string;
  /** `host`, or `host:port` to allow that port alone. Lower case. */
  readonly hosts: readonly string[];
  /** Services covered by the agreement, as the protocols that reach them. */
  readonly protocols: readonly string[] | undefined;
  /** Names covered by the agreement; a trailing `*` covers every name that begins so. */
  readonly models: readonly string[] | undefined;
  readonly regions: readonly string[] | undefined;
  /** Ids of the sub-processors that it passes call data on to. */
  readonly subProcessors: readonly string[];
  /** Days for which it has promised to keep call data at most. Undefined: nothing was promised. */
  readonly retentionDays: number | undefined;
  readonly training: 'forbidden' | 'allowed' | 'unstated';
  readonly status: 'approved' | 'suspended';
  /** SHA-256 of acceptable public keys (SubjectPublicKeyInfo), base64. Empty: any key that the CA vouches for. */
  readonly pins: readonly string[];
  /** Addresses that are allowed although they are private, loopback or link-local. */
  readonly addresses: readonly string[];
  /** PEM of the only authority that may vouch for it; undefined: the public authorities. */
  readonly certificateAuthority: string | undefined;
  readonly agreement: Agreement | undefined;
  /**
   * Id of the vendor whose agreement binds this one as its sub-contractor (45 CFR 164.504(e)(2)(ii)(D)). It counts only
   * directly behind that vendor, and only if that vendor names this one among its sub-processors.
   */
  readonly coveredBy: string | undefined;
}

/** The entry of the carrier: it brings the call, and its TwiML names the speech providers behind it. */
export const carrierId = 'twilio';

declare const approved: unique symbol;

/** A vendor that may be dialled today, at `url` and nowhere else. Only {@link approve} makes one. */
export type ApprovedVendor = Vendor & {
  readonly url: string;
  /** True where the route lets the connection go to a loopback address, in plain text if the URL says so. */
  readonly loopback: boolean;
  readonly [approved]: true;
};

/** `found` is who was named there; sealed in the log, never shown. */
export type Refusal = Extract<Decision, { readonly verdict: 'refuse' }> & { readonly found?: string };
export type Approval = { readonly verdict: 'allow'; readonly vendor: ApprovedVendor } | Refusal;

/** What a call is going to use of a vendor; must lie inside the agreement. */
export interface VendorUse {
  /** What is spoken with it: one vendor has several services, and not all of them need be in the agreement. */
  readonly protocol?: string | undefined;
  readonly model?: string | undefined;
  readonly region?: string | undefined;
}

export interface ApproveOptions extends VendorUse {
  /** The route allows a loopback address, also as plain `ws://`. */
  readonly loopback?: boolean;
  /** Ids of the speech providers that the carrier uses in the same call, as the TwiML names them. */
  readonly throughCarrier?: readonly string[];
}

/** May this vendor be dialled at this URL on this day (`YYYY-MM-DD` where the practice is)? */
export function approve(
  list: readonly Vendor[],
  vendorId: string,
  url: string,
  today: string,
  options: ApproveOptions = {},
): Approval {
  const vendor = find(list, vendorId);
  if (vendor === undefined) return refusal('VENDOR_NOT_APPROVED', vendorId);
  const loopback = options.loopback ?? false;
  const fault =
    faultOfStanding(vendor, vendor.agreement, today) ??
    faultOfUse(vendor, options) ??
    faultOfUrl(vendor, url, loopback) ??
    faultBehind(list, vendor, today) ??
    faultThroughCarrier(list, options.throughCarrier ?? [], today);
  return fault ?? { verdict: 'allow', vendor: brand(vendor, url, loopback) };
}

/**
 * May call data reach this vendor at all, on this day and for this use? Also judges everybody behind it. `parent` is the
 * vendor that passes the data on, where there is one.
 */
export function judgeVendor(
  list: readonly Vendor[],
  vendorId: string,
  today: string,
  use: VendorUse = {},
  parent?: string,
): Decision {
  const vendor = find(list, vendorId);
  if (vendor === undefined) return refuse('VENDOR_NOT_APPROVED', vendorId);
  const agreement = parent === undefined ? vendor.agreement : agreementBehind(list, vendor, parent);
  return (
    faultOfStanding(vendor, agreement, today) ?? faultOfUse(vendor, use) ?? faultBehind(list, vendor, today) ?? allow
  );
}

/** The agreement that binds `vendor` when it is reached through `parent`: its own, or the one that covers it. */
export function agreementBehind(list: readonly Vendor[], vendor: Vendor, parent: string): Agreement | undefined {
  if (vendor.coveredBy !== parent) return vendor.agreement;
  const holder = find(list, parent);
  return holder?.status === 'approved' && holder.subProcessors.includes(vendor.id) ? holder.agreement : undefined;
}

/** Does `url` lead to one of the hosts of the vendor, encrypted or over an allowed loopback? Undefined: it does. */
export function faultOfUrl(vendor: Vendor, url: string, loopback: boolean): Refusal | undefined {
  if (!URL.canParse(url)) return refusal('VENDOR_HOST_NOT_LISTED', vendor.id);
  const { protocol, hostname, port } = new URL(url);
  const isPlain = protocol === 'ws:' || protocol === 'http:';
  const withPort = `${hostname}:${port || (isPlain ? '80' : '443')}`;
  const listed = vendor.hosts.some((host) => host === hostname || host === withPort);
  if (!listed) return refusal('VENDOR_HOST_NOT_LISTED', `${vendor.id}: ${hostname}`);
  const encrypted = protocol === 'wss:' || protocol === 'https:';
  if (!encrypted && !(isPlain && loopback && isLoopbackHost(hostname))) {
    return refusal('VENDOR_PLAINTEXT', vendor.id);
  }
  return undefined;
}

/** True for names and literals that mean this machine, whatever a resolver says. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

const reasonOfState = {
  missing: 'BAA_MISSING',
  'document-changed': 'BAA_DOCUMENT_CHANGED',
  incomplete: 'BAA_INCOMPLETE',
  'not-effective': 'BAA_NOT_EFFECTIVE',
  expired: 'BAA_EXPIRED',
} as const satisfies Record<Exclude<AgreementState, 'live'>, ReasonCode>;

function faultOfStanding(vendor: Vendor, agreement: Agreement | undefined, today: string): Refusal | undefined {
  if (vendor.status === 'suspended') return refusal('VENDOR_SUSPENDED', vendor.id);
  const { state } = agreementStanding(agreement, today);
  if (state !== 'live') return refusal(reasonOfState[state], vendor.id);
  if (vendor.training !== 'forbidden') return refusal('TRAINING_NOT_FORBIDDEN', vendor.id);
  return undefined;
}

function faultOfUse(vendor: Vendor, use: VendorUse): Refusal | undefined {
  const spoken = coversName(vendor.protocols, use.protocol);
  const inside = spoken && coversName(vendor.models, use.model) && coversName(vendor.regions, use.region);
  return inside ? undefined : refusal('BAA_OUT_OF_SCOPE', vendor.id);
}

/** Does the list of an agreement cover this name? A trailing `*` covers every name that begins so; no list covers all. */
export function coversName(covered: readonly string[] | undefined, name: string | undefined): boolean {
  if (covered === undefined || name === undefined) return true;
  return covered.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry));
}

function faultBehind(list: readonly Vendor[], vendor: Vendor, today: string): Refusal | undefined {
  return faultOfTrails(list, trailsBehind([vendor.id], vendor), today);
}

function faultThroughCarrier(list: readonly Vendor[], ids: readonly string[], today: string): Refusal | undefined {
  return faultOfTrails(
    list,
    ids.map((id) => [carrierId, id]),
    today,
  );
}

/** The ids on the way to a nested sub-processor: at least its parent, then itself. */
type Trail = readonly string[];

function trailsBehind(trail: Trail, vendor: Vendor): Trail[] {
  return vendor.subProcessors.map((id) => [...trail, id]);
}

/** Walks everybody at and behind the trails: each pair of parent and child once, so that circles end. */
function faultOfTrails(list: readonly Vendor[], start: readonly Trail[], today: string): Refusal | undefined {
  const opened = new Set<string>();
  const waiting = [...start];
  for (const trail of waiting) {
    const [parent = '', id = ''] = trail.slice(-2);
    const vendor = find(list, id);
    if (vendor === undefined) return nestedRefusal(trail, 'VENDOR_NOT_APPROVED');
    const fault = faultOfStanding(vendor, agreementBehind(list, vendor, parent), today);
    if (fault !== undefined) return nestedRefusal(trail, fault.reason);
    if (opened.has(id)) continue;
    opened.add(id);
    waiting.push(...trailsBehind(trail, vendor));
  }
  return undefined;
}

function nestedRefusal(trail: Trail, reason: ReasonCode): Refusal {
  return refusal('SUBPROCESSOR_NOT_APPROVED', `${trail.join(' > ')} (${reason})`);
}

function find(list: readonly Vendor[], id: string): Vendor | undefined {
  return list.find((vendor) => vendor.id === id);
}

function refusal(reason: ReasonCode, subject: string): Refusal {
  return { verdict: 'refuse', reason, subject };
}

/** The one place where the brand is given, and so the one place that may assert it. */
function brand(vendor: Vendor, url: string, loopback: boolean): ApprovedVendor {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a brand exists in the type alone
  return Object.freeze({ ...vendor, url, loopback }) as ApprovedVendor;
}
