import { isLoopbackHost } from '../../policy/vendors.ts';
import type { Environment, Fault } from '../config.ts';
import type { RouteShape, SubProcessorShape } from './entries.ts';
import type { TapShape } from './readers.ts';
import { appFaults, callerFaults, foreignAppFaults, sharedPathFaults, twilioFaults } from './app-rules.ts';
import { auditFaults } from './audit-rules.ts';
import { bridgeFaults } from './bridge-rules.ts';
import { quoted } from './faults.ts';
import { schemasFor } from './schema.ts';
import type { Path, Source } from './source.ts';

/**
 * Rules that a schema cannot state, or would not reach where something else is wrong. Each entry that is sound by itself is
 * checked, also when others are not, so that one start shows all faults at once.
 *
 * That an entry names a vendor, a provider or a host that is not (or no longer) on the list is no fault of the file: its
 * calls are refused. Were it one, striking a vendor off the list would be rejected and the old list stay in force.
 */
export function ruleFaults(source: Source, environment: Environment): Fault[] {
  const { subProcessor: vendor, route, tap, app } = schemasFor(environment);
  const routes = entriesOf('routes', source).flatMap(({ path, value }) => {
    const entry = route.safeParse(value).data;
    return entry === undefined ? [] : [{ path, route: entry }];
  });
  const apps = entriesOf('apps', source).flatMap(({ path, value }) => {
    const entry = app.safeParse(value).data;
    return entry === undefined ? [] : [{ path, app: entry }];
  });
  return [
    ...notOneOf(['listen', 'calls'], ['tls', 'tls_ended_by'], source),
    ...auditFaults(source, environment),
    ...repeated('sub_processors', 'id', source),
    ...repeated('routes', 'name', source),
    ...repeated('taps', 'id', source),
    ...repeated('operators', 'id', source),
    ...repeated('apps', 'name', source),
    ...sharedTokens(source, environment),
    ...twilioFaults(source),
    ...sharedPathFaults(routes, source),
    ...foreignAppFaults(
      routes,
      apps.map(({ app: entry }) => entry),
      source,
    ),
    ...entriesOf('sub_processors', source).flatMap(({ path, value }) => {
      const entry = vendor.safeParse(value).data;
      return entry === undefined ? [] : vendorFaults(path, entry, source);
    }),
    ...routes.flatMap((entry) => routeFaults(entry.path, entry.route, source)),
    ...apps.flatMap((entry) => appFaults(entry.path, entry.app, source)),
    ...entriesOf('taps', source).flatMap(({ path, value }) => {
      const entry = tap.safeParse(value).data;
      return entry === undefined ? [] : tapFaults([...path, 'url'], entry, source);
    }),
  ];
}

/** A fault where a mapping that stands in the file has both of two keys, or neither. */
function notOneOf(path: Path, [first, second]: readonly [string, string], source: Source): Fault[] {
  const mapping = source.valueAt(path);
  if (typeof mapping !== 'object' || mapping === null || Array.isArray(mapping)) return [];
  const [hasFirst, hasSecond] = [first in mapping, second in mapping];
  if (hasFirst !== hasSecond) return [];
  return [
    source.faultAt(path, hasFirst ? `both ${first} and ${second}` : `neither ${first} nor ${second}`, 'one of them'),
  ];
}

interface Entry {
  readonly path: Path;
  readonly value: unknown;
}

function entriesOf(key: string, source: Source): Entry[] {
  const list = source.valueAt([key]);
  return Array.isArray(list) ? list.map((value, index) => ({ path: [key, index], value })) : [];
}

function repeated(key: string, field: string, source: Source): Fault[] {
  const seen = new Set<string>();
  return entriesOf(key, source).flatMap((entry) => {
    const path = [...entry.path, field];
    const value = source.valueAt(path);
    if (typeof value !== 'string') return [];
    const again = seen.has(value);
    seen.add(value);
    return again ? [source.faultAt(path, `the ${field} ${quoted(value)} a second time`, `another ${field}`)] : [];
  });
}

