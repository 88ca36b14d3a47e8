import { createServer as createPlainServer } from 'node:http';
import type { Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { once } from 'node:events';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import type { Certificates } from './certificates.ts';

/** The far end of every load: it accepts, and hands each connection to whoever placed the call. */
export class VendorPeer {
  readonly url: string;
  readonly #server: Server;
  readonly #sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false });
  readonly #arrived: WebSocket[] = [];

  private constructor(server: Server, scheme: string) {
    this.#server = server;
    const address = server.address();
    this.url = `${scheme}://localhost:${typeof address === 'object' ? address?.port : ''}`;
    server.on('upgrade', (request, socket, head) => {
      this.#sockets.handleUpgrade(request, socket, head, (vendor) => this.#arrived.push(vendor));
    });
  }

  static async listen(certificates: Certificates | undefined): Promise<VendorPeer> {
    const server = certificates
      ? createTlsServer({ key: certificates.key, cert: certificates.certificate })
      : createPlainServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new VendorPeer(server, certificates ? 'wss' : 'ws');
  }

  /** The one connection that came since the last call: calls are placed one after the other, so it is that call's. */
  take(): WebSocket {
    const [vendor, ...others] = this.#arrived.splice(0);
    if (!vendor || others.length > 0)
      throw new Error(`Expected one vendor connection, found ${others.length + (vendor ? 1 : 0)}`);
    return vendor;
  }

  close(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
    this.#server.closeAllConnections();
    this.#server.close();
  }
}
