import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Tls } from './tls.ts';

/** How long a connection may be held by who sends a request byte by byte, or none; milliseconds. */
export interface PatienceWithClients {
  readonly handshakeTimeout: number;
  readonly headersTimeout: number;
  /** For its headers and body together. */
  readonly requestTimeout: number;
  /** How often the two before are looked at. */
  readonly connectionsCheckingInterval: number;
  /** Between two requests; Node adds a second. */
  readonly keepAliveTimeout: number;
}

const PATIENCE: PatienceWithClients = {
  handshakeTimeout: 10_000,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 72_000,
};

/** A server that answers no request yet; with TLS when it is given certificates. */
export function httpServer(handler: RequestListener, tls: Tls | null, patience = PATIENCE): Server {
  if (tls === null) return createServer(patience, handler);
  const { certificates, requestCert, rejectUnauthorized } = tls;
  let own = certificates();
  const server = createTlsServer({ ...patience, ...own, requestCert, rejectUnauthorized }, handler);
  // Before TLS sees the connection.
  server.prependListener('connection', () => {
    const now = certificates();
    if (now === own) return;
    own = now;
    server.setSecureContext(own);
  });
  return server;
}
