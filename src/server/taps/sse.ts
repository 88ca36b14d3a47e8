import type { ServerResponse } from 'node:http';
import type { ReasonCode } from '../../policy/reason.ts';
import type { TapLine } from './line.ts';
import type { Outlet } from './reader.ts';

/** How long a browser waits before it comes back, ms. */
const retryMs = 2_000;

/**
 * Server-sent events (WHATWG HTML, section 9.2): a line is `id:` and `data:`, so that a reader that comes back says in
 * `Last-Event-ID` what it got last. Comments keep the stream alive.
 */
export function openEventStream(response: ServerResponse, headers: Readonly<Record<string, string>>): Outlet {
  response.on('error', () => undefined); // `close` follows.
  response.writeHead(200, {
    ...headers,
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no', // nginx would hold lines back.
  });
  response.write(`retry: ${retryMs}\n\n`);
  return {
    get unread() {
      return response.writableLength;
    },
    write: ({ id, json }: TapLine) => void response.write(`id: ${id}\ndata: ${json}\n\n`),
    tell: (what) => void response.write(`event: ${what}\ndata: {}\n\n`),
    beat: () => response.destroyed || response.write(':\n\n') || true,
    close: (reason) => closeStream(response, reason),
  };
}

/** A reader that is cut off may be one that does not read: it would not read the end either. */
function closeStream(response: ServerResponse, reason: ReasonCode | undefined): void {
  if (reason === undefined) response.end();
  else if (reason === 'PEER_TOO_SLOW') response.destroy();
  else response.end(`event: closed\ndata: {"reason":"${reason}"}\n\n`);
}
