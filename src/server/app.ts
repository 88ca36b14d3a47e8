import fastifyWebsocket from '@fastify/websocket';
import { fastify, type FastifyInstance, type FastifyRequest } from 'fastify';
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { Server as TlsServer, type SecureContextOptions } from 'node:tls';
import { isIn, rangesOf } from './address.ts';
import { addAppRoutes, chosenSubProtocol, type AppHandlers } from './apps/routes.ts';
import type { GateRefusal, HttpAnswer } from './refusal.ts';
import type { Config } from './config.ts';
import { boundPending } from './doors.ts';
import { canBeTold } from './farewells.ts';
import { doorBounds, patience } from './limits.ts';
import { noSchemas } from './no-schemas.ts';
import { faultFacts, type Log } from './logger.ts';
import { frameworkErrors } from './reticence.ts';
import { appMessageBytes, socketOptions } from './socket.ts';
import { refuse, upgradeWith, type Reception } from './upgrade.ts';

/** What the calls listener asks for; the decisions are made elsewhere. */
export interface CallsHandlers extends AppHandlers {
  /** The TwiML for an incoming call. */
  voice(routeName: string, request: CarrierRequest): Promise<HttpAnswer> | HttpAnswer;
  /** May this upgrade be accepted? The answer comes when all is recorded and the vendor is connected. */
  admit(routeName: string, token: string, request: CarrierRequest): Promise<Reception | GateRefusal>;
}

export interface CarrierRequest {
  readonly path: string;
  readonly signature: string | undefined;
  readonly origin: string | undefined;
  readonly body: string;
}

/** The listener that Twilio reaches: TwiML over HTTP and the streams. TLS of its own, or behind a named proxy. */
export async function createCallsServer(config: Config, handlers: CallsHandlers, log: Log): Promise<FastifyInstance> {
  const server = newServer(config);
  const arrivedSafely = arrivalJudge(config.calls);
  server.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string', bodyLimit: doorBounds.formBytes },
    (_request, body, done) => {
      done(null, body);
    },
  );
  server.addHook('onRequest', async (request, reply) => {
    if (!arrivedSafely(request)) await refuse(reply, 'PLAINTEXT_REFUSED');
  });
  server.setNotFoundHandler(async (_request, reply) => refuse(reply, 'ROUTE_UNKNOWN'));
  server.setErrorHandler(async (fault, _request, reply) => {
    const status = httpStatusOf(fault);
    if (status >= 500) log.error('A request failed', { fault: faultFacts(fault) });
    await reply
      .code(status)
      .type('text/plain')
      .send(status >= 500 ? 'INTERNAL\n' : 'BAD_REQUEST\n');
  });
  await server.register(fastifyWebsocket, {
    // The stream of a carrier has no sub-protocol; the SDK of a vendor may.
    options: { ...socketOptions(appMessageBytes), handleProtocols: chosenSubProtocol },
    errorHandler: () => undefined, // Each accepted socket has its own; it ends the call with a reason.
    preClose: (done) => done(),
  });
  server.post<{ Params: { route: string } }>('/twilio/voice/:route', async (request, reply) => {
    const answer = await handlers.voice(request.params.route, carrierRequest(request));
    return reply.code(answer.status).type(answer.type).send(answer.body);
  });
  addStreamRoute(server, handlers);
  addAppRoutes(server, handlers);
  return server;
}

function newServer(config: Config): FastifyInstance {
  return fastify({
    schemaController: noSchemas,
    logger: false,
    bodyLimit: doorBounds.formBytes,
    routerOptions: { maxParamLength: 512 },
    forceCloseConnections: true,
    frameworkErrors,
    serverFactory: (listener) => createListener(config, listener),
  });
}

function createListener(config: Config, listener: RequestListener): Server {
  const { transport } = config.calls;
  const proxies = rangesOf(transport.kind === 'proxy' ? transport.addresses : []);
  const server = transport.kind === 'proxy' ? createHttpServer(patience, listener) : tlsListener(transport, listener);
  boundPending(server, (address) => isIn(proxies, address), filesOf(config));
  return server;
}

/** File descriptors of as many calls as there may be, and of as many that are told where they go. */
function filesOf({ limits, routes }: Config): number {
  const told = routes.some(canBeTold);
  return limits.calls * (doorBounds.filesPerCall + (told ? 1 : 0));
}

function tlsListener(transport: OwnTls, listener: RequestListener): Server {
  // Who brings no certificate is no app by certificate; Twilio and apps with tokens bring none.
  const asks = transport.clientAuthority === undefined ? {} : { requestCert: true, rejectUnauthorized: false };
  const handshakeTimeout = doorBounds.handshakeMs;
  return createHttpsServer({ ...patience, ...asks, ...tlsOf(transport), handshakeTimeout }, listener);
}

type OwnTls = Extract<Config['calls']['transport'], { kind: 'tls' }>;

function tlsOf(transport: OwnTls): SecureContextOptions {
  const { certificate, key, clientAuthority } = transport;
  const context: SecureContextOptions = { cert: certificate, key: key.reveal(), minVersion: 'TLSv1.2' };
  return clientAuthority === undefined ? context : { ...context, ca: clientAuthority };
}

/** A renewed certificate counts for the next connection; those that stand keep theirs. */
export function renewCertificate({ server }: FastifyInstance, { calls: { transport } }: Config): void {
  if (transport.kind === 'tls' && server instanceof TlsServer) server.setSecureContext(tlsOf(transport));
}

interface StreamRoute {
  readonly Params: { readonly route: string; readonly token: string };
}

function addStreamRoute(server: FastifyInstance, handlers: CallsHandlers): void {
  const { preValidation, take } = upgradeWith((request: FastifyRequest<StreamRoute>) =>
    handlers.admit(request.params.route, request.params.token, carrierRequest(request)),
  );
  server.get<StreamRoute>('/calls/:route/:token', { websocket: true, preValidation }, take);
}

/**
 * Whether a request came over TLS. Own TLS is TLS; a plain request is only taken from the proxy that is named, and only
 * when it says that TLS ended there.
 */
function arrivalJudge({ transport }: Config['calls']): (request: FastifyRequest) => boolean {
  if (transport.kind === 'tls') return () => true;
  const proxies = rangesOf(transport.addresses);
  return ({ raw, headers }) =>
    isIn(proxies, raw.socket.remoteAddress ?? '') && headers['x-forwarded-proto'] === 'https';
}

function carrierRequest(request: Pick<FastifyRequest, 'url' | 'headers' | 'body'>): CarrierRequest {
  const signature = request.headers['x-twilio-signature'];
  return {
    path: request.url,
    signature: typeof signature === 'string' ? signature : undefined,
    origin: request.headers.origin,
    body: typeof request.body === 'string' ? request.body : '',
  };
}

function httpStatusOf(fault: unknown): number {
  const status = fault instanceof Error && 'statusCode' in fault ? fault.statusCode : undefined;
  return typeof status === 'number' ? status : 500;
}
