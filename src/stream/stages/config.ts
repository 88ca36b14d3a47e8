import { allow, handoff, type Decision } from '../../policy/decision.ts';
import { eventOf } from '../call.ts';
import { Kind, wayNames, type NamedAddress, type OpenMessage, type Way } from '../protocol.ts';
import type { Stage, StageContext } from '../stage.ts';

/**
 * Judges the addresses that a message tells its receiver to load from: each is a further party to the call. One that is
 * not listed stops the message, is recorded by its place, and a human takes the call: to strip it would hide it.
 */
export function configStage(context: StageContext): Stage {
  return {
    name: 'config',
    sees: new Set([Kind.Config]),
    run(message, way) {
      const unlisted = message.addresses.find(({ url }) => !isListed(context.hosts, url));
      return unlisted === undefined ? allow : refuseAddress(context, message, way, unlisted);
    },
  };
}

function isListed(hosts: ReadonlySet<string>, text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.protocol === 'https:' && url.username === '' && url.password === '' && hosts.has(url.hostname);
}

function refuseAddress(context: StageContext, message: OpenMessage, way: Way, { at, url }: NamedAddress): Decision {
  const details = {
    outcome: 'refused',
    reason: 'SUBPROCESSOR_NOT_APPROVED',
    facts: { way: wayNames[way], message: message.type, at },
    sealed: { found: url },
  } as const;
  const taken = context.ports.audit(eventOf(context.call, 'vendor.refuse', details));
  return handoff(taken ? 'SUBPROCESSOR_NOT_APPROVED' : 'AUDIT_UNAVAILABLE');
}
