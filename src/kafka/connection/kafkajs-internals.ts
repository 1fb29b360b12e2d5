/**
 * The one place that reaches below kafkajs's public face: connections with TLS and SASL, nothing else. All messages
 * are Headrace's own (`protocol/`). Written against kafkajs 2.2.4; `test/kafka/connection/kafkajs-internals.test.ts` fails when
 * the installed one differs.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import type { ConnectionOptions } from 'node:tls';
import type { logCreator } from 'kafkajs';
import Broker from 'kafkajs/src/broker/index.js';
import loggers from 'kafkajs/src/loggers/index.js';
import type Connection from 'kafkajs/src/network/connection.js';
import ConnectionPool from 'kafkajs/src/network/connectionPool.js';
import RequestQueue, { type SocketRequest } from 'kafkajs/src/network/requestQueue/index.js';
import { oneLine } from './errors.ts';
import { kafkajsLogin, type Login } from './login.ts';

/** The version of kafkajs that this file was written against. */
export const KAFKAJS_VERSION = '2.2.4';

/** Where kafkajs's log lines go. */
export type KafkaLog = (
  level: 'error' | 'warn' | 'info' | 'debug',
  message: string,
  fields: Readonly<Record<string, unknown>>,
) => void;

const INFO = 4;
const CHECK_PENDING_INTERVAL_MS = 10;
const CHECK_TIMEOUT_MS = 100;
/** How long before the end of a session the client logs in again: this, or this share of a shorter session. */
const LOGIN_BEFORE_MS = 10_000;
const LOGIN_BEFORE_SHARE = 0.15;
/** What Node's timers take. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const KEEP_ALIVE_MS = 60_000;

/** When each request was written to its socket, in milliseconds of this thread's monotonic clock. */
const SENT_AT = new WeakMap<SocketRequest, number>();

repairRequestQueue();

/**
 * Two faults of kafkajs's queue. It measures by the time of day, so that a step of the clock ends every request that is
 * under way, or holds them back for hours; here it is the monotonic clock. And it sets a timer after every answer, even
 * with nothing to check, for a time that lies in the past: Node prints a TimeoutNegativeWarning, and the timer sets
 * itself again every millisecond. With nothing pending there is nothing to check.
 */
function repairRequestQueue(): void {
  const queue = RequestQueue.prototype;
  const { sendSocketRequest } = queue;
  queue.sendSocketRequest = function send(this: RequestQueue, request) {
    SENT_AT.set(request, performance.now());
    sendSocketRequest.call(this, request);
  };
  queue.scheduleRequestTimeoutCheck = function scheduleTimeoutCheck(this: RequestQueue) {
    if (!this.enforceRequestTimeout) return;
    this.destroy();
    const check = () => {
      giveUpUnanswered(this);
      if (!this.isConnected()) this.destroy();
    };
    this.requestTimeoutIntervalId = setInterval(check, Math.min(this.requestTimeout, CHECK_TIMEOUT_MS));
  };
  queue.maybeThrottle = function throttle(this: RequestQueue, milliseconds: number) {
    if (milliseconds > 0)
      this.throttledUntil = Math.max(this.throttledUntil, performance.now() + milliseconds);
  };
  queue.canSendSocketRequestImmediately = function canSend(this: RequestQueue) {
    const isFull = this.maxInFlightRequests !== null && this.inflight.size >= this.maxInFlightRequests;
    return !isFull && this.throttledUntil <= performance.now();
  };
  queue.scheduleCheckPendingRequests = function scheduleCheckPendingRequests(this: RequestQueue) {
    if (this.throttleCheckTimeoutId !== null || this.pending.length === 0) return;
    const throttledMs = Math.ceil(this.throttledUntil - performance.now());
    this.throttleCheckTimeoutId = setTimeout(
      () => {
        this.throttleCheckTimeoutId = null;
        this.checkPendingRequests();
      },
      throttledMs > 0 ? Math.min(throttledMs, LONGEST_TIMER_MS) : CHECK_PENDING_INTERVAL_MS,
    );
  };
}

/**
 * A broker that throttles a client answers at once and then reads nothing more of the connection until the time is over
 * (KIP-219): the silence of that time was told, so the time of what is under way begins behind it.
 */
function giveUpUnanswered(queue: RequestQueue): void {
  const now = performance.now();
  for (const request of [...queue.inflight.values()]) {
    const since = Math.max(SENT_AT.get(request) ?? now, queue.throttledUntil);
    if (now - since > request.requestTimeout) request.timeoutRequest();
  }
}

/** kafkajs's `logCreator` for a log of one's own. */
function forwardLogs(log: KafkaLog): logCreator {
  return () => (entry) => {
    const level = entry.label.toLowerCase() as Parameters<KafkaLog>[0];
    // A stack would be kafkajs's own: every error is thrown as well.
    const { message, timestamp: _, logger: __, stack: ___, ...fields } = entry.log;
    log(level, oneLine(message), { ...fields, namespace: entry.namespace });
  };
}

/** kafkajs's `socketFactory`, without Nagle's delay: requests are written whole. */
function socketFactory(tls: BrokerLinkOptions['tls']) {
  return ({ host, port, onConnect }: { host: string; port: number; onConnect: () => void }): Socket => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = tls
      ? connectTls({ host, port, ...name, ...tls() }, onConnect)
      : connectTcp({ host, port }, onConnect);
    return socket.setKeepAlive(true, KEEP_ALIVE_MS).setNoDelay(true);
  };
}

/** Node's TLS is loaded only where a broker wants it: it is a good part of what a task's thread takes to start. */
function connectTls(options: ConnectionOptions, onConnect: () => void): Socket {
  return process.getBuiltinModule('node:tls').connect(options, onConnect);
}

