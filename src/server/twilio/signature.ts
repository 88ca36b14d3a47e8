import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Twilio's request signature: base64 of HMAC-SHA1 under the account's auth token, over the URL followed by the form
 * parameters sorted by name, each name directly followed by its value.
 * Source: https://www.twilio.com/docs/usage/security#validating-requests
 */
export function signTwilioRequest(
  authToken: string,
  url: string,
  form: ReadonlyMap<string, readonly string[]>,
): string {
  let signed = url;
  for (const name of [...form.keys()].sort()) {
    for (const value of [...new Set(form.get(name))].sort()) signed += name + value;
  }
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}

/**
 * True when the signature was made with one of the auth tokens over one of the spellings of the URL. Two tokens may be
 * valid while an account rotates them. Compared in constant time.
 */
export function isSignedByTwilio(
  signature: string,
  authTokens: readonly string[],
  urls: readonly string[],
  form: ReadonlyMap<string, readonly string[]>,
): boolean {
  const given = Buffer.from(signature, 'utf8');
  let signed = false;
  for (const authToken of authTokens) {
    for (const url of urls) {
      const wanted = Buffer.from(signTwilioRequest(authToken, url, form), 'utf8');
      if (given.length === wanted.length && timingSafeEqual(given, wanted)) signed = true;
    }
  }
  return signed;
}

/**
 * The spellings under which Twilio may have signed one public URL: as configured, with or without one trailing slash,
 * and with an explicit port 443. The host comes from the configuration, never from a request header.
 */
export function spellingsOf(publicUrl: string, path: string, scheme: 'https' | 'wss'): string[] {
  const { host, port } = new URL(publicUrl);
  const hosts = port === '' ? [host, `${host}:443`] : [host];
  const otherSlash = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  return hosts.flatMap((spelling) => [path, otherSlash].map((tail) => `${scheme}://${spelling}${tail}`));
}

/** A form body as Twilio posts it; a name may stand more than once. */
export function parseForm(body: string): Map<string, string[]> {
  const form = new Map<string, string[]>();
  for (const [name, value] of new URLSearchParams(body)) {
    const values = form.get(name);
    if (values === undefined) form.set(name, [value]);
    else values.push(value);
  }
  return form;
}
