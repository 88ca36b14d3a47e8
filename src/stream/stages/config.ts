import { allow, handoff, strictest, type Decision } from '../../policy/decision.ts';
import { judgeNested, recorded, type NestedName } from '../../policy/nested.ts';
import type { ReasonCode } from '../../policy/reason.ts';
import { demandsOf, type ToldDemand } from '../../policy/training.ts';
import { eventOf } from '../call.ts';
import { Kind, Way, wayNames, type OpenMessage } from '../protocol.ts';
import type { Stage, StageContext } from '../stage.ts';

/**
 * Judges whom a message names behind its receiver: each is a further party to the call. One that is not approved stops the
 * message, is recorded by its place, and a human takes the call: to strip it would hide it. Then makes the fields stand
 * that keep calls out of storage and training.
 */
export function configStage(context: StageContext): Stage {
  const { fields: demands, told = [] } = demandsOf(context.protocol);
  return {
    name: 'config',
    sees: new Set(Object.values(Kind)),
    run(message, way) {
      for (const name of [...message.names, ...strayAddresses(message, way, context)]) {
        const decision = judgeNested(context.nested, name);
        if (decision.verdict !== 'allow')
          return refuse(context, message, way, name.at, decision.reason, recorded(name));
        if (context.named?.add(name) === false)
          return refuse(context, message, way, name.at, 'SUBPROCESSOR_NOT_APPROVED');
      }
      if (way === Way.toCaller)
        for (const each of told)
          if (contradicts(message, each)) return refuse(context, message, way, each.at, 'RETENTION_NOT_OFF');
      if (way === Way.toVendor) for (const key of context.ownKeys) message.remove(key);
      let decision: Decision = allow;
      for (const { at, must, when, message: type } of demands)
        if (way === Way.toVendor && type === message.type && message.demand(at, must, when === 'always'))
          decision = strictest(decision, recordDemand(context, message, way, at));
      return decision;
    },
  };
}

/** How fields are called whose receiver calls, or loads from, what stands there; an element of a list has a number alone. */
const addressKey = /(?:url|uri|endpoint|webhook|callback|server|address|^\d+)$/iu;
const address = /^(?:https?|wss?):\/\/\S+$/iu;

/**
 * Addresses in a configuration, in fields that no table names: vendors add fields, and whoever is reached through one is a
 * party as well. The event says `*` for the place: a key that no table has is a word of the peer. What whoever carries the
 * telephone call says of it configures nobody.
 */
function strayAddresses(message: OpenMessage, way: Way, { parting }: StageContext): readonly NestedName[] {
  const configures = message.kind === Kind.Config && way === Way.toVendor && message.start === undefined;
  if (!configures || parting !== undefined) return [];
  return message.sweep().flatMap((slot): NestedName[] => {
    const value = addressKey.test(slot.name) ? slot.read() : '';
    return address.test(value) ? [{ at: '*', form: 'url', value }] : [];
  });
}

function contradicts(message: OpenMessage, { message: type, at, must }: ToldDemand): boolean {
  if (type !== undefined && type !== message.type) return false;
  const said = message.field(at);
  return said !== undefined && said !== null && said !== must;
}

function refuse(
  context: StageContext,
  message: OpenMessage,
  way: Way,
  at: string,
  reason: ReasonCode,
  found = '',
): Decision {
  const facts = { way: wayNames[way], message: message.type, at };
  const sealed = found === '' ? {} : { found };
  const event = eventOf(context.call, 'vendor.refuse', { outcome: 'refused', reason, facts, sealed });
  return handoff(context.ports.audit(event) ? reason : 'AUDIT_UNAVAILABLE');
}

function recordDemand(context: StageContext, message: OpenMessage, way: Way, at: string): Decision {
  const facts = { way: wayNames[way], message: message.type, set: at };
  const event = eventOf(context.call, 'vendor.authorize', { outcome: 'ok', facts });
  return context.ports.audit(event) ? allow : handoff('AUDIT_UNAVAILABLE');
}
