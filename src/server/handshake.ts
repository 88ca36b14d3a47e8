import type { FastifyReply, FastifyRequest } from 'fastify';

/** A key is 16 bytes in base64. */
const keyForm = /^[A-Za-z0-9+/]{22}==$/u;
/** A token of RFC 9110 section 5.6.2. */
const tokenForm = /^[\w!#$%&'*+.^`|~-]+$/u;

/**
 * What RFC 6455 section 4.2.1 demands of the opening of a WebSocket. The WebSocket layer would refuse the rest too, but
 * only after a token was used up and a vendor dialled.
 */
function isOpening({ ws, raw: { method, httpVersion, headers } }: FastifyRequest): boolean {
  return (
    ws &&
    method === 'GET' &&
    httpVersion === '1.1' &&
    headers.host !== undefined &&
    headers.upgrade?.toLowerCase() === 'websocket' &&
    keyForm.test(headers['sec-websocket-key'] ?? '') &&
    headers['sec-websocket-version'] !== undefined &&
    (headers['sec-websocket-protocol'] ?? 'none').split(',').every((name) => tokenForm.test(name.trim())) &&
    headers['transfer-encoding'] === undefined &&
    Number(headers['content-length'] ?? 0) === 0
  );
}

/** Answers what is no opening of a WebSocket, or one of another version. False: it has been answered. */
export async function acceptsOpening(request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  const opening = isOpening(request);
  if (opening && request.headers['sec-websocket-version'] === '13') return true;
  if (opening) reply.header('sec-websocket-version', '13');
  await reply
    .code(opening ? 426 : 400)
    .type('text/plain')
    .send('BAD_REQUEST\n');
  return false;
}
