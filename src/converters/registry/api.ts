import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
// The part of the library that makes requests; its index would load protobufjs and ajv as well.
import library from '@kafkajs/confluent-schema-registry/dist/api/index.js';
import { messageOf } from '../../plugin/index.ts';
import { type CertificateTrouble, certificateTrouble } from '../../tls/certificate-trouble.ts';
import type { RegistryAccess } from './access.ts';

/** A request that a registry knows, by the name that the library has for it. */
export interface RegistryRequest {
  readonly name: 'register' | 'registered' | 'latestVersion' | 'version' | 'compatible' | 'all';
  readonly params: Readonly<Record<string, unknown>>;
}

/** What a registry answered. */
export interface RegistryAnswer {
  readonly url: string;
  /** null when nothing came. */
  readonly status: number | null;
  /** Of a status below 400: parsed JSON, or text when it was something else. */
  readonly body: unknown;
  /** Of any other: what the registry said, or why nothing came. */
  readonly message: string;
  /** The message is one of a registry, not just whatever stood there. */
  readonly isRegistry: boolean;
  /** Nothing came for what is wrong with a certificate. */
  readonly trouble: CertificateTrouble | null;
}

export interface RegistryApiOptions {
  readonly url: string;
  readonly access: RegistryAccess;
  /** For one request, in milliseconds. */
  readonly timeoutMs: number;
}

/** One request to a registry. Never rejects. */
export type RegistryApi = (request: RegistryRequest, signal: AbortSignal) => Promise<RegistryAnswer>;

/** The part of the library's responses that is used. */
interface Response {
  status(): number;
  data(): unknown;
}

/**
 * The requests of @kafkajs/confluent-schema-registry without its SchemaRegistry class, which sets the compatibility of
 * new subjects, refuses those that have another, and takes no schema without a name.
 */
export function createRegistryApi({ url, access, timeoutMs }: RegistryApiOptions): RegistryApi {
  const host = url.replace(/\/+$/, '');
  const agent = host.startsWith('https:') ? new TlsAgent(access) : new HttpAgent({ keepAlive: false });
  const api = library.default({
    host,
    clientId: CLIENT_ID,
    // Whoever asks knows how long to wait.
    retry: { retries: 0 },
    agent,
  });
  const headers = access.authorization === null ? {} : { authorization: access.authorization };
  return async ({ name, params }, signal) => {
    try {
      const call: Promise<Response> = api.Subject[name]({ ...params, headers, timeout: timeoutMs });
      const response = await within(call, timeoutMs, signal);
      const answer = { status: response.status(), body: response.data(), message: '', isRegistry: true };
      return { url: host, ...answer, trouble: null };
    } catch (error) {
      const trouble = agent instanceof TlsAgent ? agent.trouble : null;
      return { url: host, body: null, ...failureOf(error), trouble };
    }
  };
}

/** Connections that are kept would outlive the one request that a schema needs. */
class TlsAgent extends HttpsAgent {
  readonly #tls: RegistryAccess['tls'];
  /** Of the last connection: the library leaves nothing of an error but its text. */
  trouble: CertificateTrouble | null = null;

  constructor({ tls }: RegistryAccess) {
    // A session that goes on would do without the certificates of both sides.
    super({ keepAlive: false, maxCachedSessions: 0 });
    this.#tls = tls;
  }

  override createConnection(
    ...[options, callback]: Parameters<HttpsAgent['createConnection']>
  ): Duplex | null | undefined {
    this.trouble = null;
    const socket = super.createConnection({ ...options, ...this.#tls() }, callback);
    return socket?.once('error', (error) => {
      this.trouble = certificateTrouble(error);
    });
  }
}

const CLIENT_ID = 'headrace';
/** The library has this for what has no `message` of its own, and status 400 for requests without an answer. */
const NO_MESSAGE = /^Error, status (\d+):? ?/;

/** The library leaves nothing of an answer but its status and a text: `headrace - …`. */
function failureOf(error: unknown): Pick<RegistryAnswer, 'status' | 'message' | 'isRegistry'> {
  const text = messageOf(error).replace(`${CLIENT_ID} - `, '');
  const { status = null } = error as { status?: number | null };
  const isRegistry = status !== null && !NO_MESSAGE.test(text);
  const isLost = status === 400 && !isRegistry;
  return { status: isLost ? null : status, message: text.replace(NO_MESSAGE, '').trim(), isRegistry };
}

/** The library does not notice when a connection ends in the middle of an answer. */
async function within<T>(call: Promise<T>, timeoutMs: number, signal: AbortSignal): Promise<T> {
  const ended = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => ended.reject(new Error(`no answer within ${timeoutMs} ms`)),
    timeoutMs + GRACE_MS,
  );
  const abort = () => ended.reject(signal.reason);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([call, ended.promise]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', abort);
  }
}

/** The library's own timeout comes first, since it also ends the connection. */
const GRACE_MS = 500;
