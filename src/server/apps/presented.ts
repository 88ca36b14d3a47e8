import type { IncomingHttpHeaders } from 'node:http';
import type { ProtocolCodec } from '../../stream/protocol.ts';

/** A key as an SDK presents it, with the place where it stood. */
export interface PresentedKey {
  readonly value: string;
  readonly place:
    | { readonly kind: 'header'; readonly name: string; readonly scheme: string | undefined }
    | { readonly kind: 'parameter'; readonly name: string }
    | { readonly kind: 'sub-protocol' };
}

/** For apps whose SDK has to bring the vendor's own key. */
const ownHeader = 'x-chaperone-token';

const keyHeaders = ['authorization', 'xi-api-key', 'api-key', 'x-api-key', 'x-goog-api-key'] as const;

/** Sub-protocols that end in a key: those of OpenAI and ElevenLabs. */
const keyPrefixes = ['openai-insecure-api-key.', 'bearer.'] as const;
/** Sub-protocols that are followed by a key: Deepgram's. */
const keyWords: ReadonlySet<string> = new Set(['token', 'bearer']);

/** The token for chaperone itself, where it is apart from the vendor's key. */
export function ownToken(headers: IncomingHttpHeaders): string | undefined {
  const value = headers[ownHeader];
  return typeof value === 'string' ? value : undefined;
}

/** Every key that stands where an SDK puts one: in a header, a parameter of the URL, the list of sub-protocols. */
export function presentedKeys(
  codec: ProtocolCodec,
  headers: IncomingHttpHeaders,
  parameters: URLSearchParams,
): readonly PresentedKey[] {
  return [...inHeaders(headers), ...inParameters(codec, parameters), ...inSubProtocols(headers)];
}

function inHeaders(headers: IncomingHttpHeaders): PresentedKey[] {
  return keyHeaders.flatMap((name): PresentedKey[] => {
    const header = headers[name];
    if (typeof header !== 'string' || header === '') return [];
    const [, scheme, value = ''] = /^(?:(Bearer|Token) +)?(\S+)$/iu.exec(header.trim()) ?? [];
    return value === '' ? [] : [{ value, place: { kind: 'header', name, scheme } }];
  });
}

function inParameters({ query }: ProtocolCodec, parameters: URLSearchParams): PresentedKey[] {
  return [...parameters]
    .filter(([name]) => Object.hasOwn(query, name) && query[name] === 'secret')
    .map(([name, value]) => ({ value, place: { kind: 'parameter', name } }));
}

function inSubProtocols(headers: IncomingHttpHeaders): PresentedKey[] {
  const offered = offeredIn(headers);
  return offered.flatMap((entry, index): PresentedKey[] => {
    const prefix = keyPrefixes.find((begin) => entry.startsWith(begin));
    const value = prefix === undefined ? undefined : entry.slice(prefix.length);
    const key = value ?? (keyWords.has(offered[index - 1] ?? '') ? entry : undefined);
    return key === undefined ? [] : [{ value: key, place: { kind: 'sub-protocol' } }];
  });
}

function offeredIn(headers: IncomingHttpHeaders): string[] {
  const offered = headers['sec-websocket-protocol'];
  return offered === undefined ? [] : offered.split(',').map((entry) => entry.trim());
}
