import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RestError } from './rest-error.ts';

/** What paths can be asked for. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** In Kafka Connect's order. */
const ALLOW_ORDER = ['HEAD', 'POST', 'GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** What Kafka Connect describes its paths in to who asks; it has nothing to say. */
const WADL = 'application/vnd.sun.wadl+xml';

/** Answers OPTIONS of a path, and 405 to every method that it does not have. */
export function closePath(app: FastifyInstance, url: string, methods: readonly Method[]): void {
  const known: readonly string[] = [...methods, 'OPTIONS', ...(methods.includes('GET') ? ['HEAD'] : [])];
  const allowed = ALLOW_ORDER.filter((method) => known.includes(method));
  const onRequest = async ({ method, headers }: FastifyRequest, reply: FastifyReply) => {
    reply.header('allow', allowed.join(','));
    if (method !== 'OPTIONS') throw new RestError(405);
    const isWadl = headers.accept === WADL;
    return reply.header('content-type', isWadl ? WADL : 'text/plain').send(isWadl ? '' : allowed.join(', '));
  };
  const method = app.supportedMethods.filter((name) => name === 'OPTIONS' || !known.includes(name));
  app.route({ method, url, onRequest, handler: () => {} });
}
