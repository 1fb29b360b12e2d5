import type { AddressInfo } from 'node:net';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { authorityOf, isLoopback, type Listener } from '../config/define/listener.ts';
import { messageOf } from '../errors.ts';
import { acceptsJson } from './accept.ts';
import { withinDeadline } from './deadline.ts';
import type { Authentication } from './doors/authentication.ts';
import { Connections } from './doors/connections.ts';
import { guard } from './doors/guard.ts';
import { httpServer, type PatienceWithClients } from './doors/http-server.ts';
import { requireSignedBody, type SignedRequests } from './doors/signed-requests.ts';
import type { Tls } from './doors/tls.ts';
import { MAX_BODY_BYTES } from './json-body.ts';
import { closePath, type Method } from './path-methods.ts';
import { errorBody, notDone, RestError } from './rest-error.ts';

/** As long as a file's name may be: connectors can be named after files. */
const MAX_NAME_LENGTH = 255 * 3;

/** As long as Kafka Connect lets a request wait. */
const DEADLINE_MS = 90_000;

declare module 'fastify' {
  interface FastifyRequest {
    /** What a handler waits for now: told to who asked when its time is up. A handler sets it before it waits. */
    waitingFor: string;
    /** Whether who asks may change something. */
    mayChange: boolean;
    /** Another worker of the group sends it on, and has looked who asks. */
    isForwarded: boolean;
  }
}

/**
 * Gives the body of an answer; undefined for none, which is 204 unless the reply has another code. Codes and
 * headers are set on the reply; what the request sends is read with {@link jsonObject}.
 */
export type JsonHandler = (request: FastifyRequest, reply: FastifyReply) => unknown;

export interface RouteOptions {
  /** Milliseconds after which who asked is told that it took too long; 90,000 when not given. */
  readonly deadlineMs?: number;
}

export interface RestAppOptions {
  readonly listener: Listener;
  /** Null for http. */
  readonly tls: Tls | null;
  /** Null where everybody who reaches the listener may ask. */
  readonly authentication: Authentication | null;
  /** What other workers of its group send on; null where it has no group. */
  readonly signed?: SignedRequests | null;
  /** Told of what nobody foresaw. */
  readonly onFault: (error: Error, path: string) => void;
  readonly patience?: PatienceWithClients;
}

/** An HTTP server with Kafka Connect's manners: its errors, its 404, 405, 406, 413 and 415, its OPTIONS. */
export class RestApp {
  readonly #listener: Listener;
  readonly #fastify: FastifyInstance;
  /** Of each path. */
  readonly #methods = new Map<string, Method[]>();

  constructor({ listener, tls, authentication, signed = null, onFault, patience }: RestAppOptions) {
    const answerError = (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const known = knownError(error) ?? notDone(error);
      if (known === null) onFault(error, request.url);
      const answer = known ?? new RestError(500, messageOf(error));
      sendJson(reply.code(answer.statusCode).headers(answer.headers), errorBody(answer));
    };
    this.#listener = listener;
    const connections = new Connections();
    this.#fastify = fastify({
      bodyLimit: MAX_BODY_BYTES,
      forceCloseConnections: true,
      frameworkErrors: answerError,
      routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_NAME_LENGTH },
      serverFactory: (handler) => connections.watch(httpServer(handler, tls, patience)),
    });
    this.#fastify.setErrorHandler(answerError);
    this.#fastify.decorateRequest('waitingFor', '');
    this.#fastify.decorateRequest('mayChange', false);
    this.#fastify.decorateRequest('isForwarded', false);
    this.#fastify.removeAllContentTypeParsers();
    // Handlers look at what was sent, and at its type, if they want any of it.
    this.#fastify.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) =>
      done(null, body),
    );
    const access = { authentication, isLoopback: isLoopback(listener.host) };
    // Before anything of the request's body is looked at.
    this.#fastify.addHook('onRequest', async (request, reply) => {
      const { is404, raw } = request;
      request.isForwarded = signed?.admits(raw) ?? false;
      request.mayChange = request.isForwarded || (await guard(raw, access));
      connections.keep(raw, reply.raw);
      if (/^[^?]*\/\//.test(raw.url ?? ''))
        throw new RestError(400, 'expected a path without empty segments');
      if (is404) throw new RestError(404);
    });
    this.#fastify.addHook('preHandler', async ({ isForwarded, raw, body }) => {
      if (isForwarded) requireSignedBody(raw, body as Buffer | undefined);
    });
  }

  /** Answers a method of a path, and HEAD with GET, with JSON; methods that are not given are answered with 405. */
  json(method: Method, path: string, handler: JsonHandler, options: RouteOptions = {}): void {
    const onRequest = async ({ headers }: FastifyRequest) => requireJson(headers.accept);
    this.#add(method, path, onRequest, options, async (request, reply) => {
      const body = await handler(request, reply);
      return body === undefined ? sendNothing(reply) : sendJson(reply, body);
    });
  }

  /** Answers GET and HEAD with what the handler sends. */
  get(path: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown): void {
    this.#add('GET', path, async () => {}, {}, handler);
  }

  /** Gives the address that it listens on, with the port that was free when the listener has 0. */
  async listen(): Promise<string> {
    for (const [path, methods] of this.#methods) closePath(this.#fastify, path, methods);
    const { protocol, host, port } = this.#listener;
    await this.#fastify.listen({ host, port });
    const { port: listening } = this.#fastify.server.address() as AddressInfo;
    return `${protocol}://${authorityOf(host, listening)}`;
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    await this.#fastify.close();
  }

  #add(
    method: Method,
    url: string,
    onRequest: (request: FastifyRequest) => Promise<void>,
    { deadlineMs = DEADLINE_MS }: RouteOptions,
    handle: (request: FastifyRequest, reply: FastifyReply) => unknown,
  ): void {
    const methods = this.#methods.get(url) ?? [];
    this.#methods.set(url, methods);
    methods.push(method);
    const handler = (request: FastifyRequest, reply: FastifyReply) =>
      withinDeadline(
        async () => handle(request, reply),
        deadlineMs,
        () => request.waitingFor,
      );
    this.#fastify.route({ method, url, onRequest, handler });
  }
}

/** @throws RestError 406 where the `Accept` header of a request does not let the answer be JSON */
export function requireJson(accept: string | undefined): void {
  if (!acceptsJson(accept)) throw new RestError(406);
}

/** Without the character set that fastify would add: JSON has none (RFC 8259, section 11). */
export function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(body)));
}

function sendNothing(reply: FastifyReply): FastifyReply {
  return reply.code(reply.statusCode === 200 ? 204 : reply.statusCode).send();
}

/** Errors of fastify's own are the client's mistakes, and say so by their status. Null for what nobody foresaw. */
function knownError(error: Error): RestError | null {
  if (error instanceof RestError) return error;
  const { statusCode = 500 } = error as FastifyError;
  if (statusCode === 413) return new RestError(413, `expected a body of at most ${MAX_BODY_BYTES} bytes`);
  return statusCode < 500 ? new RestError(statusCode) : null;
}
