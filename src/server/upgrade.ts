import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { reasons, type ReasonCode } from '../policy/reason.ts';
import { acceptsOpening } from './handshake.ts';
import { isRefusal, type GateRefusal } from './refusal.ts';
import type { Leg } from './socket.ts';

/** Whoever waits for a socket that is about to be accepted. */
export interface Reception {
  /** Attaches the accepted socket. Synchronous: no message may be missed. */
  attach(leg: Leg): void;
  /** The caller's socket was gone before it could be accepted. */
  abandon(): void;
}

/** The two halves of an upgrade: the hook in which every refusal is still an HTTP answer, and what takes the socket. */
export function upgradeWith<Request extends FastifyRequest>(
  receive: (request: Request) => Promise<Reception | GateRefusal>,
) {
  const receptionOf = new WeakMap<IncomingMessage, { readonly reception: Reception; readonly leave: () => void }>();
  return {
    preValidation: async (request: Request, reply: FastifyReply): Promise<void> => {
      if (!(await acceptsOpening(request, reply))) return;
      const outcome = await receive(request);
      if (isRefusal(outcome)) return refuse(reply, outcome.reason);
      const { socket } = request.raw;
      const leave = (): void => outcome.abandon();
      if (socket.destroyed) return leave();
      // The upgrade of a socket that closes from here on ends without a word.
      socket.once('close', leave);
      receptionOf.set(request.raw, { reception: outcome, leave });
    },
    take: (socket: Leg['socket'], request: Request): void => {
      const entry = receptionOf.get(request.raw);
      if (entry === undefined) return socket.terminate();
      request.raw.socket.removeListener('close', entry.leave);
      entry.reception.attach({ socket, transport: request.raw.socket });
    },
  };
}

export async function refuse(reply: FastifyReply, reason: ReasonCode): Promise<void> {
  await reply.code(reasons[reason].http).type('text/plain').send(`${reason}\n`);
}
