import { pathText, type Path, type Source } from './source.ts';

/** Headers that carry a credential, by their names. */
const credentialHeader = /authorization|key|token|secret|password|cookie/iu;

/** Where headers stand in a route. */
const headerPlaces = [
  ['headers'],
  ['session', 'think', 'endpoint', 'headers'],
  ['session', 'speak', 'endpoint', 'headers'],
] as const;

/** Where a secret stands in the file itself instead of in the environment: readable for whoever reads the file. */
export function literalSecrets(source: Source): string[] {
  const headers = indices(source, ['routes']).flatMap((index) =>
    headerPlaces.flatMap((place) => {
      const path = ['routes', index, ...place];
      const names = Object.keys(Object(source.valueAt(path)));
      return names.filter((name) => credentialHeader.test(name)).map((name): Path => [...path, name]);
    }),
  );
  const tokens = indices(source, ['twilio', 'auth_tokens']).map((index): Path => ['twilio', 'auth_tokens', index]);
  const own: Path[] = [
    ['audit', 'key', 'token'],
    ['audit', 'store'],
    ...indices(source, ['routes']).map((index): Path => ['routes', index, 'session', 'webhook', 'secret']),
    ...indices(source, ['routes']).map((index): Path => ['routes', index, 'credential']),
    ...indices(source, ['apps']).flatMap((app) =>
      indices(source, ['apps', app, 'tokens']).map((index): Path => ['apps', app, 'tokens', index]),
    ),
    ...indices(source, ['taps']).map((index): Path => ['taps', index, 'secret']),
    ...indices(source, ['operators']).map((index): Path => ['operators', index, 'token']),
  ];
  return [...tokens, ...headers, ...own]
    .filter((path) => isLiteral(source.valueAt(path)))
    .map((path) => pathText(path));
}

function indices(source: Source, path: Path): number[] {
  const list = source.valueAt(path);
  return Array.isArray(list) ? [...list.keys()] : [];
}

function isLiteral(value: unknown): boolean {
  return typeof value === 'string' && !value.includes('${');
}
