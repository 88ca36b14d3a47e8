import helmet from '@fastify/helmet';
import { fastify, type FastifyInstance } from 'fastify';
import { noSchemas } from './no-schemas.ts';
import { patience } from './limits.ts';
import { frameworkErrors } from './reticence.ts';

/** What the admin listener shows. It is bound to loopback unless the configuration says otherwise. */
export interface AdminSources {
  readonly scrape: () => Promise<string>;
  readonly contentType: () => string;
  /** Undefined: ready. Otherwise what is in the way, in one sentence without a value from a call. */
  readonly hindrance: () => string | undefined;
  /** What should be known although it is ready. */
  readonly remark: () => string | undefined;
}

/** Metrics and health, on a listener of its own: nothing here answers on the port that strangers can reach. */
export async function createAdminServer(sources: AdminSources): Promise<FastifyInstance> {
  const server = fastify({
    logger: false,
    forceCloseConnections: true,
    frameworkErrors,
    requestTimeout: patience.requestTimeout,
    http: patience,
    schemaController: noSchemas,
  });
  server.setNotFoundHandler(async (_request, reply) => reply.code(404).type('text/plain').send('NOT_FOUND\n'));
  await server.register(helmet);
  server.get('/metrics', async (_request, reply) => {
    const text = await sources.scrape();
    return reply.type(sources.contentType()).send(text);
  });
  // Alive means that the process answers; a restart would not mend anything that /readyz reports.
  server.get('/healthz', async (_request, reply) => reply.type('text/plain').send('ok\n'));
  server.get('/readyz', async (_request, reply) => {
    const hindrance = sources.hindrance();
    const remark = sources.remark();
    const ready = remark === undefined ? 'ready' : `ready, but ${remark}`;
    return reply
      .code(hindrance === undefined ? 200 : 503)
      .type('text/plain')
      .send(`${hindrance ?? ready}\n`);
  });
  return server;
}
