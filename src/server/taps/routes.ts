import fastifyWebsocket from '@fastify/websocket';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { reasons, type ReasonCode } from '../../policy/reason.ts';
import { admitOperator, type DoorServices } from '../operators.ts';
import { socketOptions } from '../socket.ts';
import type { TapHub } from './hub.ts';
import { bounds } from './limits.ts';
import type { LiveReader, Wish } from './reader.ts';
import { openEventStream } from './sse.ts';
import { openSocket } from './websocket.ts';

export interface TapDoors extends DoorServices {
  readonly hub: TapHub;
}

interface Asked extends Pick<Wish, 'tap' | 'call'> {
  /** What closes when the reader is gone. */
  readonly connection: Duplex | ServerResponse;
}

interface StreamRoute {
  readonly Params: { readonly call?: string };
  readonly Querystring: { readonly events?: string; readonly after?: string; readonly call?: string };
}

/**
 * The live transcript on the admin listener: `GET /taps/calls` and `GET /taps/calls/:call` as server-sent events,
 * `/taps/ws` as WebSocket. Every refusal is an HTTP answer; a reading is on record before its first line.
 */
export async function addTapRoutes(server: FastifyInstance, doors: TapDoors): Promise<void> {
  await server.register(fastifyWebsocket, {
    options: socketOptions(bounds.readerMessageBytes),
    errorHandler: () => undefined,
    preClose: (done) => done(),
  });
  const stream = async (request: FastifyRequest<StreamRoute>, reply: FastifyReply): Promise<void> => {
    const reader = await admit(doors, request, { tap: 'sse', call: request.params.call, connection: reply.raw });
    if (typeof reader === 'string') return refuse(reply, reader);
    reply.hijack();
    doors.hub.attach(reader, openEventStream(reply.raw, plainHeaders(reply)));
  };
  const options = { exposeHeadRoute: false, preValidation: refuseUnsound };
  server.get<StreamRoute>('/taps/calls', options, stream);
  server.get<StreamRoute>('/taps/calls/:call', options, stream);
  addSocketRoute(server, doors);
}

/** A parameter that is given twice is a list, and no text. */
async function refuseUnsound({ query }: FastifyRequest<StreamRoute>, reply: FastifyReply): Promise<void> {
  const { events = 'all', after = '', call = '' }: Readonly<Record<string, unknown>> = query;
  if ((events === 'all' || events === 'final') && isReference(after) && isReference(call)) return;
  const wanted = 'events is all or final; after and call have at most 64 characters\n';
  await reply.code(400).type('text/plain').send(wanted);
}

function isReference(value: unknown): boolean {
  return typeof value === 'string' && value.length <= 64;
}

function addSocketRoute(server: FastifyInstance, doors: TapDoors): void {
  const readerOf = new WeakMap<IncomingMessage, LiveReader>();
  const preHandler = async (request: FastifyRequest<StreamRoute>, reply: FastifyReply): Promise<void> => {
    if (!request.ws) return;
    const asked = { tap: 'websocket', call: request.query.call, connection: request.raw.socket } as const;
    const reader = await admit(doors, request, asked);
    if (typeof reader === 'string') await refuse(reply, reader);
    else readerOf.set(request.raw, reader);
  };
  const options = { websocket: true, preValidation: refuseUnsound, preHandler } as const;
  server.get<StreamRoute>('/taps/ws', options, (socket, request) => {
    const reader = readerOf.get(request.raw);
    if (reader === undefined) socket.terminate();
    else doors.hub.attach(reader, openSocket(socket));
  });
}

async function admit(
  doors: TapDoors,
  request: FastifyRequest<StreamRoute>,
  { tap, call, connection }: Asked,
): Promise<LiveReader | ReasonCode> {
  const { socket, headers } = request.raw;
  const { authorization } = headers;
  const asking = { authorization, address: socket.remoteAddress ?? '', encrypted: 'encrypted' in socket };
  const operator = admitOperator(doors, asking, 'taps');
  if (typeof operator === 'string') return operator;
  const { events, after } = request.query;
  const lastEventId = headers['last-event-id'];
  const reader = await doors.hub.admit({
    operator,
    tap,
    call,
    events: events === 'final' ? 'final' : 'all',
    after: typeof lastEventId === 'string' && lastEventId !== '' ? lastEventId : after,
  });
  if (typeof reader !== 'string') {
    if (socket.destroyed) reader.end();
    else connection.once('close', () => reader.end());
  }
  return reader;
}

async function refuse(reply: FastifyReply, reason: ReasonCode): Promise<void> {
  if (reason === 'OPERATOR_UNKNOWN') reply.header('www-authenticate', 'Bearer');
  await reply.code(reasons[reason].http).type('text/plain').send(`${reason}\n`);
}

/** What other parts of the server have put on the answer. */
function plainHeaders(reply: FastifyReply): Record<string, string> {
  return Object.fromEntries(Object.entries(reply.getHeaders()).map(([name, value]) => [name, String(value)]));
}
