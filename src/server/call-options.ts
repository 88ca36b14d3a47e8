import type { Engine } from '../policy/phi/engine.ts';
import type { Conversation } from '../policy/phi/stream.ts';
import type { Call } from '../stream/call.ts';
import { protocols } from '../stream/protocols/index.ts';
import type { RelayOptions } from '../stream/relay-options.ts';
import type { AdmittedCall } from './admission.ts';
import { nestedScopeOf } from './approval.ts';
import { bridgedRoute } from './bridged.ts';

/** What the policy of an admitted call makes of its relay. */
export function optionsOf(admitted: AdmittedCall, call: Call, engine: Engine): Omit<RelayOptions, 'ports' | 'now'> {
  const { policy, route, vendor } = admitted;
  const { clearances, limits, handoff } = policy.config;
  const bridge = bridgedRoute(route);
  return {
    call,
    codec: protocols[route.protocol],
    ...(bridge === undefined ? {} : { bridge }),
    conversation: conversationOf(admitted, engine),
    clearances,
    limits,
    strict: route.strict,
    hosts: new Set(vendor.hosts),
    nested: nestedScopeOf(policy.config, route, admitted.openedAt),
    handoff,
    parameters: new Set(),
  };
}

/** What the carrier said of the caller is masked on sight, also on a stream whose own messages do not say it. */
function conversationOf({ claim }: AdmittedCall, engine: Engine): Conversation {
  const conversation = engine.conversation();
  if (claim.caller !== '') conversation.know('PHONE', claim.caller);
  if (claim.callerName !== '') conversation.know('NAME', claim.callerName);
  return conversation;
}