function vendorFaults(path: Path, { baa, covered_by: holder }: SubProcessorShape, source: Source): Fault[] {
  if (baa === undefined) return [];
  const faults: Fault[] = [];
  if (holder !== undefined) {
    faults.push(source.faultAt([...path, 'covered_by'], 'it beside baa', 'either baa or covered_by'));
  }
  if (baa.effective > baa.expires) {
    const wanted = `a day on or after the day it takes effect, ${baa.effective}`;
    faults.push(source.faultAt([...path, 'baa', 'expires'], quoted(baa.expires), wanted));
  }
  return faults;
}

function routeFaults(path: Path, route: RouteShape, source: Source): Fault[] {
  return [
    ...plaintextFaults([...path, 'url'], route, source),
    ...headerFaults([...path, 'headers'], route, source),
    ...relayFaults([...path, 'conversation_relay'], route, source),
    ...bridgeFaults(path, route, source),
    ...callerFaults(path, route, source),
  ];
}

function plaintextFaults(path: Path, route: RouteShape, source: Source): Fault[] {
  const { protocol, hostname } = new URL(route.url);
  if (protocol === 'wss:' || protocol === 'https:' || (route.allow_loopback_plaintext && isLoopbackHost(hostname)))
    return [];
  const wanted = 'wss:// or https://; ws:// or http:// only to this very machine, with allow_loopback_plaintext: true';
  return [source.faultAt(path, 'an unencrypted connection', wanted)];
}

/** The handshake writes these itself (RFC 6455 section 4.1). */
const handshakeHeader =
  /^(?:host|connection|upgrade|content-length|transfer-encoding|sec-websocket-(?:key|version|accept|extensions))$/iu;

function headerFaults(path: Path, route: RouteShape, source: Source): Fault[] {
  const names = Object.keys(route.headers);
  return names.flatMap((name, index) => {
    const at = [...path, name];
    if (handshakeHeader.test(name)) return [source.faultAt(at, `the header ${name}`, 'none that the handshake writes')];
    const again = names.findIndex((other) => other.toLowerCase() === name.toLowerCase()) < index;
    return again ? [source.faultAt(at, `the header ${name} a second time`, 'each header once')] : [];
  });
}

function relayFaults(path: Path, route: RouteShape, source: Source): Fault[] {
  const present = route.conversation_relay !== undefined;
  if (present === (route.protocol === 'twilio-conversation-relay')) return [];
  return present
    ? [source.faultAt(path, `it beside protocol ${route.protocol}`, 'no such key')]
    : [source.faultAt(path, 'nothing', 'a mapping with at least tts_provider and transcription_provider')];
}

function tapFaults(path: Path, tap: TapShape, source: Source): Fault[] {
  const { protocol, hostname } = new URL(tap.url);
  if (protocol === 'https:' || isLoopbackHost(hostname)) return [];
  return [source.faultAt(path, 'an unencrypted connection', 'https://; http:// only to this very machine')];
}

/** Whose token it is must be certain: the log names the reader, or the app, by it. */
function sharedTokens(source: Source, environment: Environment): Fault[] {
  const { operator, app } = schemasFor(environment);
  const held = [
    ...entriesOf('operators', source).flatMap(({ path, value }) => {
      const token = operator.safeParse(value).data?.token;
      return token === undefined ? [] : [{ path: [...path, 'token'], token }];
    }),
    ...entriesOf('apps', source).flatMap(({ path, value }) =>
      (app.safeParse(value).data?.tokens ?? []).map((token, index) => ({ path: [...path, 'tokens', index], token })),
    ),
  ];
  const seen = new Set<string>();
  return held.flatMap(({ path, token }) => {
    const again = seen.has(token);
    seen.add(token);
    return again ? [source.faultAt(path, 'the token of another entry', 'a token of its own')] : [];
  });
}
