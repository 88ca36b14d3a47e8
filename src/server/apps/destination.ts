import type { IncomingHttpHeaders } from 'node:http';
import type { ProtocolCodec } from '../../stream/protocol.ts';
import { wordlessForms } from '../../stream/rules.ts';
import { demandInQuery, shownParameter } from '../../stream/query.ts';
import type { GateRefusal } from '../refusal.ts';
import type { Entered } from './entrance.ts';
import { presentedKeys, type PresentedKey } from './presented.ts';

/** Where and how the vendor is dialled for an app. */
export interface Destination {
  /** Without any secret; what it names is judged like that of every other route. */
  readonly url: string;
  /** Of the upgrade, credentials among them: never logged. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parameters of the URL that are credentials: put on when the vendor is dialled. */
  readonly secretParameters: Readonly<Record<string, string>>;
  /** Parameters that were made to say what keeps calls out of storage and training. */
  readonly demanded: readonly string[];
  /** How many parameters did not go on because the protocol does not know them. */
  readonly dropped: number;
}

/** What of the URL the vendor may see. */
export interface Shown {
  readonly show: (text: string, hint: boolean) => string;
  /** What it is told as the id of the call, where the path has one. */
  readonly call: string | undefined;
}

/**
 * Makes the vendor's URL and headers out of what the SDK asked for. What the route itself says stands; what the protocol's
 * table knows goes on; what it does not know is dropped, or refuses the connection.
 */
export function destinationOf(
  { route, path }: Entered,
  codec: ProtocolCodec,
  headers: IncomingHttpHeaders,
  asked: URLSearchParams,
  { show, call }: Shown,
): Destination | GateRefusal {
  const url = new URL(route.url);
  const pinned = new Set(url.searchParams.keys());
  if (call !== undefined) url.pathname = `${url.pathname.replace(/\/$/u, '')}/${call}`;
  else if (url.pathname === '/') url.pathname = path;
  const secrets: Record<string, string> = {};
  let dropped = 0;
  for (const [name, value] of asked) {
    const rule = Object.hasOwn(codec.query, name) ? codec.query[name] : undefined;
    if (rule === undefined) dropped += 1;
    if (rule === undefined || rule === 'secret' || pinned.has(name)) continue;
    if (rule === 'passed') secrets[name] = value;
    else url.searchParams.append(name, shownParameter(codec, name, value, show));
  }
  if (dropped > 0 && route.app.unknownParameters === 'refuse')
    return { reason: 'PARAMETER_UNKNOWN', subject: route.name };
  const demanded = demandInQuery(codec, url.searchParams);
  // Not every server reads + as a space, as forms are written.
  url.search = url.searchParams.toString().replaceAll('+', '%20');
  const credentials = credentialsOf({ route, path }, codec, headers, asked);
  const secretParameters = { ...secrets, ...credentials.secretParameters };
  return { url: url.href, headers: credentials.headers, secretParameters, demanded, dropped };
}

function credentialsOf(
  { route }: Entered,
  codec: ProtocolCodec,
  headers: IncomingHttpHeaders,
  asked: URLSearchParams,
): Pick<Destination, 'headers' | 'secretParameters'> {
  const own = Object.entries(route.headers).map(([name, secret]) => [name, secret.reveal()] as const);
  const told = (codec.entrance?.headers ?? []).flatMap((name) => {
    const value = headers[name];
    return typeof value === 'string' && isVersion(value) ? [[name, value] as const] : [];
  });
  const { credential } = route.app;
  const keys = credential.kind === 'passed-through' ? presentedKeys(codec, headers, asked) : [];
  const held = credential.kind === 'held' ? placed(codec, credential.secret.reveal()) : nothing;
  const passed = keys.map((key) => passedOn(codec, key));
  const all = [held, ...passed];
  return {
    headers: Object.fromEntries([...told, ...all.flatMap((each) => Object.entries(each.headers)), ...own]),
    secretParameters: Object.assign({}, ...all.map((each) => each.secretParameters)),
  };
}

/** A name or number of a version, or the day of one: `2026-08-14`. */
function isVersion(text: string): boolean {
  return wordlessForms.enum.test(text) || /^20\d\d-[01]\d-[0-3]\d$/u.test(text);
}

type Credentials = Pick<Destination, 'headers' | 'secretParameters'>;

const nothing: Credentials = { headers: {}, secretParameters: {} };

/** A key at the place where the vendor takes it. */
function placed({ entrance }: ProtocolCodec, value: string, scheme?: string): Credentials {
  const place = entrance?.credential;
  if (place === undefined) return nothing;
  if ('parameter' in place) return { headers: {}, secretParameters: { [place.parameter]: value } };
  const word = scheme ?? place.scheme;
  return { headers: { [place.header]: word === undefined ? value : `${word} ${value}` }, secretParameters: {} };
}

/** The app's own key stays where the app has put it; out of the sub-protocols it goes to where the vendor takes it. */
function passedOn(codec: ProtocolCodec, { value, place }: PresentedKey): Credentials {
  if (place.kind === 'sub-protocol') return placed(codec, value);
  if (place.kind === 'parameter') return { headers: {}, secretParameters: { [place.name]: value } };
  const header = place.scheme === undefined ? value : `${place.scheme} ${value}`;
  return { headers: { [place.name]: header }, secretParameters: {} };
}
