import { connect } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { afterAll, expect, test } from 'vitest';
import { jsonObject } from '../../../src/rest/json-body.ts';
import { RestApp } from '../../../src/rest/rest-app.ts';
import { newAuthority } from '../../support/certificates.ts';

/** In the proportions of the real one. */
const PATIENCE = {
  handshakeTimeout: 500,
  headersTimeout: 500,
  requestTimeout: 1500,
  connectionsCheckingInterval: 250,
  keepAliveTimeout: 500,
};
/** Far more often than anybody is waited for. */
const TRICKLE_MS = 50;

const { certificate: cert, key } = newAuthority('authority').issue('localhost', ['127.0.0.1']);
const certificates = { cert, key };

async function portOf(isSecure: boolean): Promise<number> {
  const app = new RestApp({
    listener: { protocol: isSecure ? 'https' : 'http', host: '127.0.0.1', port: 0 },
    tls: isSecure
      ? { certificates: () => certificates, requestCert: false, rejectUnauthorized: false }
      : null,
    authentication: null,
    onFault: () => {},
    patience: PATIENCE,
  });
  app.json('POST', '/things', (request) => jsonObject(request));
  const url = await app.listen();
  afterAll(() => app.close());
  return Number(new URL(url).port);
}

const open = await portOf(false);
const secure = await portOf(true);

const HEAD = 'POST /things HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';
const WHOLE = `${HEAD}content-length: 2\r\n\r\n{}`;

/** What a server said until it ended the connection of who sends something at once, then a piece again and again. */
async function heard(port: number, { first, again = '', isSecure = false }: Client): Promise<string> {
  const socket = isSecure
    ? tlsConnect({ port, host: '127.0.0.1', rejectUnauthorized: false })
    : connect(port, '127.0.0.1');
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  // A piece that comes after the end is answered with a reset.
  socket.on('error', () => {});
  socket.write(first);
  const trickle = setInterval(() => again !== '' && socket.write(again), TRICKLE_MS);
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
  clearInterval(trickle);
  return text;
}

interface Client {
  readonly first: string;
  readonly again?: string;
  readonly isSecure?: boolean;
}

/** Which does not arrive where a piece was under way. */
const TOLD = /^(HTTP\/1.1 408 .*)?$/s;

const CLIENTS: readonly (readonly [string, number, Client, RegExp])[] = [
  ['sends its headers in pieces', open, { first: HEAD, again: 'x-a: b\r\n' }, TOLD],
  ['sends its body in pieces', open, { first: `${HEAD}content-length: 99999\r\n\r\n{`, again: ' ' }, TOLD],
  ['says nothing', open, { first: '' }, TOLD],
  ['was answered, and asks nothing more', open, { first: WHOLE }, /^HTTP\/1.1 200 [\s\S]*\{\}$/],
  ['begins no handshake', secure, { first: '' }, /^$/],
  [
    'sends its headers in pieces over TLS',
    secure,
    { first: HEAD, again: 'x-a: b\r\n', isSecure: true },
    TOLD,
  ],
];

test.concurrent.each(CLIENTS)('a connection is not held by who %s', async (_, port, client, answer) => {
  expect(await heard(port, client)).toMatch(answer);
});
