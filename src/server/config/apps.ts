import { z } from 'zod';
import { protocols, type ProtocolName } from '../../stream/protocols/index.ts';
import type { App, AppSide, VendorCredential } from '../apps/app.ts';
import { Secret, type Environment } from '../config.ts';
import { addressRange, choice, identifier, list, mapping, secret, text, yesOrNo } from './fields.ts';

/** The practice's own programs, and what a route has whose caller is one. */
export type AppShape = z.output<ReturnType<typeof appSchema>>;

/** Who opens the calls of a route. */
export const callers = ['twilio', 'app'] as const;

/** What Twilio speaks with its own TwiML verbs. */
export const carrierProtocols = [
  'twilio-media-streams',
  'twilio-conversation-relay',
] as const satisfies readonly ProtocolName[];

/** What an app can speak: every protocol of which the SDK's paths are known. */
export const appProtocols: readonly ProtocolName[] = Object.keys(protocols)
  .filter(isProtocol)
  .filter((name) => protocols[name].entrance !== undefined);

export function isProtocol(name: string): name is ProtocolName {
  return Object.hasOwn(protocols, name);
}

export function protocolField() {
  const [first, ...others] = carrierProtocols;
  return choice([first, ...others, ...appProtocols]);
}

/** Every protocol, those too that only a bridge speaks. */
export function anyProtocol() {
  const [first, ...others] = carrierProtocols;
  const known: readonly ProtocolName[] = carrierProtocols;
  const vendors = Object.keys(protocols).filter(isProtocol);
  return choice([first, ...others, ...vendors.filter((name) => !known.includes(name))]);
}

/** Nobody guesses 32 characters, and an SDK takes them where it takes its own key. */
export const tokenForm = /^(?=.{32})[A-Za-z0-9._~-]+$/u;

export const tokenWanted = 'a token of at least 32 letters, digits and ._~-';

export function appSchema(environment: Environment) {
  const token = secret(environment, tokenWanted).pipe(z.string().regex(tokenForm, { error: tokenWanted }));
  const origin = 'an origin such as https://kiosk.example.com';
  return mapping({
    name: identifier('a short name').describe('Short name; stands in the audit log.'),
    tokens: list(token, 'a list of one or two tokens')
      .max(2, { error: 'at most two tokens: the current one and, while rotating, the other' })
      .default([])
      .describe('Presented where the SDK of the vendor puts its API key. Use ${NAME}, not the token itself.'),
    token_files: list(text('the path of a file'), 'a list of files')
      .max(2, { error: 'at most two files' })
      .default([])
      .describe('Files that hold a token each, beside tokens or instead of them. Read again when they change.'),
    certificate_names: list(text('a DNS name or a URI', /^[A-Za-z0-9][\w.:/-]*$/u), 'a list of names')
      .default([])
      .describe('DNS names or URIs of its client certificates (mutual TLS). Beside tokens: both are needed.'),
    origins: list(text(origin, /^https:\/\/[a-z0-9.-]+(?::\d{1,5})?$/u), 'a list of origins')
      .default([])
      .describe('Origins of web pages that may come with its token. Without one: no browser.'),
    addresses: list(addressRange('an address or range such as 192.0.2.7 or 192.0.2.0/24'), 'a list of addresses')
      .default([])
      .describe('Addresses or CIDR ranges that it comes from. Without one: any.'),
    sub_processor: identifier('the id of an entry of sub_processors')
      .optional()
      .describe(
        'Where it is another company (Retell): its entry on the approved list. It is let in while that stands.',
      ),
  });
}

/** The keys of a route that only an app's route has. */
export function appSideFields(environment: Environment) {
  return {
    path: text('a path such as /deepgram, or /', /^\/(?:[a-z0-9-]+(?:\/[a-z0-9-]+)*)?$/u)
      .optional()
      .describe("With caller app: what stands before the vendor's own path in the base URL of the SDK."),
    apps: list(identifier('the name of an entry of apps'), 'a list of names')
      .optional()
      .describe('With caller app: names of the apps that may use it.'),
    credential: secret(environment, 'the key of the vendor')
      .optional()
      .describe("With caller app: the vendor's key, put where the vendor wants it. Use ${NAME}, not the key itself."),
    pass_through: yesOrNo()
      .optional()
      .describe("With caller app: the app brings the vendor's key, and comes by certificate or x-chaperone-token."),
    unknown_parameters: choice(['refuse', 'drop'])
      .optional()
      .describe('With caller app: parameters of the URL that the protocol does not know.'),
    require_caller: yesOrNo()
      .optional()
      .describe('With caller app: it has to say whose session it is, in the header x-chaperone-caller (E.164).'),
  };
}

/** Keys that only an app's route has, and keys that it cannot have: there is no telephone call that they could be for. */
export const appKeys = ['path', 'apps', 'credential', 'pass_through', 'unknown_parameters', 'require_caller'] as const;
export const carrierKeys = ['notice', 'conversation_relay', 'bridge', 'session'] as const;

interface AppSideShape {
  readonly name: string;
  readonly path?: string | undefined;
  readonly apps?: readonly string[] | undefined;
  readonly credential?: string | undefined;
  readonly pass_through?: boolean | undefined;
  readonly unknown_parameters?: 'refuse' | 'drop' | undefined;
  readonly require_caller?: boolean | undefined;
}

export function appSideOf(route: AppSideShape): AppSide {
  return {
    path: pathOf(route),
    apps: route.apps ?? [],
    credential: credentialOf(route),
    unknownParameters: route.unknown_parameters ?? 'refuse',
    requiresCaller: route.require_caller ?? false,
  };
}

/** The first part of the path; empty for the root. */
export function pathOf({ name, path }: Pick<AppSideShape, 'name' | 'path'>): string {
  return path === '/' ? '' : (path ?? `/${name}`);
}

function credentialOf({ credential, pass_through: passed }: AppSideShape): VendorCredential {
  if (passed === true) return { kind: 'passed-through' };
  return credential === undefined ? { kind: 'none' } : { kind: 'held', secret: new Secret(credential) };
}

/** `inFiles` are the tokens that its files hold. */
export function appOf(
  { name, tokens, certificate_names: certificateNames, origins, addresses, sub_processor: subProcessor }: AppShape,
  inFiles: readonly string[],
): App {
  const secrets = [...tokens, ...inFiles].map((token) => new Secret(token));
  return { name, tokens: secrets, certificateNames, origins, addresses, subProcessor };
}
