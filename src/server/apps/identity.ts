import type { X509Certificate } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { ProtocolCodec } from '../../stream/protocol.ts';
import { isIn, rangesOf } from '../address.ts';
import { digestOf, sameDigest } from '../digest.ts';
import type { GateRefusal } from '../refusal.ts';
import { CallTokens } from '../twilio/token.ts';
import type { App } from './app.ts';
import type { AppRoute } from './entrance.ts';
import { ownToken, presentedKeys } from './presented.ts';

/** A request as far as it says who comes. */
export interface AppCredentials {
  readonly headers: IncomingHttpHeaders;
  readonly parameters: URLSearchParams;
  /** Of the client; undefined where it gave none, or none that an authority of the configuration vouches for. */
  readonly certificate: X509Certificate | undefined;
  /** The token, where the protocol has it in the path. */
  readonly inPath: string | undefined;
  /** Where the request comes from. */
  readonly address: string;
}

/** An app that has come. */
export interface Visitor {
  readonly app: App;
  /** Whose session it is, E.164, where a pass says it; else empty. */
  readonly caller: string;
}

interface Known {
  readonly app: App;
  readonly digests: readonly Buffer[];
}

/** Who of the practice's apps comes. Tokens are compared as digests, all of them, in a time that tells nothing. */
export class AppIdentities {
  #known: readonly Known[] = [];
  /** Kept over a reload: what was used once stays used. */
  readonly #passes = new Map<string, CallTokens>();

  constructor(apps: readonly App[]) {
    this.useApps(apps);
  }

  useApps(apps: readonly App[]): void {
    this.#known = apps.map((app) => ({ app, digests: app.tokens.map((token) => digestOf(token.reveal())) }));
    for (const { name, tokens } of apps) {
      const keys = tokens.map((token) => token.reveal());
      const passes = this.#passes.get(name);
      if (passes === undefined) this.#passes.set(name, new CallTokens(keys));
      else passes.useKeysOf(keys);
    }
  }

  /** The app that comes to a route, or why nobody does. `now` is wall-clock milliseconds. */
  identify(route: AppRoute, codec: ProtocolCodec, given: AppCredentials, now: number): Visitor | GateRefusal {
    const visitor = this.#find(route, codec, given, now);
    if (visitor === undefined) return { reason: 'APP_UNKNOWN', subject: route.name };
    const { app } = visitor;
    const { origin } = given.headers;
    if (app.addresses.length > 0 && !isIn(rangesOf(app.addresses), given.address))
      return refusal('APP_ADDRESS_REFUSED', app);
    if (origin !== undefined && !app.origins.includes(origin)) return refusal('ORIGIN_REFUSED', app);
    return route.app.apps.includes(app.name) ? visitor : refusal('APP_NOT_ALLOWED', app);
  }

  /** For one upgrade to this route within a minute: what a page or a signed URL may hold instead of the token. */
  pass({ app, caller }: Visitor, route: AppRoute, now: number): string | undefined {
    if (app.tokens.length === 0) return undefined;
    const claim = { route: route.name, callSid: '', caller, callerName: '' };
    return this.#passes.get(app.name)?.mint(claim, now);
  }

  #find(route: AppRoute, codec: ProtocolCodec, given: AppCredentials, now: number): Visitor | undefined {
    const presented = tokensOf(route, codec, given);
    const digests = presented.map(digestOf);
    let found: App | undefined;
    for (const { app, digests: known } of this.#known) {
      let holds = app.tokens.length === 0;
      for (const one of known) for (const other of digests) if (sameDigest(one, other)) holds = true;
      if (holds && bearsName(app, given.certificate)) found = app;
    }
    if (found !== undefined) return { app: found, caller: '' };
    return this.#holderOfPass(route, presented, given, now);
  }

  #holderOfPass(
    route: AppRoute,
    presented: readonly string[],
    { certificate }: AppCredentials,
    now: number,
  ): Visitor | undefined {
    for (const { app } of this.#known) {
      if (app.tokens.length === 0 || !bearsName(app, certificate)) continue;
      const claims = presented.map((token) => this.#passes.get(app.name)?.redeem(token, route.name, now));
      for (const claim of claims) if (typeof claim === 'object') return { app, caller: claim.caller };
    }
    return undefined;
  }
}

function refusal(reason: 'APP_ADDRESS_REFUSED' | 'ORIGIN_REFUSED' | 'APP_NOT_ALLOWED', app: App): GateRefusal {
  return { reason, subject: app.name, app: app.name };
}

/** An SDK puts its key in one place; more than a few are guesses. */
const mostKeys = 4;

/** Where the SDK's key is the vendor's, only the header for chaperone counts. */
function tokensOf(
  route: AppRoute,
  codec: ProtocolCodec,
  { headers, parameters, inPath }: AppCredentials,
): readonly string[] {
  if (inPath !== undefined) return [inPath];
  const own = ownToken(headers);
  if (own !== undefined) return [own];
  if (route.app.credential.kind === 'passed-through') return [];
  return presentedKeys(codec, headers, parameters)
    .slice(0, mostKeys)
    .map(({ value }) => value);
}

/** An app without names comes by its token alone; one with names needs a certificate that bears one of them. */
function bearsName({ certificateNames, tokens }: App, certificate: X509Certificate | undefined): boolean {
  if (certificateNames.length === 0) return tokens.length > 0;
  return certificate !== undefined && certificateNames.some((name) => isNamed(certificate, name));
}

/** A DNS name as it stands, without wildcards, or a URI such as `spiffe://cedar.example/booking`. RFC 5280 section 4.2.1.6. */
function isNamed(certificate: X509Certificate, name: string): boolean {
  if (name.includes('://')) return (certificate.subjectAltName ?? '').split(', ').includes(`URI:${name}`);
  return certificate.checkHost(name, { wildcards: false }) !== undefined;
}
