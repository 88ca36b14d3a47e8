import { once } from 'node:events';
import type { Server } from 'node:net';

export interface ListeningPlace {
  readonly host: string;
  /** 0: the system gives one. */
  readonly port: number;
}

/** Resolves with the port; rejects where the server cannot listen. */
export async function listenOn(server: Server, { host, port }: ListeningPlace): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return portOf(server);
}

/** The port that a listening server has. Throws where it listens on none. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port');
  return address.port;
}
