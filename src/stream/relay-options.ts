import type { KindClearance } from '../policy/clearance.ts';
import { noHandoff, type HandoffRules } from '../policy/handoff.ts';
import { hostsAlone, type NestedScope } from '../policy/nested.ts';
import type { Conversation } from '../policy/phi/stream.ts';
import type { BridgedRoute } from './bridge.ts';
import type { Call } from './call.ts';
import type { RelayLimits } from './limits.ts';
import type { NamedParties } from './named.ts';
import type { Ports } from './ports.ts';
import { Way, type AudioProver, type Parting, type ProtocolCodec } from './protocol.ts';
import type { StageContext } from './stage.ts';

/** What one call brings to its relay. */
export interface RelayOptions {
  readonly call: Call;
  /** What both legs speak, or with a bridge the caller's leg. */
  readonly codec: ProtocolCodec;
  /** The vendor speaks another protocol. */
  readonly bridge?: BridgedRoute;
  /** The memory and the redactor of this call, made for it alone. */
  readonly conversation: Conversation;
  readonly clearances: { readonly vendor: KindClearance; readonly caller: KindClearance };
  readonly limits: RelayLimits;
  /** Unknown messages are refused toward the caller too. */
  readonly strict: boolean;
  /** A vendor that closes normally has ended the session as it should. Left out: whoever calls still needs somebody. */
  readonly closeEnds?: boolean;
  /** Fields of messages that hold a key of the app: taken out, for the vendor gets another one. */
  readonly ownKeys?: readonly string[];
  /** Hosts that may be named where `nested` says nothing else (`play.source`). */
  readonly hosts: ReadonlySet<string>;
  readonly nested?: NestedScope;
  /** Takes down whom messages name, for whoever judges the call again. */
  readonly named?: NamedParties;
  /** What in the words of the call needs a human. Left out: nothing. */
  readonly handoff?: HandoffRules;
  /** Where the caller's side moves a call when it is told to. */
  readonly parting?: Parting | undefined;
  /** Names of custom parameters that hold no fact of a person. */
  readonly parameters: ReadonlySet<string>;
  readonly ports: Ports;
  /** When both legs were attached. */
  readonly now: number;
}

/** What the leg speaks from which the messages of a way come. */
export function codecsOf({ codec, bridge }: RelayOptions): Readonly<Record<Way, ProtocolCodec>> {
  return { [Way.toVendor]: codec, [Way.toCaller]: bridge?.bridge.vendor ?? codec };
}

/** One prover where both legs speak the same: what it was bound to holds for both. */
export function proversOf(codecs: Readonly<Record<Way, ProtocolCodec>>): Readonly<Record<Way, AudioProver>> {
  const prover = codecs[Way.toVendor].prover();
  const isSame = codecs[Way.toVendor] === codecs[Way.toCaller];
  return { [Way.toVendor]: prover, [Way.toCaller]: isSame ? prover : codecs[Way.toCaller].prover() };
}

/** What the stages of the call share. */
export function contextOf(options: RelayOptions): StageContext {
  const { vendor, caller } = options.clearances;
  return {
    ...options,
    clearances: { [Way.toVendor]: vendor, [Way.toCaller]: caller },
    handoff: options.handoff ?? noHandoff,
    nested: options.nested ?? hostsAlone(options.hosts),
    ownKeys: options.ownKeys ?? [],
    protocol: codecsOf(options)[Way.toCaller].name,
    frameStartedAt: 0,
    outbox: [],
  };
}
