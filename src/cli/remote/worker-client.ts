import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { HeadraceError, messageOf } from '../../errors.ts';
import { eventsIn, type ServerSentEvent } from '../../rest/server-sent-events.ts';
import { printable } from '../../terminal/text.ts';

/** A worker that answers at all tells what it knows at once. */
const LOOK_TIMEOUT_MS = 10_000;
/** Kafka Connect's workers give up a change after 90 seconds, and say so. */
const CHANGE_TIMEOUT_MS = 100_000;

/** How a worker is reached, and who asks. */
export interface WorkerAccess {
  /** One of its listeners. */
  readonly url: string;
  /** Of the header of that name; null: nobody in particular asks. */
  readonly authorization: string | null;
  /** PEM. */
  readonly tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer };
}

export interface WorkerAnswer {
  readonly status: number;
  /** Null when there was none. */
  readonly body: unknown;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/** Asks a running worker over REST. */
export class WorkerClient {
  readonly #access: WorkerAccess;
  #isWorker = false;

  constructor(access: WorkerAccess) {
    this.#access = access;
  }

  get url(): string {
    return this.#access.url;
  }

  /** @throws HeadraceError as `send` */
  async get(path: string): Promise<unknown> {
    return (await this.send('GET', path)).body;
  }

  /** What is there under a path; null where the worker knows none. @throws HeadraceError as `send` */
  async find(path: string): Promise<unknown> {
    return await this.get(path).catch((error) => {
      if (error instanceof NotFound) return null;
      throw error;
    });
  }

  /**
   * @param path below the worker's address; `connectorPath` makes those of connectors
   * @throws HeadraceError CONFIG_INVALID with the worker's own sentence when it refuses; WORKER_UNAVAILABLE when no worker
   *   answers, or it cannot do it now
   */
  async send(method: Method, path: string, body?: unknown): Promise<WorkerAnswer> {
    if (!this.#isWorker) await this.#requireWorker();
    return await this.#ask(method, path, body);
  }

  /**
   * What a worker tells at a path of server-sent events, until it ends.
   *
   * @throws HeadraceError as `send`
   */
  async *events(path: string): AsyncGenerator<WorkerEvent, void, undefined> {
    if (!this.#isWorker) await this.#requireWorker();
    const { url } = this.#access;
    const response = await this.#request(targetOf(url, path), 'GET', undefined, EVENTS).catch((error) => {
      throw noAnswer(url, error);
    });
    const { statusCode = 0 } = response;
    if (statusCode !== 200) throw refusal(url, statusCode, parsedOrUndefined(await text(response)));
    try {
      for await (const { name, text } of eventsIn(response))
        yield { name, text, data: parsedOrUndefined(text) };
    } catch (error) {
      throw noAnswer(url, error);
    }
  }

  /** Whatever else answers there is told by its own first page, before anything is asked of it. */
  async #requireWorker(): Promise<void> {
    const { status, body } = await this.#ask('GET', '');
    const told = Object(body);
    // As Kafka Connect's workers tell; the id is null while Kafka does not answer.
    if (!('version' in told && 'kafka_cluster_id' in told))
      throw noWorker(this.url, `HTTP ${status} with other JSON`);
    this.#isWorker = true;
  }

  async #ask(method: Method, path: string, body?: unknown): Promise<WorkerAnswer> {
    const { url } = this.#access;
    const response = await this.#request(targetOf(url, path), method, body).catch((error) => {
      throw noAnswer(url, error);
    });
    const status = response.statusCode ?? 0;
    const answered = await text(response).catch((error) => {
      throw noAnswer(url, error);
    });
    const parsed = answered === '' ? null : parsedOrUndefined(answered);
    if (status >= 200 && status < 300 && parsed !== undefined) return { status, body: parsed };
    throw refusal(url, status, parsed);
  }

  #request(target: URL, method: Method, body: unknown, wanted: Wanted = ANSWER): Promise<IncomingMessage> {
    const { authorization, tls } = this.#access;
    const sent = body === undefined ? '' : JSON.stringify(body);
    const options = {
      ...tls,
      method,
      ...(wanted.isEndless ? {} : { signal: timeoutOf(method) }),
      headers: {
        accept: wanted.accept,
        'content-length': Buffer.byteLength(sent),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(authorization === null ? {} : { authorization }),
      },
    };
    return new Promise((resolve, reject) => {
      const request = target.protocol === 'https:' ? requestHttps : requestHttp;
      request(target, options, resolve).on('error', reject).end(sent);
    });
  }
}

