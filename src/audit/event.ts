import type { KindCounts } from '../policy/phi/stream.ts';
import type { ReasonCode } from '../policy/reason.ts';

/** Event kinds of `FORMAT.md`, section "Kinds". A kind is never renamed. */
export const eventKinds = [
  'log.genesis',
  'seg.open',
  'seg.seal',
  'log.recovered',
  'log.break',
  'log.peer',
  'proc.start',
  'proc.stop',
  'policy.load',
  'policy.reject',
  'baa.add',
  'baa.expiring',
  'baa.expired',
  'call.admit',
  'call.refuse',
  'call.end',
  'vendor.authorize',
  'vendor.refuse',
  'vendor.connect',
  'vendor.close',
  'disclosure.begin',
  'disclosure.end',
  'phi.redacted',
  'phi.allowed',
  'phi.blocked',
  'notice.given',
  'notice.missing',
  'consent.given',
  'consent.refused',
  'route.human',
  'access.read',
  'access.export',
  'access.denied',
  'access.breakglass',
  'erase.request',
  'erase.done',
  'erase.refused',
  'hold.set',
  'hold.clear',
  'record.amend',
  'retention.purge',
  'key.create',
  'key.rotate',
  'key.destroy',
  'checkpoint',
  'anchor.ok',
  'anchor.fail',
  'clock.step',
  'sec.signature',
  'sec.replay',
  'sec.limit',
  'sec.tls',
  'sec.frame',
  'incident.open',
  'incident.note',
  'incident.close',
] as const;

export type EventKind = (typeof eventKinds)[number];

/** What the peer of a leg was, as facts of the socket. */
export interface NetworkFacts {
  readonly host: string;
  readonly tls?: string;
  readonly cipher?: string;
  /** SHA-256 of the SubjectPublicKeyInfo of the peer's certificate, base64. */
  readonly spki?: string;
}

/**
 * One thing that happened. Everything but `sealed` and `caller` is written in clear and MUST NOT hold PHI;
 * `sealed` is encrypted under the key of the caller (or the system key when there is no caller).
 */
export interface AuditEvent {
  readonly kind: EventKind;
  /** Random reference of the call, made by chaperone. */
  readonly call?: string;
  /** The caller's E.164 number: chooses key and subject reference, is never written. */
  readonly caller?: string;
  /** `vendor:<id>`, `user:<id>`, `party:<name>`, `app:<name>` or `system`. */
  readonly actor: string;
  readonly role?: string;
  readonly action?: 'C' | 'R' | 'U' | 'D' | 'E';
  readonly outcome: 'ok' | 'refused' | 'failed';
  readonly reason?: ReasonCode;
  /** HL7 purpose of use: TREAT, HPAYMT, HOPERAT, COC. */
  readonly purpose?: string;
  /** SHA-256 of the policy in force, hex. */
  readonly policy?: string;
  readonly counts?: KindCounts;
  readonly network?: NetworkFacts;
  /** Byte and frame totals, durations in milliseconds: numbers only. */
  readonly totals?: Readonly<Record<string, number>>;
  /** Short facts without PHI (a route name, a message type, a field path). */
  readonly facts?: Readonly<Record<string, string>>;
  /**
   * What may identify a person: encrypted, together with the caller's number. The events of kind `call.*` encrypt the
   * number in any case; for others give `{}` to keep the number alone.
   */
  readonly sealed?: Readonly<Record<string, string>>;
}
