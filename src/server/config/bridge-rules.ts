import { isLoopbackHost } from '../../policy/vendors.ts';
import { ownTools } from '../../stream/bridge.ts';
import { bridges } from '../../stream/bridges/index.ts';
import type { Fault } from '../config.ts';
import type { RouteShape } from './entries.ts';
import { quoted } from './faults.ts';
import type { SessionShape } from './session.ts';
import type { Path, Source } from './source.ts';

/** What a bridge and its session need beside each other. Whom they name is no matter of the file: that refuses calls. */
export function bridgeFaults(path: Path, route: RouteShape, source: Source): Fault[] {
  const { bridge, session, protocol } = route;
  const scheme = schemeFaults([...path, 'url'], route, source);
  if (bridge === undefined)
    return session === undefined
      ? scheme
      : [...scheme, source.faultAt([...path, 'session'], 'it without bridge', 'a bridge beside it')];
  const { caller } = bridges[bridge];
  if (protocol !== caller)
    return [source.faultAt([...path, 'bridge'], `it beside protocol ${protocol}`, `protocol ${caller}`)];
  if (session === undefined) return [source.faultAt([...path, 'session'], 'nothing', 'what the AI is told')];
  return [
    ...scheme,
    ...greetingFaults(path, route, source),
    ...queryFaults([...path, 'url'], route, bridges[bridge].needs.query, source),
    ...bridges[bridge].needs.route.flatMap((key) =>
      route[key] === undefined ? [source.faultAt([...path, key], 'nothing', `it beside bridge ${bridge}`)] : [],
    ),
    ...bridges[bridge].needs.session.flatMap((key) =>
      session[key] === undefined
        ? [source.faultAt([...path, 'session', key], 'nothing', `it beside bridge ${bridge}`)]
        : [],
    ),
    ...toolFaults([...path, 'session'], session, source),
  ];
}

/** Most vendors are reached over a socket; a model of text is asked with a request for each answer. */
function schemeFaults(path: Path, { bridge, url }: RouteShape, source: Source): Fault[] {
  const over = bridge === undefined ? 'wss' : bridges[bridge].over;
  const isHttp = /^https?:/u.test(url);
  if (isHttp === (over === 'https')) return [];
  return [source.faultAt(path, isHttp ? 'an HTTP URL' : 'the URL of a socket', `${over}://`)];
}

/** Two greetings would both be spoken, and the model would know of one. */
function greetingFaults(path: Path, { session, conversation_relay: relay }: RouteShape, source: Source): Fault[] {
  if (session?.greeting === undefined || relay?.welcome_greeting === undefined) return [];
  const at = [...path, 'conversation_relay', 'welcome_greeting'];
  return [source.faultAt(at, 'it beside session.greeting', 'one of them: the model knows of session.greeting')];
}

function queryFaults(path: Path, { url }: RouteShape, names: readonly string[], source: Source): Fault[] {
  const missing = names.filter((name) => !new URL(url).searchParams.get(name));
  return missing.map((name) => source.faultAt(path, `a URL without ?${name}=`, `?${name}= in it`));
}

function toolFaults(path: Path, { tools, webhook }: SessionShape, source: Source): Fault[] {
  const taken: string[] = Object.values(ownTools).map(({ name }) => name);
  const faults = tools.flatMap(({ name }, index) => {
    const again = taken.includes(name);
    taken.push(name);
    return again
      ? [source.faultAt([...path, 'tools', index, 'name'], `the name ${quoted(name)} a second time`, 'another name')]
      : [];
  });
  if (tools.length > 0 && webhook === undefined)
    faults.push(source.faultAt([...path, 'webhook'], 'nothing', 'the system that answers the tools'));
  return webhook === undefined
    ? faults
    : [...faults, ...plaintextFaults([...path, 'webhook', 'url'], webhook.url, source)];
}

function plaintextFaults(path: Path, url: string, source: Source): Fault[] {
  const { protocol, hostname } = new URL(url);
  if (protocol === 'https:' || isLoopbackHost(hostname)) return [];
  return [source.faultAt(path, 'an unencrypted connection', 'https://; http:// only to this very machine')];
}
