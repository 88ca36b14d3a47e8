import type { KindClearance, Party } from '../policy/clearance.ts';
import type { HandoffRules } from '../policy/handoff.ts';
import type { StateCode } from '../policy/notices.ts';
import type { ProfileName } from '../policy/profiles/index.ts';
import type { NestedDeclarations } from '../policy/nested.ts';
import type { Vendor } from '../policy/vendors.ts';
import type { Provider, Session } from '../stream/bridge.ts';
import type { BridgeName } from '../stream/bridges/index.ts';
import type { ProtocolName } from '../stream/protocols/index.ts';
import type { App, AppSide } from './apps/app.ts';
import type { AuditSettings } from './audit-settings.ts';
import type { RedactionSettings } from './matchers.ts';
import type { OverloadLimits } from './overload.ts';
import type { Secret } from './secret.ts';

export { Secret } from './secret.ts';

/**
 * The configuration in force: checked, complete, deeply frozen. Durations are milliseconds; paths are absolute, made so
 * from the folder of the file. It is replaced as a whole on reload and never changed.
 */
export interface Config {
  readonly file: string;
  /** SHA-256 of the effective policy without its secrets, lower-case hex: `policy` of an audit event. */
  readonly policyHash: string;
  readonly practice: Practice;
  readonly calls: CallsListener;
  readonly admin: { readonly host: string; readonly port: number };
  readonly twilio: Twilio;
  readonly subProcessors: readonly Vendor[];
  /** What names on the wire mean, and which configurations kept at a vendor were checked. */
  readonly nested: NestedDeclarations;
  readonly routes: readonly Route[];
  /** The practice's own programs that open routes of theirs. */
  readonly apps: readonly App[];
  readonly clearances: Readonly<Record<Party, KindClearance>>;
  /** What in the words of a call needs a human. */
  readonly handoff: HandoffRules;
  readonly redaction: RedactionSettings;
  readonly taps: readonly WebhookTap[];
  readonly operators: readonly Operator[];
  readonly audit: AuditSettings;
  readonly limits: Limits;
  /** Processes that carry calls; `auto`: one for each core. Read at start only. */
  readonly workers: number | 'auto';
  readonly log: { readonly level: LogLevel };
  /** Paths of secrets that stand in the file itself and not in the environment. */
  readonly literalSecrets: readonly string[];
  /** Every file that was read: this one, certificates, agreements. What is to be watched. */
  readonly files: readonly string[];
  /** SHA-256 over the content of all of them. */
  readonly fingerprint: string;
}

export interface Practice {
  readonly name: string;
  readonly profile: ProfileName;
  /** IANA name; decides which day it is for an agreement. */
  readonly timeZone: string;
  /** Where its callers are, beside everywhere: whose laws the notices are checked against. */
  readonly states: readonly StateCode[];
}

export interface CallsListener {
  readonly host: string;
  readonly port: number;
  /** Origin that Twilio sees, `https://host[:port]`, without a path. What signatures are computed over. */
  readonly publicUrl: string;
  readonly transport: CallsTransport;
}

/** Own TLS, or a named proxy that ends TLS: only from its addresses plain HTTP and X-Forwarded-* are accepted. */
export type CallsTransport =
  | {
      readonly kind: 'tls';
      readonly certificate: string;
      readonly key: Secret;
      /** PEM of those who vouch for the certificates of apps; undefined: no client is asked for one. */
      readonly clientAuthority: string | undefined;
    }
  | { readonly kind: 'proxy'; readonly addresses: readonly string[] };

/** Empty where no route of the configuration is Twilio's. */
export interface Twilio {
  readonly accountSid: string;
  /** The current token first; a second one only while tokens are rotated. Both are accepted in signatures. */
  readonly authTokens: readonly Secret[];
}

export interface Route {
  readonly name: string;
  readonly protocol: ProtocolName;
  /** Id of the sub-processor. */
  readonly vendor: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, Secret>>;
  readonly model: string | undefined;
  readonly region: string | undefined;
  /** The vendor may be on this machine, in plain text when `url` is `ws://`. */
  readonly allowLoopback: boolean;
  /** Spoken to the caller before anything is forwarded. */
  readonly notice: string;
  readonly human: Human;
  readonly conversationRelay: ConversationRelay | undefined;
  /** What the vendor speaks, where it is not the protocol of the caller's leg. */
  readonly bridge: BridgeName | undefined;
  /** What the AI is told before a bridged call. */
  readonly session: RouteSession | undefined;
  /** Unknown messages are refused toward the caller too. */
  readonly strict: boolean;
  /** Names of custom parameters that hold no fact of a person: their values are read and not masked whole. */
  readonly parameters: readonly string[];
  /** Who comes and with what, where the caller is an app of the practice and not Twilio. */
  readonly app: AppSide | undefined;
}

