import type { ServerResponse } from 'node:http';

/**
 * Fastify says back what it was asked for where it finds no route or cannot read a URL. A path can hold anything, a call
 * token or words of a caller too: a listener here answers with a code alone.
 */
export function frameworkErrors(_fault: unknown, _request: unknown, { raw }: { readonly raw: ServerResponse }): void {
  raw.writeHead(400, { 'content-type': 'text/plain', connection: 'close' }).end('BAD_REQUEST\n');
}
