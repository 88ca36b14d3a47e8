import type { AuditLog } from '../audit/log.ts';
import { dayAt } from '../policy/baa.ts';
import { allow, type Decision } from '../policy/decision.ts';
import type { Engine } from '../policy/phi/engine.ts';
import type { Conversation } from '../policy/phi/stream.ts';
import { judgeVendor } from '../policy/vendors.ts';
import type { ToolAnswer } from '../stream/bridge.ts';
import type { Call } from '../stream/call.ts';
import { NamedParties } from '../stream/named.ts';
import { protocols } from '../stream/protocols/index.ts';
import type { RelayOptions } from '../stream/relay-options.ts';
import type { AdmittedCall } from './opener.ts';
import { nestedScopeOf } from './approval.ts';
import { bridgedRoute } from './bridged.ts';
import type { ToolWebhook } from './config.ts';
import type { Log } from './logger.ts';
import type { Policy } from './policy.ts';
import { CallTools } from './tools.ts';

/** What the policy of an admitted call makes of its relay. */
export function optionsOf(
  admitted: AdmittedCall,
  call: Call,
  engine: Engine,
): Omit<RelayOptions, 'ports' | 'now'> & { readonly named: NamedParties } {
  const { policy, route, vendor } = admitted;
  const { clearances, limits, handoff } = policy.config;
  const bridge = bridgedRoute(route);
  const ownApp = route.app !== undefined && policy.appNamed(admitted.app)?.subProcessor === undefined;
  const codec = protocols[route.protocol];
  return {
    call,
    codec,
    ...(bridge === undefined ? {} : { bridge }),
    conversation: conversationOf(admitted, engine),
    // An app of the practice may see what it is cleared for, whoever it speaks with; another company's says it to the caller.
    clearances: ownApp ? { ...clearances, caller: clearances.app } : clearances,
    limits,
    strict: route.strict,
    hosts: new Set(vendor.hosts),
    nested: nestedScopeOf(policy.config, route, admitted.openedAt),
    named: new NamedParties(),
    handoff,
    parameters: new Set(route.parameters),
    parting: codec.parting?.(),
    closeEnds: route.app !== undefined,
    ownKeys: route.app?.credential.kind === 'passed-through' ? [] : (codec.entrance?.inMessages ?? []),
  };
}

/** The tools of an admitted call. The practice's own system needs no agreement; another company that answers does. */
export function toolsOf(
  { audit, log, policy }: { readonly audit: AuditLog; readonly log: Log; readonly policy: () => Policy },
  { route, policy: admittedUnder }: AdmittedCall,
  { call, conversation }: Pick<RelayOptions, 'call' | 'conversation'>,
  onAnswer: (answer: ToolAnswer) => void,
): CallTools {
  const clearance = admittedUnder.config.clearances.app;
  const judge = ({ subProcessor }: ToolWebhook): Decision => {
    const { subProcessors, practice } = policy().config;
    return subProcessor === undefined
      ? allow
      : judgeVendor(subProcessors, subProcessor, dayAt(Date.now(), practice.timeZone));
  };
  return new CallTools({ audit, log, call, conversation, clearance, session: route.session, judge, onAnswer });
}

/** What the carrier said of the caller is masked on sight, also on a stream whose own messages do not say it. */
function conversationOf({ claim, conversation: begun }: AdmittedCall, engine: Engine): Conversation {
  const conversation = begun ?? engine.conversation();
  if (claim.caller !== '') conversation.know('PHONE', claim.caller);
  if (claim.callerName !== '') conversation.know('NAME', claim.callerName);
  return conversation;
}
