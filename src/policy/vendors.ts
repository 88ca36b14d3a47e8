import { agreementStanding, type Agreement, type AgreementState } from './baa.ts';
import { allow, refuse, type Decision } from './decision.ts';
import type { ReasonCode } from './reason.ts';

/**
 * An entry of the approved list: one sub-processor, what the practice has agreed with it, and where it may be reached.
 * `models` and `regions` undefined: the agreement sets no limit there.
 */
export interface Vendor {
  readonly id: string;
  readonly service: string;
  /** `host`, or `host:port` to allow that port alone. Lower case. */
  readonly hosts: readonly string[];
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
}

declare const approved: unique symbol;

/** A vendor that may be dialled today, at `url` and nowhere else. Only {@link approve} makes one. */
export type ApprovedVendor = Vendor & {
  readonly url: string;
  /** True where the route lets the connection go to a loopback address, in plain text if the URL says so. */
  readonly loopback: boolean;
  readonly [approved]: true;
};

export type Refusal = Extract<Decision, { readonly verdict: 'refuse' }>;
export type Approval = { readonly verdict: 'allow'; readonly vendor: ApprovedVendor } | Refusal;

/** What a call is going to use of a vendor; must lie inside the agreement. */
export interface VendorUse {
  readonly model?: string | undefined;
  readonly region?: string | undefined;
}

export interface ApproveOptions extends VendorUse {
  /** The route allows a loopback address, also as plain `ws://`. */
  readonly loopback?: boolean;
  /** Ids of further sub-processors that the same call reaches (speech providers named by the TwiML). */
  readonly alsoThrough?: readonly string[];
}

/** May this vendor be dialled at this URL on this day (`YYYY-MM-DD` where the practice is)? */
export function approve(
  list: readonly Vendor[],
  vendorId: string,
  url: string,
  today: string,
  options: ApproveOptions = {},
): Approval {
  const vendor = list.find((entry) => entry.id === vendorId);
  if (vendor === undefined) return refusal('VENDOR_NOT_APPROVED', vendorId);
  const loopback = options.loopback ?? false;
  const fault =
    faultOfStanding(vendor, today) ??
    faultOfUse(vendor, options) ??
    faultOfUrl(vendor, url, loopback) ??
    faultBehind(list, vendor, today) ??
    faultBeside(list, options.alsoThrough ?? [], today);
  return fault ?? { verdict: 'allow', vendor: brand(vendor, url, loopback) };
}

/** May call data reach this vendor at all, on this day and for this use? Also judges everybody behind it. */
export function judgeVendor(list: readonly Vendor[], vendorId: string, today: string, use: VendorUse = {}): Decision {
  const vendor = list.find((entry) => entry.id === vendorId);
  if (vendor === undefined) return refuse('VENDOR_NOT_APPROVED', vendorId);
  return faultOfStanding(vendor, today) ?? faultOfUse(vendor, use) ?? faultBehind(list, vendor, today) ?? allow;
}

/** Does `url` lead to one of the hosts of the vendor, encrypted or over an allowed loopback? Undefined: it does. */
export function faultOfUrl(vendor: Vendor, url: string, loopback: boolean): Refusal | undefined {
  if (!URL.canParse(url)) return refusal('VENDOR_HOST_NOT_LISTED', vendor.id);
  const { protocol, hostname, port } = new URL(url);
  const withPort = `${hostname}:${port || (protocol === 'ws:' ? '80' : '443')}`;
  const listed = vendor.hosts.some((host) => host === hostname || host === withPort);
  if (!listed) return refusal('VENDOR_HOST_NOT_LISTED', `${vendor.id}: ${hostname}`);
  const encrypted = protocol === 'wss:';
  if (!encrypted && !(protocol === 'ws:' && loopback && isLoopbackHost(hostname))) {
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

function faultOfStanding(vendor: Vendor, today: string): Refusal | undefined {
  if (vendor.status === 'suspended') return refusal('VENDOR_SUSPENDED', vendor.id);
  const { state } = agreementStanding(vendor.agreement, today);
  if (state !== 'live') return refusal(reasonOfState[state], vendor.id);
  if (vendor.training !== 'forbidden') return refusal('TRAINING_NOT_FORBIDDEN', vendor.id);
  return undefined;
}

function faultOfUse(vendor: Vendor, use: VendorUse): Refusal | undefined {
  const inside = covers(vendor.models, use.model) && covers(vendor.regions, use.region);
  return inside ? undefined : refusal('BAA_OUT_OF_SCOPE', vendor.id);
}

function covers(covered: readonly string[] | undefined, name: string | undefined): boolean {
  if (covered === undefined || name === undefined) return true;
  return covered.some((entry) => (entry.endsWith('*') ? name.startsWith(entry.slice(0, -1)) : name === entry));
}

/** Walks the sub-processors behind a vendor; each once, so that a circle of vendors ends. */
function faultBehind(list: readonly Vendor[], root: Vendor, today: string): Refusal | undefined {
  const seen = new Set([root.id]);
  const waiting = root.subProcessors.map((id) => ({ id, trail: `${root.id} > ${id}` }));
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const { id, trail } = next;
    if (seen.has(id)) continue;
    seen.add(id);
    const vendor = list.find((entry) => entry.id === id);
    if (vendor === undefined) return nestedRefusal(trail, 'VENDOR_NOT_APPROVED');
    const fault = faultOfStanding(vendor, today);
    if (fault !== undefined) return nestedRefusal(trail, fault.reason);
    waiting.push(...vendor.subProcessors.map((child) => ({ id: child, trail: `${trail} > ${child}` })));
  }
  return undefined;
}

function faultBeside(list: readonly Vendor[], ids: readonly string[], today: string): Refusal | undefined {
  for (const id of ids) {
    const decision = judgeVendor(list, id, today);
    if (decision.verdict !== 'allow') return nestedRefusal(id, decision.reason);
  }
  return undefined;
}

function nestedRefusal(trail: string, reason: ReasonCode): Refusal {
  return refusal('SUBPROCESSOR_NOT_APPROVED', `${trail} (${reason})`);
}

function refusal(reason: ReasonCode, subject: string): Refusal {
  return { verdict: 'refuse', reason, subject };
}

/** The one place where the brand is given. */
function brand(vendor: Vendor, url: string, loopback: boolean): ApprovedVendor {
  return Object.freeze({ ...vendor, url, loopback }) as ApprovedVendor;
}
