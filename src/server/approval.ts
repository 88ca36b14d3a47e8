import { dayAt } from '../policy/baa.ts';
import { judgeNested, nestedScope, recorded, type NestedName, type NestedScope } from '../policy/nested.ts';
import { approve, type Approval, type Refusal } from '../policy/vendors.ts';
import { Way } from '../stream/protocol.ts';
import { protocols } from '../stream/protocols/index.ts';
import { namesInQuery, unnamedInQuery } from '../stream/query.ts';
import { bridgedRoute } from './bridged.ts';
import type { Config, Route } from './config.ts';

/**
 * May the vendor of a route be dialled, and may call data go to everybody whom the URL and the session of the route name?
 * `now` is wall-clock milliseconds; the day is the one where the practice is.
 */
export function approveRoute(config: Config, route: Route, now: number): Approval {
  const approval = approve(config.subProcessors, route.vendor, route.url, dayAt(now, config.practice.timeZone), {
    protocol: bridgedRoute(route)?.bridge.vendor.name ?? route.protocol,
    model: route.model,
    region: route.region,
    loopback: route.allowLoopback,
    throughCarrier: route.conversationRelay?.subProcessors ?? [],
  });
  if (approval.verdict === 'refuse') return approval;
  return refusalOfNames(route, namesOf(route), nestedScopeOf(config, route, now)) ?? approval;
}

/** The same for the URL that an app has asked for: what it leaves to the vendor nobody could judge. */
export function approveAsked(config: Config, route: Route, now: number): Approval {
  const approval = approveRoute(config, route, now);
  if (approval.verdict === 'refuse') return approval;
  const anyModel = approval.vendor.models === undefined;
  const unnamed = unnamedInQuery(protocols[route.protocol], new URL(route.url).searchParams);
  const wanting = unnamed.filter(({ form }) => form !== 'model' || !anyModel);
  return refusalOfNames(route, wanting, nestedScopeOf(config, route, now)) ?? approval;
}

/** Whom messages of a call on this route may name behind its vendor. */
export function nestedScopeOf(
  { subProcessors, practice, nested }: Config,
  { vendor }: Route,
  now: number,
): NestedScope {
  return nestedScope(subProcessors, vendor, dayAt(now, practice.timeZone), nested);
}

function refusalOfNames(route: Route, names: readonly NestedName[], scope: NestedScope): Refusal | undefined {
  for (const name of names) {
    const decision = judgeNested(scope, name);
    if (decision.verdict === 'refuse')
      return { ...decision, subject: `${route.vendor}: ${decision.subject}`, found: recorded(name) };
  }
  return undefined;
}

/** Everybody who is named before the first word of a call. */
export function namesOf(route: Route): readonly NestedName[] {
  const bridged = bridgedRoute(route);
  const codec = bridged?.bridge.vendor ?? protocols[route.protocol];
  const messages = bridged?.bridge.setup(bridged.session) ?? [];
  const opened = messages.map((message) => codec.open(Way.toVendor, Buffer.from(JSON.stringify(message)), false));
  return [
    ...namesInQuery(codec, new URL(route.url).searchParams),
    ...opened.flatMap((message) => (typeof message === 'string' ? [] : message.names)),
  ];
}
