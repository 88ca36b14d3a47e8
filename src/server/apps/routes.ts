import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { X509Certificate } from 'node:crypto';
import { TLSSocket } from 'node:tls';
import type { GateRefusal, HttpAnswer } from '../refusal.ts';
import { upgradeWith, type Reception } from '../upgrade.ts';
import type { AppRequest } from './gate.ts';

/** What the paths of the apps ask for. */
export interface AppHandlers {
  admitApp(request: AppRequest): Promise<Reception | GateRefusal>;
  /** The answer to a request that is no upgrade. */
  answerApp(method: string, request: AppRequest): HttpAnswer;
}

/** Every path that is not Twilio's may be one of a vendor, asked for by an app. */
export function addAppRoutes(server: FastifyInstance, handlers: AppHandlers): void {
  const { preValidation, take } = upgradeWith((request) => handlers.admitApp(appRequest(request)));
  const answer = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { status, type, body } = handlers.answerApp(request.method, appRequest(request));
    await reply.code(status).type(type).send(body);
  };
  server.route({
    method: 'GET',
    url: '/*',
    preValidation: async (request, reply) => {
      if (request.ws) await preValidation(request, reply);
    },
    handler: answer,
    wsHandler: take,
  });
  // Answered before a body is read: nothing in it could change the answer.
  server.route({ method: ['POST', 'PUT', 'PATCH', 'DELETE'], url: '/*', onRequest: answer, handler: answer });
}

function appRequest({ raw, headers, url }: FastifyRequest): AppRequest {
  return { url, headers, certificate: certificateOf(raw.socket), address: raw.socket.remoteAddress ?? '' };
}

/** Only a certificate that an authority of the configuration vouches for says who somebody is. */
function certificateOf(socket: object): X509Certificate | undefined {
  return socket instanceof TLSSocket && socket.authorized ? socket.getPeerX509Certificate() : undefined;
}

const subProtocols: ReadonlySet<string> = new Set(['realtime', 'convai', 'token', 'bearer']);

/** What an SDK wants to hear of the sub-protocols that it offers: a name that is known, and never a key beside it. */
export function chosenSubProtocol(offered: ReadonlySet<string>): string | false {
  for (const name of offered) if (subProtocols.has(name)) return name;
  return false;
}
