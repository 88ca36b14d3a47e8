import { allow, handoff, refuse, strictest, type Decision } from '../policy/decision.ts';
import type { ReasonCode } from '../policy/reason.ts';
import { eventOf } from './call.ts';
import { bounds } from './limits.ts';
import { Way, wayNames, type OpenMessage } from './protocol.ts';
import type { Outgoing, Stage, StageContext } from './stage.ts';
import { createOwnStages, createStages } from './stages/index.ts';

const nothing: readonly Outgoing[] = [];

/** Runs the stages over the messages of one call and keeps count of what they refused. */
export class Pipeline {
  private readonly context: StageContext;
  private readonly stages: readonly Stage[];
  private readonly ownStages: readonly Stage[];
  /** Those that let something go by themselves. They are asked ten times a second in every call. */
  private readonly timed: readonly Stage[];
  private readonly blockedInARow = new Uint8Array(2);
  private blockedEvents = 0;
  private faults = 0;

  constructor(context: StageContext) {
    this.context = context;
    this.stages = createStages(context);
    this.ownStages = createOwnStages(context);
    this.timed = this.stages.filter((stage) => stage.expire !== undefined);
  }

  /** The first objection, in the order of the stages: what is not sent needs no further look. */
  judge(message: OpenMessage, way: Way, now: number): Decision {
    if (way === Way.toVendor) this.context.parting?.heard(message);
    return this.run(this.stages, message, way, now);
  }

  /** What the practice itself has written: no word of a call is in it, but it may name somebody. */
  judgeOwn(message: OpenMessage, way: Way, now: number): Decision {
    return this.run(this.ownStages, message, way, now);
  }

  private run(stages: readonly Stage[], message: OpenMessage, way: Way, now: number): Decision {
    for (const stage of stages) {
      if (!stage.sees.has(message.kind)) continue;
      const decision = this.guard(stage, () => stage.run(message, way, now));
      if (decision.verdict !== 'allow') return decision;
    }
    return allow;
  }

  /** Puts what has to leave by now into the outbox. */
  expire(now: number): Decision {
    let decision: Decision = allow;
    for (const stage of this.timed)
      decision = strictest(
        decision,
        this.guard(stage, () => stage.expire?.(now) ?? allow),
      );
    return decision;
  }

  /** Messages that go out before the one in hand. */
  takeOutbox(): readonly Outgoing[] {
    const { outbox } = this.context;
    return outbox.length === 0 ? nothing : outbox.splice(0);
  }

  end(): void {
    this.context.outbox.length = 0;
    for (const stage of this.stages)
      this.guard(stage, () => {
        stage.end?.();
        return allow;
      });
  }

  passed(way: Way, message?: OpenMessage): void {
    this.blockedInARow[way] = 0;
    if (way === Way.toCaller && message?.withheld === false) this.context.parting?.told(message);
  }

  /** Counts and records a blocked frame, and says whether the call may go on. */
  blocked(way: Way, reason: ReasonCode, subject: string): Decision {
    const inARow = (this.blockedInARow[way] ?? 0) + 1;
    this.blockedInARow[way] = inARow;
    this.context.outbox.length = 0;
    this.context.call.counters.blocked(way);
    this.blockedEvents += 1;
    if (this.blockedEvents <= bounds.blockedEvents && !this.recordBlock(way, reason, subject))
      return handoff('AUDIT_UNAVAILABLE');
    return inARow >= bounds.blockedInARow ? handoff('TOO_MANY_BLOCKED') : allow;
  }

  private recordBlock(way: Way, reason: ReasonCode, message: string): boolean {
    const kind = reason === 'REDACTION_FAILED' ? 'phi.blocked' : 'sec.frame';
    const facts = { way: wayNames[way], message };
    return this.context.ports.audit(eventOf(this.context.call, kind, { outcome: 'refused', reason, facts }));
  }

  /** A rule that throws is a refusal; what it threw may hold words and is not looked at. */
  private guard(stage: Stage, act: () => Decision): Decision {
    try {
      return act();
    } catch {
      this.faults += 1;
      this.context.call.counters.redactionFault();
      const tooMany = this.faults >= bounds.redactionFaults;
      return tooMany ? handoff('REDACTION_FAILED') : refuse('REDACTION_FAILED', stage.name);
    }
  }
}