interface Wanted {
  readonly accept: string;
  /** It comes as long as both sides want. */
  readonly isEndless: boolean;
}

const ANSWER: Wanted = { accept: 'application/json', isEndless: false };
const EVENTS: Wanted = { accept: 'text/event-stream, application/json', isEndless: true };

function timeoutOf(method: Method): AbortSignal {
  return AbortSignal.timeout(method === 'GET' ? LOOK_TIMEOUT_MS : CHANGE_TIMEOUT_MS);
}

/** Something that a worker tells unasked. */
export interface WorkerEvent extends ServerSentEvent {
  readonly data: unknown;
}

/** The path of a connector, or of what is below it. */
export function connectorPath(connector: string, below = ''): string {
  const path = `connectors/${encodeURIComponent(connector)}`;
  return below === '' ? path : `${path}/${below}`;
}

function targetOf(url: string, path: string): URL {
  const target = URL.parse(path, url.endsWith('/') ? url : `${url}/`);
  const expected = "--url: expected a worker's address such as http://127.0.0.1:8083";
  if (target === null || !/^https?:$/.test(target.protocol)) {
    throw mistake(`${expected}, got ${JSON.stringify(url)}`);
  }
  if (target.username !== '' || target.password !== '')
    throw mistake(`${expected}, without a user; name that by --user`);
  return target;
}

/** Of a handshake: somebody answers, whom one of the two does not trust. */
const TLS_CODES = /^ERR_(?:TLS|SSL|OSSL)_|CERT|UNABLE_TO_|^EPROTO$/;

function noAnswer(url: string, error: unknown): HeadraceError {
  const { code = '', name } = error as NodeJS.ErrnoException;
  if (TLS_CODES.test(code)) {
    return mistake(
      `--url: no connection to ${url} by TLS: ${messageOf(error)}; check http or https in the address, the authority of ` +
        'its certificate (--cacert), and your own certificate if it wants one (--cert, --key)',
    );
  }
  const why = name === 'AbortError' || name === 'TimeoutError' ? 'nothing came in time' : reasonOf(error);
  return new HeadraceError(
    'WORKER_UNAVAILABLE',
    `--url: no worker answers at ${url}: ${why}; it needs listeners in its configuration, see docs/rest.md`,
    { cause: error },
  );
}

/** Of several addresses that were tried, the error of each is all there is. */
function reasonOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : messageOf(error);
}

function refusal(url: string, status: number, body: unknown): HeadraceError {
  const { message } = (body ?? {}) as { message?: unknown };
  if (typeof message !== 'string') {
    return noWorker(url, `HTTP ${status}${body === undefined ? ' without JSON' : ''}`);
  }
  const said = message.split('\n').map(printable).join('\n');
  if (status === 401)
    return mistake(`${said}; give --user NAME, --token TOKEN, or --cert FILE and --key FILE`);
  if (status === 404) return new NotFound('CONFIG_INVALID', said);
  return status >= 500 ? new HeadraceError('WORKER_UNAVAILABLE', said) : mistake(said);
}

class NotFound extends HeadraceError {}

function noWorker(url: string, why: string): HeadraceError {
  return mistake(`--url: what answers at ${url} is no worker: ${why}`);
}

function parsedOrUndefined(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function mistake(message: string): HeadraceError {
  return new HeadraceError('CONFIG_INVALID', message);
}