/** What a caller gets when the AI may not or cannot go on: a number that is dialled, and what is said before. */
export interface Human {
  readonly dial: string | undefined;
  readonly say: string;
  /**
   * How the call gets there: `twiml` closes the stream, and Twilio goes on with the next verb; `redirect` tells Twilio's
   * REST interface first, so that what is said can fit the reason. Where that fails, `twiml` it is.
   */
  readonly via: 'twiml' | 'redirect';
}

/** Attributes of the TwiML verb. The providers are sub-processors of the carrier. */
export interface ConversationRelay {
  readonly welcomeGreeting: string | undefined;
  readonly language: string | undefined;
  readonly ttsProvider: string;
  readonly voice: string | undefined;
  readonly transcriptionProvider: string;
  readonly speechModel: string | undefined;
  /** Ids of the sub-processors that the providers are. */
  readonly subProcessors: readonly string[];
}

/** HL7 purposes of use under which somebody may read: treatment, payment, operations, coordination of care. */
export const purposes = ['TREAT', 'HPAYMT', 'HOPERAT', 'COC'] as const;
export type Purpose = (typeof purposes)[number];

/** A system of the practice that is sent the transcripts of all calls. */
export interface WebhookTap {
  readonly id: string;
  /** `https://`, or `http://` to this very machine. */
  readonly url: string;
  /** Key of the signature. */
  readonly secret: Secret;
  readonly events: 'final' | 'all';
  readonly clearance: KindClearance;
  readonly purpose: Purpose;
  /** Where another company receives it: the entry whose agreement must be in force. */
  readonly subProcessor: string | undefined;
  /** Private addresses that its host may have. */
  readonly addresses: readonly string[];
  /** PEM of the only authority that may vouch for it; undefined: the public ones. */
  readonly certificateAuthority: string | undefined;
  readonly queue: { readonly directory: string; readonly bytes: number; readonly ageMs: number };
}

export const operatorRights = ['taps'] as const;
export type OperatorRight = (typeof operatorRights)[number];

/** Somebody of the practice who may ask on the admin listener. */
export interface Operator {
  readonly id: string;
  readonly token: Secret;
  readonly may: readonly OperatorRight[];
  /** What transcripts show to this operator. */
  readonly clearance: KindClearance;
  readonly purpose: Purpose;
}

/** Words of the practice for the AI of a bridged call, and who answers its tools. */
export interface RouteSession extends Omit<Session, 'model' | 'thinks' | 'speaks'> {
  readonly thinks: SessionProvider | undefined;
  readonly speaks: SessionProvider | undefined;
  readonly webhook: ToolWebhook | undefined;
}

/** Who thinks or speaks behind the vendor. */
export interface SessionProvider extends Omit<Provider, 'endpoint'> {
  readonly endpoint: { readonly url: string; readonly headers: Readonly<Record<string, Secret>> } | undefined;
}

/** The system that answers calls of tools. */
export interface ToolWebhook {
  /** `https://`, or `http://` to this very machine. */
  readonly url: string;
  /** Key of the signature. */
  readonly secret: Secret;
  readonly timeoutMs: number;
  /** Where another company answers: the entry whose agreement must be in force. */
  readonly subProcessor: string | undefined;
  readonly addresses: readonly string[];
  /** PEM of the only authority that may vouch for it; undefined: the public ones. */
  readonly certificateAuthority: string | undefined;
}

export interface Limits {
  /** Simultaneous calls. */
  readonly calls: number;
  readonly overload: OverloadLimits;
  /** Time that redaction of one frame may take before its text is masked whole. */
  readonly frameBudgetMs: number;
  /** Without any message for so long, a call ends toward a human. */
  readonly idleMs: number;
  readonly callMs: number;
  /** How long calls may go on after SIGTERM. */
  readonly drainMs: number;
  /** Time limit of the vendor's upgrade. */
  readonly dialMs: number;
}

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

/** One thing that is wrong in the file. `line` and `column` count from 1. Never holds the value of a secret. */
export interface Fault {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** `sub_processors[0].baa.expires`; empty for the file as a whole. */
  readonly path: string;
  readonly found: string;
  readonly wanted: string;
  /** A known name close to what was found. */
  readonly near: string | undefined;
}

/** Without a fault there is a configuration; otherwise all faults, and what was read, so that it can be watched. */
export type LoadResult = { readonly config: Config } | Rejection;

export interface Rejection {
  readonly faults: readonly Fault[];
  readonly files: readonly string[];
  readonly fingerprint: string;
}

export type Environment = Readonly<Record<string, string | undefined>>;
