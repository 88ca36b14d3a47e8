/** Who takes the call when the AI does not: spoken words, then a number to dial. */
export interface HumanFallback {
  readonly say?: string | undefined;
  readonly dial?: string | undefined;
}

/** Attributes of `<ConversationRelay>` that the route sets; names as Twilio writes them. */
export type RelayAttributes = Readonly<Record<string, string | undefined>>;

export interface Connection {
  readonly kind: 'Stream' | 'ConversationRelay';
  /** wss URL with the call token as its last path segment; Twilio drops a query string. */
  readonly url: string;
  readonly attributes?: RelayAttributes;
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** What is no character of XML 1.0 (section 2.2): most control characters, surrogates, U+FFFE and U+FFFF. */
const forbidden = /[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu;

/** Text for XML 1.0. Characters that XML forbids are dropped: an invalid document would hang up on the caller. */
function escapeXml(text: string): string {
  return text.replace(forbidden, '').replace(/[&<>"']/gu, (character) => entities[character] ?? '');
}

function element(name: string, attributes: RelayAttributes, content: string): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escapeXml(value ?? '')}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

function human(fallback: HumanFallback): string {
  const said = fallback.say === undefined ? '' : element('Say', {}, escapeXml(fallback.say));
  if (fallback.dial !== undefined) return said + element('Dial', {}, escapeXml(fallback.dial));
  return said;
}

function response(verbs: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?><Response>${verbs}</Response>`;
}

/**
 * The answer to an incoming call: the notice, the stream, and after it the human. `<Connect>` carries no `action`, so
 * that the verb after it runs however the stream ends, even when this process is no more.
 * Source: https://www.twilio.com/docs/voice/twiml/connect
 */
export function connectTwiml(notice: string | undefined, connection: Connection, fallback: HumanFallback): string {
  const spoken = notice === undefined ? '' : element('Say', {}, escapeXml(notice));
  const stream = element(connection.kind, { url: connection.url, ...connection.attributes }, '');
  return response(spoken + element('Connect', {}, stream) + human(fallback));
}

/** The answer when no AI may take this call. */
export function humanTwiml(fallback: HumanFallback): string {
  return response(human(fallback));
}

/** The end of a call that is over, after what must be said there. */
export function hangUpTwiml(notice: string | undefined): string {
  return response(human({ say: notice }) + element('Hangup', {}, ''));
}
