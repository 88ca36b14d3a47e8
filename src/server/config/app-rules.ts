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
  if (route.credential !== undefined && protocols[route.protocol].entrance?.credential === undefined) {
    const wanted = 'no such key: the vendor takes none, its URL is the key';
    faults.push(source.faultAtKey([...path, 'credential'], `it beside ${route.protocol}`, wanted));
  }
  faults.push(...humanFaults(path, route, source));
  if (/^\/(?:twilio|calls)(?:\/|$)/u.test(pathOf(route)))
    faults.push(source.faultAt([...path, 'path'], 'a path of Twilio', 'another path'));
  return faults;
}

/** An app calls its own human, but for one that is told by the protocol which number to move the call to. */
function humanFaults(path: Path, route: RouteShape, source: Source): Fault[] {
  const moves = protocols[route.protocol].parting !== undefined;
  const key = moves ? [...path, 'human', 'via'] : [...path, 'human'];
  if (source.valueAt(key) === undefined) return [];
  const wanted = moves ? 'no such key: the protocol says how' : 'no such key: the app calls its own human';
  return [source.faultAtKey(key, 'it beside caller app', wanted)];
}

/** Routes that a request could lead to both of. */
export function sharedPathFaults(
  routes: readonly { readonly path: Path; readonly route: RouteShape }[],
  source: Source,
): Fault[] {
  const taken: { readonly entrance: string; readonly name: string }[] = [];
  return routes
    .filter(({ route }) => route.caller === 'app')
    .flatMap(({ path, route }) => {
      if (pathOf(route) === '' && bringsTokenInPath(route)) return [rootFault(path, source)];
      const entrances = (protocols[route.protocol].entrance?.paths ?? []).map((end) => pathOf(route) + end);
      const again = taken.find(({ entrance }) => entrances.some((other) => mayMeet(entrance, other)));
      for (const entrance of entrances) taken.push({ entrance, name: route.name });
      const found = `the path of another route, ${again?.name ?? ''}`;
      const wanted = 'another path: a request could mean both';
      return again === undefined ? [] : [source.faultAt([...path, 'path'], found, wanted)];
    });
}

/** Nothing stands before the token: every request with two parts would be one for this route. */
function rootFault(path: Path, source: Source): Fault {
  const wanted = 'a path such as /retell: the token stands in the path, so it needs a part before it';
  return source.faultAt([...path, 'path'], '/', wanted);
}

/** Is there a path that is meant by both templates? `{voice}` stands for any one segment. */
function mayMeet(one: string, other: string): boolean {
  const [segments, others] = [one.split('/'), other.split('/')];
  const isAny = (segment: string): boolean => segment.startsWith('{');
  return (
    segments.length === others.length &&
    segments.every((segment, index) => {
      const against = others[index] ?? '';
      return segment === against || isAny(segment) || isAny(against);
    })
  );
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