export interface BrokerLinkOptions {
  readonly host: string;
  readonly port: number;
  readonly clientId: string;
  /** Where the broker is talked to over TLS; asked anew for each connection. */
  readonly tls?: () => ConnectionOptions;
  readonly login?: Login;
  readonly connectionTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly log: KafkaLog;
}

/**
 * One connection to one broker, in whose order requests arrive. Errors are kafkajs's own; `fromKafkajs` turns them
 * into Headrace's.
 */
export class BrokerLink {
  readonly host: string;
  readonly port: number;
  readonly #broker: Broker;
  readonly #connection: Connection;

  constructor({ host, port, connectionTimeoutMs, requestTimeoutMs, log, ...options }: BrokerLinkOptions) {
    this.host = host;
    this.port = port;
    const logger = loggers.createLogger({ level: INFO, logCreator: forwardLogs(log) });
    const connectionPool = new ConnectionPool({
      host,
      port,
      clientId: options.clientId,
      sasl: options.login === undefined ? null : kafkajsLogin(options.login),
      logger,
      socketFactory: socketFactory(options.tls),
      connectionTimeout: connectionTimeoutMs,
      requestTimeout: requestTimeoutMs,
      enforceRequestTimeout: true,
    });
    this.#broker = new Broker({ connectionPool, logger, authenticationTimeout: connectionTimeoutMs });
    this.#connection = this.#broker.connectionPool.pool[0] as Connection;
  }

  /** Whether `request` may be called now: connected, and logged in where that is wanted. */
  get isReady(): boolean {
    return this.#broker.isConnected();
  }

  /** Whether the broker, once connected, serves a call at its version. */
  serves({ key, version }: { readonly key: number; readonly version: number }): boolean {
    const served = this.#broker.versions?.[key];
    return served !== undefined && served.minVersion <= version && version <= served.maxVersion;
  }

  /** Connects if it is not, and logs in again when the session nears its end (KIP-368). */
  async ready(): Promise<void> {
    if (this.isReady) return;
    // kafkajs takes whatever comes during a log-in for its answer, so nothing else may be under way.
    if (this.#connection.isConnected()) await this.#connection.requestQueue.waitForPendingRequests();
    await this.#broker.connect();
    const sessionMs = Number(this.#connection.sessionLifetime.toString());
    // kafkajs would log in anew before each request of a session that is shorter than that.
    const beforeMs = Math.min(LOGIN_BEFORE_MS, Math.floor(sessionMs * LOGIN_BEFORE_SHARE));
    this.#connection.reauthenticationThreshold = beforeMs;
  }

  /**
   * Writes a request to the socket before it returns, so that requests leave in the order of the calls, and
   * resolves with the body of the answer. The parts are not copied: they must stay as they are until then.
   *
   * @param withinMs where the answer may take longer than `requestTimeoutMs`
   */
  request(
    api: { name: string; key: number; version: number },
    parts: readonly Uint8Array[],
    withinMs: number | null = null,
  ): Promise<Buffer> {
    return new Promise((resolve, reject) => {
      const { requestQueue: queue, socket } = this.#connection;
      if (!this.#connection.isConnected() || socket === undefined) {
        throw Object.assign(new Error(`Not connected to ${this.host}:${this.port}`), { code: 'ENOTCONN' });
      }
      const correlationId = this.#connection.nextCorrelationId();
      // Else a request would pass those that still wait for the end of a throttling which has just ended.
      queue.checkPendingRequests();
      queue.push({
        entry: {
          apiKey: api.key,
          apiName: api.name,
          apiVersion: api.version,
          correlationId,
          resolve: (answer) => resolve(answer.payload),
          reject,
        },
        expectResponse: true,
        requestTimeout: withinMs,
        sendRequest: () =>
          write(socket, requestHeader(api, correlationId, this.#connection.clientId, parts), parts),
      });
    });
  }

  /** Holds further requests back for as long as the broker asked (KIP-219). */
  throttle(milliseconds: number): void {
    this.#connection.requestQueue.maybeThrottle(milliseconds);
  }

  /** Whether the thread goes on for this connection alone; at first it does. */
  keepThread(isKept: boolean): void {
    const { requestQueue, socket } = this.#connection;
    for (const handle of [socket, requestQueue.requestTimeoutIntervalId]) {
      if (isKept) handle?.ref();
      else handle?.unref();
    }
  }

  /** Ends the connection at once; requests that wait for an answer fail. */
  async close(): Promise<void> {
    const ended = Object.assign(new Error(`The connection to ${this.host}:${this.port} was closed`), {
      code: 'ECONNABORTED',
    });
    const { requestQueue, socket } = this.#connection;
    requestQueue.rejectAll(ended);
    await this.#connection.disconnect();
    socket?.destroy();
  }
}

/** Request header v1, behind the length of all that follows. */
function requestHeader(
  api: { key: number; version: number },
  correlationId: number,
  clientId: string,
  parts: readonly Uint8Array[],
): Buffer {
  const client = Buffer.byteLength(clientId);
  const header = Buffer.allocUnsafe(14 + client);
  const bodyLength = parts.reduce((sum, part) => sum + part.length, 0);
  header.writeInt32BE(header.length - 4 + bodyLength, 0);
  header.writeInt16BE(api.key, 4);
  header.writeInt16BE(api.version, 6);
  header.writeInt32BE(correlationId, 8);
  header.writeInt16BE(client, 12);
  header.write(clientId, 14);
  return header;
}

function write(socket: Socket, header: Buffer, parts: readonly Uint8Array[]): void {
  socket.cork();
  socket.write(header);
  for (const part of parts) socket.write(part);
  socket.uncork();
}
