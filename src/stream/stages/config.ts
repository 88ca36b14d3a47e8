import { allow, handoff, strictest, type Decision } from '../../policy/decision.ts';
import { judgeNested, type NestedName } from '../../policy/nested.ts';
import type { ReasonCode } from '../../policy/reason.ts';
import { demandsOf } from '../../policy/training.ts';
import { eventOf } from '../call.ts';
import { Kind, Way, wayNames, type OpenMessage } from '../protocol.ts';
import type { Stage, StageContext } from '../stage.ts';

/**
 * Judges whom a message names behind its receiver: each is a further party to the call. One that is not approved stops the
 * message, is recorded by its place, and a human takes the call: to strip it would hide it. Then makes the fields stand
 * that keep calls out of storage and training.
 */
export function configStage(context: StageContext): Stage {
  const demands = demandsOf(context.protocol).fields;
  return {
    name: 'config',
    sees: new Set(Object.values(Kind)),
    run(message, way) {
      for (const name of message.names) {
        const decision = judgeNested(context.nested, name);
        if (decision.verdict !== 'allow') return refuseName(context, message, way, name, decision.reason);
      }
      if (way === Way.toVendor) for (const key of context.ownKeys) message.remove(key);
      let decision: Decision = allow;
      for (const { at, must, when, message: type } of demands)
        if (way === Way.toVendor && type === message.type && message.demand(at, must, when === 'always'))
          decision = strictest(decision, recordDemand(context, message, way, at));
      return decision;
    },
  };
}

function refuseName(
  context: StageContext,
  message: OpenMessage,
  way: Way,
  { at, value }: NestedName,
  reason: ReasonCode,
): Decision {
  const facts = { way: wayNames[way], message: message.type, at };
  const event = eventOf(context.call, 'vendor.refuse', { outcome: 'refused', reason, facts, sealed: { found: value } });
  return handoff(context.ports.audit(event) ? reason : 'AUDIT_UNAVAILABLE');
}

function recordDemand(context: StageContext, message: OpenMessage, way: Way, at: string): Decision {
  const facts = { way: wayNames[way], message: message.type, set: at };
  const event = eventOf(context.call, 'vendor.authorize', { outcome: 'ok', facts });
  return context.ports.audit(event) ? allow : handoff('AUDIT_UNAVAILABLE');
}
