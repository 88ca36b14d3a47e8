import { protocols } from '../../stream/protocols/index.ts';
import type { Route } from '../config.ts';
import type { AppSide } from './app.ts';

/** A route whose caller is an app. */
export type AppRoute = Route & { readonly app: AppSide };

/** A route with the path that the SDK asked for behind it. */
export interface Entered {
  readonly route: AppRoute;
  /** `/v1/listen` */
  readonly path: string;
  /** The token, where the protocol has it in the path, and the vendor's id of the call behind it. */
  readonly inPath?: { readonly token: string; readonly call: string };
}

/** What a request asks for; the target of a request need not be a URL. */
export function askedFor(target: string): { readonly path: string; readonly parameters: URLSearchParams } {
  const mark = target.indexOf('?');
  const end = mark < 0 ? target.length : mark;
  return { path: target.slice(0, end), parameters: new URLSearchParams(target.slice(end)) };
}

export function isAppRoute(route: Route): route is AppRoute {
  return route.app !== undefined;
}

/**
 * The route that a path leads to: its own part, then a path of the vendor. Routes may share their part where their vendors'
 * paths differ, so that one client of an SDK with several protocols needs one base URL.
 */
export function entranceOf(routes: readonly Route[], path: string): Entered | undefined {
  const plain = plainPath(path);
  for (const { route, rest } of mountedAt(routes, plain)) {
    const paths = protocols[route.protocol].entrance?.paths ?? [];
    for (const template of paths) {
      const match = patternOf(template).exec(rest);
      if (match === null) continue;
      const { token, call = '' } = match.groups ?? {};
      return token === undefined ? { route, path: rest } : { route, path: rest, inPath: { token, call } };
    }
  }
  return undefined;
}

/** The routes whose own part begins a path, with what follows it. */
export function mountedAt(routes: readonly Route[], path: string): readonly { route: AppRoute; rest: string }[] {
  const plain = plainPath(path);
  return routes
    .filter(isAppRoute)
    .filter(({ app }) => plain.startsWith(`${app.path}/`))
    .map((route) => ({ route, rest: plain.slice(route.app.path.length) }));
}

/** SDKs join a base URL that ends in a slash with a path that begins with one. */
function plainPath(path: string): string {
  return path.replaceAll(/\/{2,}/gu, '/');
}

const patterns = new Map<string, RegExp>();

/** Does whoever opens this route bring its token in the path? */
export function bringsTokenInPath({ protocol }: Pick<Route, 'protocol'>): boolean {
  return (protocols[protocol].entrance?.paths ?? []).some((template) => template.includes('{token}'));
}

/** `{voice}` stands for an id: nothing that leads elsewhere, and too short for a tale. A token has the form of a token. */
function patternOf(template: string): RegExp {
  const known = patterns.get(template);
  if (known !== undefined) return known;
  const literal = template.replaceAll(/[.*+?^$()[\]\\|]/gu, String.raw`\$&`);
  const named = literal.replaceAll(/\{([a-z]+)\}/gu, (_hole, name: string) => {
    return `(?<${name}>${name === 'token' ? '[A-Za-z0-9._~-]{1,256}' : '[A-Za-z0-9_-]{1,64}'})`;
  });
  const pattern = new RegExp(`^${named}$`, 'u');
  patterns.set(template, pattern);
  return pattern;
}
