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
  if (bridge === undefined)
    return session === undefined
      ? []
      : [source.faultAt([...path, 'session'], 'it without bridge', 'a bridge beside it')];
  if (protocol !== 'twilio-media-streams')
    return [source.faultAt([...path, 'bridge'], `it beside protocol ${protocol}`, 'protocol twilio-media-streams')];
  if (session === undefined) return [source.faultAt([...path, 'session'], 'nothing', 'what the AI is told')];
  return [
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
