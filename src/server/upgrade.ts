import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import { reasons, type ReasonCode } from '../policy/reason.ts';
import { acceptsOpening } from './handshake.ts';
import type { AdmittedCall } from './opener.ts';
import { isRefusal, type GateRefusal } from './refusal.ts';
import type { Leg } from './socket.ts';

/** What becomes of an admitted call. */
export interface Reception {
  /** Attaches the accepted socket. Synchronous: no message may be missed. */
  attach(admitted: AdmittedCall, leg: Leg): void;
  /** The caller's socket was gone before it could be accepted. */
  abandon(admitted: AdmittedCall): void;
}

/** The two halves of an upgrade: the hook in which every refusal is still an HTTP answer, and what takes the socket. */
export function upgradeWith<Request extends FastifyRequest>(
  reception: Reception,
  admit: (request: Request) => Promise<AdmittedCall | GateRefusal>,
) {
  const admittedOf = new WeakMap<IncomingMessage, { readonly admitted: AdmittedCall; readonly leave: () => void }>();
  return {
    preValidation: async (request: Request, reply: FastifyReply): Promise<void> => {
      if (!(await acceptsOpening(request, reply))) return;
      const outcome = await admit(request);
      if (isRefusal(outcome)) return refuse(reply, outcome.reason);
      const { socket } = request.raw;
      const leave = (): void => reception.abandon(outcome);
      if (socket.destroyed) return leave();
      // The upgrade of a socket that closes from here on ends without a word.
      socket.once('close', leave);
      admittedOf.set(request.raw, { admitted: outcome, leave });
    },
    take: (socket: Leg['socket'], request: Request): void => {
      const entry = admittedOf.get(request.raw);
      if (entry === undefined) return socket.terminate();
      request.raw.socket.removeListener('close', entry.leave);
      reception.attach(entry.admitted, { socket, transport: request.raw.socket });
    },
  };
}

export async function refuse(reply: FastifyReply, reason: ReasonCode): Promise<void> {
  await reply.code(reasons[reason].http).type('text/plain').send(`${reason}\n`);
}
