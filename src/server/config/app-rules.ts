import { protocols } from '../../stream/protocols/index.ts';
import { bringsTokenInPath } from '../apps/entrance.ts';
import type { Fault } from '../config.ts';
import { appKeys, appProtocols, carrierKeys, carrierProtocols, pathOf, type AppShape } from './apps.ts';
import type { RouteShape } from './entries.ts';
import type { Path, Source } from './source.ts';

/** What the caller of a route demands of its other keys. */
export function callerFaults(path: Path, route: RouteShape, source: Source): Fault[] {
  const known: readonly string[] = route.caller === 'app' ? appProtocols : carrierProtocols;
  const faults = known.includes(route.protocol)
    ? []
    : [source.faultAt([...path, 'protocol'], `it beside caller ${route.caller}`, `one of ${known.join(', ')}`)];
  const foreign: readonly string[] = route.caller === 'app' ? carrierKeys : appKeys;
  for (const key of foreign)
    if (source.valueAt([...path, key]) !== undefined)
      faults.push(source.faultAtKey([...path, key], `it beside caller ${route.caller}`, 'no such key'));
  return route.caller === 'app' ? [...faults, ...appSideFaults(path, route, source)] : faults;
}

function appSideFaults(path: Path, route: RouteShape, source: Source): Fault[] {
  const faults: Fault[] = [];
  if ((route.apps ?? []).length === 0) faults.push(source.faultAt([...path, 'apps'], 'nothing', 'who may use it'));
  if (route.pass_through === true && route.credential !== undefined)
    faults.push(source.faultAt([...path, 'pass_through'], 'it beside credential', 'one of them'));
  if (route.human.dial !== undefined)
    faults.push(source.faultAt([...path, 'human'], 'it beside caller app', 'no such key: the app calls its own human'));
  if (/^\/(?:twilio|calls)(?:\/|$)/u.test(pathOf(route)))
    faults.push(source.faultAt([...path, 'path'], 'a path of Twilio', 'another path'));
  return faults;
}

/** Routes that a request could lead to both of. */
export function sharedPathFaults(
  routes: readonly { readonly path: Path; readonly route: RouteShape }[],
  source: Source,
): Fault[] {
  const taken = new Set<string>();
  return routes
    .filter(({ route }) => route.caller === 'app')
    .flatMap(({ path, route }) => {
      const entrances = (protocols[route.protocol].entrance?.paths ?? []).map((end) => pathOf(route) + end);
      const again = entrances.some((entrance) => taken.has(entrance));
      for (const entrance of entrances) taken.add(entrance);
      const wanted = 'another path: the protocol is the same';
      return again ? [source.faultAt([...path, 'path'], 'the path of another route', wanted)] : [];
    });
}

/** Where the vendor itself opens the route, with its token in the path: who it is has to be on the approved list. */
export function foreignAppFaults(
  routes: readonly { readonly path: Path; readonly route: RouteShape }[],
  apps: readonly AppShape[],
  source: Source,
): Fault[] {
  return routes
    .filter(({ route }) => route.caller === 'app' && bringsTokenInPath(route))
    .flatMap(({ path, route }) => {
      const unnamed = apps.filter(
        ({ name, sub_processor: id }) => id === undefined && (route.apps ?? []).includes(name),
      );
      const wanted = 'an app with that key: who comes here is the vendor';
      const faults = unnamed.map(({ name }) =>
        source.faultAt([...path, 'apps'], `${name}, which has no sub_processor`, wanted),
      );
      const never = 'no such key: the protocol itself says the number';
      if (route.require_caller === true)
        faults.push(source.faultAt([...path, 'require_caller'], `it beside ${route.protocol}`, never));
      return faults;
    });
}

/** How an app proves who it is. */
export function appFaults(path: Path, app: AppShape, source: Source): Fault[] {
  const { certificate_names: names, origins } = app;
  const tokens = [...app.tokens, ...app.token_files];
  if (tokens.length === 0 && names.length === 0)
    return [source.faultAt([...path, 'tokens'], 'nothing', 'a token, or certificate_names')];
  if (origins.length > 0 && tokens.length === 0)
    return [source.faultAt([...path, 'origins'], 'it without tokens', 'a token: a page proves itself by it')];
  const authority = source.valueAt(['listen', 'calls', 'tls', 'client_authority']);
  return names.length > 0 && authority === undefined
    ? [source.faultAt([...path, 'certificate_names'], 'it without listen.calls.tls.client_authority', 'that key')]
    : [];
}

/** Twilio's account is needed by every route but those of apps. */
export function twilioFaults(source: Source): Fault[] {
  const routes = source.valueAt(['routes']);
  const forApps = Array.isArray(routes) && routes.length > 0 && routes.every((route) => isForApp(route));
  if (forApps || source.valueAt(['twilio']) !== undefined) return [];
  return [source.faultAt(['twilio'], 'nothing', 'a mapping with the keys account_sid, auth_tokens')];
}

function isForApp(route: unknown): boolean {
  return typeof route === 'object' && route !== null && Reflect.get(route, 'caller') === 'app';
}
