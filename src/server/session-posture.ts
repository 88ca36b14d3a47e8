import { demandsOf, enforcedInMessages } from '../policy/training.ts';
import { toolsOf } from '../stream/bridge.ts';
import { namesOf } from './approval.ts';
import { bridgedRoute } from './bridged.ts';
import type { Route } from './config.ts';

/** What the AI of a bridged route is told, and what is enforced whatever it is told. */
export interface SessionPosture {
  /** What the vendor speaks. */
  readonly bridge: string;
  readonly greeting: string | undefined;
  /** Models, providers, hosts and stored configurations that the URL and the session name, each with its place. */
  readonly names: readonly string[];
  readonly tools: readonly string[];
  /** Host of the system that answers the tools. */
  readonly webhook: string | undefined;
  /** Fields that are made to stand in the messages to the vendor. */
  readonly enforced: readonly string[];
  /** What no message can say: the practice has to see to it in its account. */
  readonly account: readonly string[];
}

export function sessionPosture(route: Route): SessionPosture | undefined {
  const { bridge, session } = route;
  const bridged = bridgedRoute(route);
  if (bridge === undefined || session === undefined || bridged === undefined) return undefined;
  const demands = demandsOf(bridged.bridge.vendor.name);
  return {
    bridge,
    greeting: session.greeting,
    names: namesOf(route).map(({ at, value }) => `${at} ${value}`),
    tools: toolsOf(bridged.session).map(({ name }) => name),
    webhook: session.webhook && new URL(session.webhook.url).host,
    enforced: enforcedInMessages(demands),
    account: demands.account,
  };
}
