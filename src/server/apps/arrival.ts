import type { IncomingHttpHeaders } from 'node:http';
import { isIn, rangesOf } from '../address.ts';
import type { CallsListener } from '../config.ts';

/**
 * The address that a request comes from: that of its socket, or, where a named proxy ends TLS, the last one in X-Forwarded-For
 * that is no proxy of ours. What stands before it anybody may have written. Empty where nothing says it.
 */
export function addressOf(
  transport: CallsListener['transport'],
  { address, headers }: { readonly address: string; readonly headers: IncomingHttpHeaders },
): string {
  if (transport.kind === 'tls') return address;
  const forwarded = headers['x-forwarded-for'];
  const hops = typeof forwarded === 'string' ? forwarded.split(',').map((hop) => hop.trim()) : [];
  const proxies = rangesOf(transport.addresses);
  return hops.findLast((hop) => !isIn(proxies, hop)) ?? '';
}
