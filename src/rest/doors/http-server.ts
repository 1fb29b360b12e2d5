import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Tls } from './tls.ts';

/** Who sends a request byte by byte holds a connection no longer than this. */
const LIMITS: ServerOptions = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  connectionsCheckingInterval: 5_000,
  keepAliveTimeout: 72_000,
};
const HANDSHAKE_TIMEOUT_MS = 10_000;

/** A server that answers no request yet; with TLS when it is given certificates. */
export function httpServer(handler: RequestListener, tls: Tls | null): Server {
  if (tls === null) return createServer(LIMITS, handler);
  const { certificates, requestCert, rejectUnauthorized } = tls;
  let own = certificates();
  const server = createTlsServer(
    { ...LIMITS, ...own, requestCert, rejectUnauthorized, handshakeTimeout: HANDSHAKE_TIMEOUT_MS },
    handler,
  );
  // Before TLS sees the connection.
  server.prependListener('connection', () => {
    const now = certificates();
    if (now === own) return;
    own = now;
    server.setSecureContext(own);
  });
  return server;
}
