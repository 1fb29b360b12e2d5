import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import fastify, {
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { messageOf } from '../errors.ts';
import { acceptsJson } from './accept.ts';
import { errorBody, RestError } from './rest-error.ts';

/** As long as a file's name may be: connectors can be named after files. */
const MAX_NAME_LENGTH = 255 * 3;

/** Connections at a time, of the files that a process may have open; loading must not want for them. */
const MAX_CONNECTIONS = 64;

/** Gives the body of an answer. */
export type JsonHandler = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** An HTTP server with Kafka Connect's manners: its errors, its 404, 405 and 406. It reads no bodies. */
export class RestApp {
  readonly #fastify: FastifyInstance;

  /** `onFault` is told of what nobody foresaw. */
  constructor(onFault: (error: Error, path: string) => void) {
    const answerError = (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const known = knownError(error);
      if (known.statusCode === 500) onFault(error, request.url);
      sendJson(reply.code(known.statusCode), errorBody(known));
    };
    this.#fastify = fastify({
      forceCloseConnections: true,
      frameworkErrors: answerError,
      routerOptions: { ignoreTrailingSlash: true, maxParamLength: MAX_NAME_LENGTH },
    });
    this.#fastify.setErrorHandler(answerError);
    keepNewest(this.#fastify.server, MAX_CONNECTIONS);
    // Before anything of the request's body is looked at.
    this.#fastify.addHook('onRequest', async ({ is404 }) => {
      if (is404) throw new RestError(404);
    });
  }

  /** Answers GET and HEAD with JSON, and every other method with 405. */
  getJson(path: string, handler: JsonHandler): void {
    this.get(path, async (request, reply) => {
      if (!acceptsJson(request.headers.accept)) throw new RestError(406);
      return sendJson(reply, await handler(request, reply));
    });
  }

  /** Answers GET and HEAD, and every other method with 405. */
  get(path: string, handler: (request: FastifyRequest, reply: FastifyReply) => unknown): void {
    this.#fastify.get(path, handler);
    const method = this.#fastify.supportedMethods.filter((name) => name !== 'GET' && name !== 'HEAD');
    const onRequest = async () => {
      throw new RestError(405);
    };
    this.#fastify.route({ method, url: path, onRequest, handler: () => {} });
  }

  /** Gives the address that it listens on, with the port that was free when `port` is 0. */
  listen(options: { readonly host: string; readonly port: number }): Promise<string> {
    return this.#fastify.listen(options);
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    await this.#fastify.close();
  }
}

/** Ends the oldest connection for a new one: who asks and goes is served, however many others hold theirs open. */
function keepNewest(server: Server, max: number): void {
  const open = new Set<Socket>();
  server.on('connection', (socket) => {
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    if (open.size <= max) return;
    const [oldest] = open;
    open.delete(oldest as Socket);
    oldest?.destroy();
  });
}

/** Without the character set that fastify would add: JSON has none (RFC 8259, section 11). */
function sendJson(reply: FastifyReply, body: unknown): FastifyReply {
  return reply.header('content-type', 'application/json').send(Buffer.from(JSON.stringify(body)));
}

/** Errors of fastify's own are the client's mistakes, and say so by their status. */
function knownError(error: Error): RestError {
  if (error instanceof RestError) return error;
  const { statusCode = 500 } = error as FastifyError;
  return statusCode < 500 ? new RestError(statusCode) : new RestError(500, messageOf(error));
}
