import { demandsOf, enforcedInMessages } from '../policy/training.ts';
import { protocols } from '../stream/protocols/index.ts';
import type { App, VendorCredential } from './apps/app.ts';
import { bringsTokenInPath, isAppRoute, type AppRoute } from './apps/entrance.ts';
import { namesOf } from './approval.ts';
import type { Config, Route } from './config.ts';

/** Which apps open a route, with what, and what is enforced whatever they ask for. */
export interface AppPosture {
  /** What an SDK is given in the place of the vendor's own address; with the paths that it may ask for behind it. */
  readonly base: string;
  readonly paths: readonly string[];
  /** Each with how it proves who it is. */
  readonly apps: readonly string[];
  readonly credential: string;
  readonly unknownParameters: 'refuse' | 'drop';
  /** Whether a session has to say whose it is. */
  readonly caller: 'required' | 'optional';
  /** Models, hosts and stored configurations that the route's own URL names. */
  readonly names: readonly string[];
  /** Fields and parameters that are made to stand. */
  readonly enforced: readonly string[];
  /** What no message can say: the practice has to see to it in its account. */
  readonly account: readonly string[];
}

export function appPosture(config: Config, route: Route): AppPosture | undefined {
  if (!isAppRoute(route)) return undefined;
  const { app } = route;
  const codec = protocols[route.protocol];
  const demands = demandsOf(codec.name);
  return {
    base: `${config.calls.publicUrl.replace(/^http/u, 'ws')}${app.path}`,
    paths: codec.entrance?.paths ?? [],
    apps: app.apps.map((name) => appText(name, config)),
    credential: credentialText(app.credential, route),
    unknownParameters: app.unknownParameters,
    caller: app.requiresCaller ? 'required' : 'optional',
    names: namesOf(route).map(({ at, value }) => `${at} ${value}`),
    enforced: [...enforcedInMessages(demands), ...demands.query.map(({ name, must }) => `?${name}=${must}`)],
    account: demands.account,
  };
}

const credentials = {
  held: 'held by chaperone; the app has none',
  'passed-through': "the app's own, passed through and not recorded",
  none: 'none',
} as const satisfies Record<VendorCredential['kind'], string>;

function credentialText({ kind }: VendorCredential, { headers }: AppRoute): string {
  const named = Object.keys(headers).join(', ');
  return kind === 'none' && named !== '' ? `in the headers of the route: ${named}` : credentials[kind];
}

function appText(name: string, { apps }: Config): string {
  const app = apps.find((entry) => entry.name === name);
  return app === undefined ? `${name}, which is not on the list of apps` : `${name}, by ${proofOf(app)}`;
}

function proofOf({ addresses, subProcessor, ...app }: App): string {
  const from = addresses.length === 0 ? '' : ` from ${addresses.join(', ')}`;
  return `${secretOf(app)}${from}${subProcessor === undefined ? '' : `, under the agreement of ${subProcessor}`}`;
}

function secretOf({ tokens, certificateNames }: Pick<App, 'tokens' | 'certificateNames'>): string {
  const names = certificateNames.join(' or ');
  if (names === '') return 'token';
  return tokens.length === 0 ? `certificate of ${names}` : `token and certificate of ${names}`;
}

/** What is allowed but should be known of an app's route. */
export function appWarnings(route: AppRoute, { apps }: Config): string[] {
  const known = new Set(apps.map(({ name }) => name));
  const strangers = route.app.apps.filter((name) => !known.has(name));
  const warnings = strangers.map(
    (name) => `Route ${route.name} is open to the app "${name}", which is not on the list of apps`,
  );
  const takesKey = protocols[route.protocol].entrance?.credential !== undefined;
  if (takesKey && route.app.credential.kind === 'none' && Object.keys(route.headers).length === 0)
    warnings.push(`Route ${route.name} has no credential: the vendor gets no key`);
  if (protocols[route.protocol].parting !== undefined && route.human.dial === undefined)
    warnings.push(`Route ${route.name} has no human.dial: when the AI cannot go on, the call ends after a sentence`);
  const open = apps.filter(({ name, addresses }) => route.app.apps.includes(name) && addresses.length === 0);
  if (bringsTokenInPath(route))
    for (const { name } of open)
      warnings.push(
        `Route ${route.name} takes the token of "${name}" out of the path, from any address: list its addresses`,
      );
  return warnings;
}
