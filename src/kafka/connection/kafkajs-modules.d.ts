/** The modules of kafkajs that `kafkajs-internals.ts` reaches for, as far as it uses them. */

declare module 'kafkajs/src/loggers/index.js' {
  import type { logCreator } from 'kafkajs';

  export interface Logger {
    readonly namespace: (name: string) => Logger;
  }

  const loggers: { createLogger(options: { level: number; logCreator: logCreator }): Logger };
  export default loggers;
}

declare module 'kafkajs/src/network/requestQueue/index.js' {
  export interface SocketRequest {
    /** In milliseconds. */
    readonly requestTimeout: number;
    timeoutRequest(): void;
  }

  export default class RequestQueue {
    readonly pending: readonly SocketRequest[];
    readonly inflight: ReadonlyMap<number, SocketRequest>;
    readonly maxInFlightRequests: number | null;
    readonly enforceRequestTimeout: boolean;
    /** In milliseconds. */
    readonly requestTimeout: number;
    readonly isConnected: () => boolean;
    throttledUntil: number;
    throttleCheckTimeoutId: NodeJS.Timeout | null;
    /** Looks for requests that wait too long, while there is a connection. */
    requestTimeoutIntervalId: NodeJS.Timeout | undefined;
    push(request: {
      entry: {
        apiKey: number;
        apiName: string;
        apiVersion: number;
        correlationId: number;
        resolve: (answer: { payload: Buffer }) => void;
        reject: (error: Error) => void;
      };
      expectResponse: boolean;
      requestTimeout: number | null;
      sendRequest: () => void;
    }): void;
    sendSocketRequest(request: SocketRequest): void;
    canSendSocketRequestImmediately(): boolean;
    scheduleRequestTimeoutCheck(): void;
    checkPendingRequests(): void;
    scheduleCheckPendingRequests(): void;
    maybeThrottle(milliseconds: number): void;
    waitForPendingRequests(): Promise<void>;
    rejectAll(error: Error): void;
    destroy(): void;
  }
}

declare module 'kafkajs/src/network/connection.js' {
  import type { Socket } from 'node:net';
  import type RequestQueue from 'kafkajs/src/network/requestQueue/index.js';

  export default class Connection {
    readonly socket?: Socket;
    readonly clientId: string;
    readonly requestQueue: RequestQueue;
    /** How long the broker takes requests after a log-in, in milliseconds; 0 for ever. */
    readonly sessionLifetime: { toString(): string };
    /** How long before the end of the session `isAuthenticated` becomes false, in milliseconds. */
    reauthenticationThreshold: number;
    isConnected(): boolean;
    isAuthenticated(): boolean;
    nextCorrelationId(): number;
    disconnect(): Promise<boolean>;
  }
}

declare module 'kafkajs/src/network/connectionPool.js' {
  import type Connection from 'kafkajs/src/network/connection.js';

  export default class ConnectionPool {
    readonly pool: readonly Connection[];
    readonly sasl: unknown;
    constructor(options: Readonly<Record<string, unknown>>);
  }
}

declare module 'kafkajs/src/broker/index.js' {
  import type { Logger } from 'kafkajs/src/loggers/index.js';
  import type ConnectionPool from 'kafkajs/src/network/connectionPool.js';

  export default class Broker {
    readonly connectionPool: ConnectionPool;
    /** By the key of the call; known from the first connection on. */
    readonly versions: Readonly<
      Record<number, { readonly minVersion: number; readonly maxVersion: number } | undefined>
    > | null;
    constructor(options: { connectionPool: ConnectionPool; logger: Logger; authenticationTimeout: number });
    isConnected(): boolean;
    connect(): Promise<void>;
  }
}
