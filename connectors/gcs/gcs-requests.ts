import * as http from 'node:http';
import * as https from 'node:https';
import { gunzipSync } from 'node:zlib';
import { messageOf } from '../../src/plugin/index.ts';
import { systemCode } from '../files/source-errors.ts';
import { GcsAnswer, NoCredentials } from './gcs-failures.ts';

/** So long nothing came from a server that was asked: it will not answer any more. */
const SILENCE_MS = 60_000;
const NETWORK_CODES = ['ECONNREFUSED', 'ECONNRESET', 'ENOTFOUND', 'EAI_AGAIN', 'ETIMEDOUT', 'EPIPE'];
/** What is read of an answer that is an error. */
const ERROR_BYTES = 64 * 1024;

export interface GcsRequest {
  readonly method?: 'GET' | 'POST' | 'DELETE';
  /** Below the endpoint, with what is in names escaped. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface GcsRequestsOptions {
  /** `https://storage.googleapis.com`, without a path. */
  readonly endpoint: string;
  /** The headers that let a request pass; they hold a token that is not about to expire. */
  readonly authorize: (url: string) => Promise<Headers>;
  /** They were not taken: the next ones are asked for anew. */
  readonly renew: () => void;
  /** The project that is billed; null: the bucket's own. */
  readonly userProject: string | null;
}

/**
 * Requests to the JSON API (https://cloud.google.com/storage/docs/json_api/v1). Each is made once, ends with the signal,
 * and gives the bytes as they are stored. The SDK's own downloads cannot be had so: one that is ended early closes the
 * connections of all others in the thread.
 */
export class GcsRequests {
  readonly #options: GcsRequestsOptions;
  readonly #agent: http.Agent;
  readonly #request: typeof http.request;

  constructor(options: GcsRequestsOptions) {
    this.#options = options;
    const { Agent, request } = options.endpoint.startsWith('https:') ? https : http;
    this.#agent = new Agent({ keepAlive: true, proxyEnv: process.env });
    this.#request = request;
  }

  /** The resource that the answer holds; an empty one when it holds none. */
  async resource<T>(request: GcsRequest, signal: AbortSignal): Promise<T> {
    const response = await this.stream(request, signal);
    const text = await textOf(response, Number.POSITIVE_INFINITY);
    if (text === '') return {} as T;
    try {
      return JSON.parse(text) as T;
    } catch {
      throw new GcsAnswer(
        response.statusCode ?? 0,
        `it answered ${JSON.stringify(text.slice(0, 80))}, not JSON`,
      );
    }
  }

  /** @throws GcsAnswer, or the error of the connection; the signal's reason once it has aborted */
  async stream(request: GcsRequest, signal: AbortSignal): Promise<http.IncomingMessage> {
    const { endpoint, userProject, renew } = this.#options;
    const url = new URL(request.path, endpoint);
    const query = { ...request.query, userProject: userProject ?? undefined };
    for (const [name, value] of Object.entries(query))
      if (value !== undefined) url.searchParams.set(name, value);
    const response = await this.#send(url, request, await this.#authorization(url.href), signal);
    const status = response.statusCode ?? 0;
    if (status >= 200 && status < 300) return response;
    if (status === 401) renew();
    throw answerIn(await textOf(response, ERROR_BYTES), status, response.statusMessage ?? '');
  }

  close(): void {
    this.#agent.destroy();
  }

  async #authorization(url: string): Promise<Headers> {
    try {
      return await this.#options.authorize(url);
    } catch (error) {
      const { status = 0 } = error as { status?: number };
      if (status >= 500 || isOfNetwork(error)) throw error;
      throw new NoCredentials(messageOf(error), { cause: error });
    }
  }

  #send(
    url: URL,
    { method = 'GET', headers, body = '' }: GcsRequest,
    authorization: Headers,
    signal: AbortSignal,
  ): Promise<http.IncomingMessage> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
    const request = this.#request(url, {
      method,
      agent: this.#agent,
      headers: {
        ...Object.fromEntries(authorization),
        ...(method === 'POST' ? { 'Content-Length': Buffer.byteLength(body) } : {}),
        ...headers,
      },
    });
    let response: http.IncomingMessage | undefined;
    request.setTimeout(SILENCE_MS, () => {
      // One that is not being read is silent because of us.
      if ((response?.readableLength ?? 0) === 0)
        request.destroy(new Error(`nothing came for ${SILENCE_MS / 1000} s`));
    });
    request.on('response', (incoming) => {
      response = incoming;
      resolve(incoming);
    });
    request.on('error', reject);
    // Once the answer is there its connection may be another request's already.
    const abort = () => (response === undefined ? request.destroy(signal.reason) : response.destroy());
    signal.addEventListener('abort', abort, { once: true });
    request.on('close', () => signal.removeEventListener('abort', abort));
    request.end(body);
    return promise;
  }
}

function isOfNetwork(error: unknown): boolean {
  return (
    NETWORK_CODES.includes(systemCode(error)) || NETWORK_CODES.includes(systemCode((error as Error).cause))
  );
}

async function textOf(response: http.IncomingMessage, mostBytes: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= mostBytes) break;
  }
  const all = Buffer.concat(chunks);
  // Whoever asks for stored bytes says that they may be gzip, and is told of errors in gzip.
  const isCompressed = response.headers['content-encoding'] === 'gzip' && bytes < mostBytes;
  return (isCompressed ? gunzipSync(all) : all).toString();
}

/** An error as the API tells it, or whoever else answered. */
function answerIn(text: string, status: number, statusMessage: string): GcsAnswer {
  try {
    const { message, errors } = JSON.parse(text).error;
    return new GcsAnswer(status, message, errors?.[0]?.reason);
  } catch {
    const said = text.trim();
    return new GcsAnswer(status, said === '' || said.startsWith('<') ? statusMessage : said.slice(0, 300));
  }
}
