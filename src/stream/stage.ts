import type { EventKind } from '../audit/event.ts';
import type { KindClearance } from '../policy/clearance.ts';
import { allow, handoff, strictest, type Decision } from '../policy/decision.ts';
import type { HandoffRules } from '../policy/handoff.ts';
import type { NestedScope } from '../policy/nested.ts';
import { phiKinds, type PhiKind } from '../policy/phi/kinds.ts';
import type { Conversation, KindCounts } from '../policy/phi/stream.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { eventOf, type Call } from './call.ts';
import type { RelayLimits } from './limits.ts';
import type { NamedParties } from './named.ts';
import type { Ports } from './ports.ts';
import { wayNames, type Kind, type OpenMessage, type Parting, type Way } from './protocol.ts';

/** A message that no peer sent: the rest of a held utterance, in the form of the frame that brought it. */
export interface Outgoing {
  readonly way: Way;
  readonly kind: Kind;
  readonly data: Buffer;
  readonly binary: boolean;
}

/**
 * One rule over the messages of one call. It reads the message, may write its slots, and says what is to become of it.
 * It never calls the next stage, and it records before it lets something go. A stage that throws is a refusal.
 */
export interface Stage {
  readonly name: string;
  readonly sees: ReadonlySet<Kind>;
  run(message: OpenMessage, way: Way, now: number): Decision;
  /** Called every 100 ms or so: puts into the outbox what has to leave because its time is over. */
  expire?(now: number): Decision;
  /** The call is over. What is held is dropped, what was found is recorded. */
  end?(): void;
}

/** What the stages of one call share. */
export interface StageContext {
  readonly call: Call;
  readonly conversation: Conversation;
  /** What the receiving party of each way may see. */
  readonly clearances: Readonly<Record<Way, KindClearance>>;
  readonly limits: RelayLimits;
  readonly ports: Pick<Ports, 'audit' | 'clock' | 'transcript'>;
  /** Name of the protocol. */
  readonly protocol: string;
  /** Whom a message may name behind its receiver. */
  readonly nested: NestedScope;
  /** Whom its messages have named so far. */
  readonly named?: NamedParties;
  /** What in the words of the call needs a human. */
  readonly handoff: HandoffRules;
  /** Names of custom parameters that hold no fact of a person: scanned, not masked whole. */
  readonly parameters: ReadonlySet<string>;
  /** Fields of a message in which an app may have put its own key, which the vendor must not get. */
  readonly ownKeys: readonly string[];
  /** Where the caller's side moves a call when it is told to: it follows what is said. */
  readonly parting?: Parting | undefined;
  /** When the frame in hand arrived, by `ports.clock()`. Set by the relay. */
  frameStartedAt: number;
  /** What goes out before the message in hand. Emptied by the relay. */
  readonly outbox: Outgoing[];
}

export type Found = Partial<Record<PhiKind, number>>;

export function addCounts(sum: Found, counts: KindCounts): void {
  for (const kind of phiKinds) {
    const count = counts[kind] ?? 0;
    if (count > 0) sum[kind] = (sum[kind] ?? 0) + count;
  }
}

/**
 * Counts what was found in one utterance or message and records it, before any of it goes on: kinds that the receiving
 * party may see as allowed, the others as redacted. A log that takes no event ends the call.
 */
export function recordFound(context: StageContext, way: Way, message: string, found: KindCounts): Decision {
  const redacted: Found = {};
  const allowed: Found = {};
  for (const kind of phiKinds) {
    const count = found[kind] ?? 0;
    if (count === 0) continue;
    const passes = context.clearances[way][kind] === 'pass';
    (passes ? allowed : redacted)[kind] = count;
    if (!passes) context.call.counters.removed(kind, count);
  }
  const first = recordCounts(context, 'phi.redacted', way, message, redacted);
  return strictest(first, recordCounts(context, 'phi.allowed', way, message, allowed));
}

function recordCounts(context: StageContext, kind: EventKind, way: Way, message: string, counts: KindCounts): Decision {
  if (Object.keys(counts).length === 0) return allow;
  const event = eventOf(context.call, kind, { outcome: 'ok', counts, facts: { way: wayNames[way], message } });
  return context.ports.audit(event) ? allow : handoff('AUDIT_UNAVAILABLE');
}

/** Records that something was kept back, and why. */
export function recordBlocked(
  context: StageContext,
  way: Way,
  message: string,
  reason: ReasonCode,
  counts?: KindCounts,
): Decision {
  const details = { outcome: 'refused', reason, facts: { way: wayNames[way], message } } as const;
  const event = eventOf(context.call, 'phi.blocked', counts === undefined ? details : { ...details, counts });
  return context.ports.audit(event) ? allow : handoff('AUDIT_UNAVAILABLE');
}
