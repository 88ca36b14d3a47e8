import { createServer } from 'node:http';
import { createHmac } from 'node:crypto';
import { listenOn } from '../../src/server/port.ts';

/** What the system of a practice was asked. */
export interface Asked {
  readonly id: string;
  readonly signed: boolean;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A status and a body, or a body alone; undefined: it says nothing at all. */
export type Reply = { readonly status: number; readonly body: string } | string | undefined;

export interface System {
  readonly url: string;
  readonly asked: readonly Asked[];
  close(): Promise<void>;
}

/** The system of a practice on this machine, which answers calls of tools and checks who signed them. */
export async function startSystem(secret: string, reply: (asked: Asked, times: number) => Reply): Promise<System> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const text = Buffer.concat(pieces).toString();
      const signature = String(request.headers['chaperone-signature']);
      const seconds = /^t=(\d+),/u.exec(signature)?.[1] ?? '';
      const code = createHmac('sha256', secret).update(`${seconds}.${text}`).digest('hex');
      const one = {
        id: String(request.headers['chaperone-request']),
        signed: signature === `t=${seconds},v1=${code}`,
        body: JSON.parse(text) as Record<string, unknown>,
      };
      asked.push(one);
      const answer = reply(one, asked.length);
      if (typeof answer === 'string') response.end(answer);
      else if (answer !== undefined) response.writeHead(answer.status).end(answer.body);
    });
  });
  const port = await listenOn(server, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${port}/tools`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
