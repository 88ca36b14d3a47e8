// @ts-check
/**
 * The baseline: the least that `ws` can do between two WebSockets. One server, one client, no deflate, nothing parsed,
 * nothing counted. ws itself sets TCP_NODELAY on both sides and validates UTF-8, as it does by default. Plain
 * JavaScript, so that no loader of the development tools runs beside it.
 *
 *   node bare-process.mjs VENDOR_URL [KEY CERTIFICATE AUTHORITY]      prints its port when it listens
 */
import { readFileSync } from 'node:fs';
import { createServer as createPlainServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { WebSocket, WebSocketServer } from 'ws';

const [vendorUrl = '', keyFile, certificateFile, authorityFile] = process.argv.slice(2);

const server =
  keyFile && certificateFile
    ? createTlsServer({ key: readFileSync(keyFile), cert: readFileSync(certificateFile) })
    : createPlainServer();
const trust = authorityFile ? { ca: readFileSync(authorityFile) } : {};
const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });

/** @type {(from: WebSocket, to: WebSocket) => void} */
function relay(from, to) {
  from.on('message', (data, binary) => to.send(data, { binary }));
  from.on('close', () => to.close());
  from.on('error', () => to.terminate());
}

server.on('upgrade', (request, socket, head) => {
  const vendor = new WebSocket(vendorUrl + (request.url ?? ''), { perMessageDeflate: false, ...trust });
  vendor.on('error', () => socket.destroy());
  vendor.on('open', () => {
    sockets.handleUpgrade(request, socket, head, (caller) => {
      relay(caller, vendor);
      relay(vendor, caller);
    });
  });
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(`${typeof address === 'object' ? address?.port : ''}\n`);
});
