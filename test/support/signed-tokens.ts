import { createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A key that signs tokens; goes as JSON. */
export interface SigningKey {
  readonly id: string;
  /** PKCS #8, as PEM. */
  readonly pem: string;
}

/** What tokens of the tests' own issuer say of themselves, unless told otherwise. */
export const TOKEN_ISSUER = 'https://login.example.com';
export const TOKEN_AUDIENCE = 'kafka';

/** A key for RS256 (RFC 7518, 3.3). */
export function newSigningKey(id: string): SigningKey {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return { id, pem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString() };
}

/** A token that the key has signed (RFC 7519); `claims` are added to the usual ones or replace them. */
export function signedToken(key: SigningKey, lifetimeS: number, claims: object = {}): string {
  const now = Math.floor(Date.now() / 1000);
  const usual = {
    ...{ iss: TOKEN_ISSUER, aud: TOKEN_AUDIENCE, sub: 'ann', scope: 'kafka' },
    ...{ iat: now, exp: now + lifetimeS },
  };
  const signed = [
    { alg: 'RS256', typ: 'JWT', kid: key.id },
    { ...usual, ...claims },
  ]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  return `${signed}.${sign('sha256', Buffer.from(signed), key.pem).toString('base64url')}`;
}

/** Serves the public halves of keys, as an issuer of tokens does (RFC 7517, 5), on 127.0.0.1. */
export async function serveKeys(
  keys: readonly SigningKey[],
): Promise<{ readonly url: string; close(): void }> {
  const body = JSON.stringify({
    keys: keys.map(({ id, pem }) => ({
      ...createPublicKey(pem).export({ format: 'jwk' }),
      ...{ kid: id, use: 'sig', alg: 'RS256' },
    })),
  });
  const server = createServer((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/keys`,
    close: () => void server.close().closeAllConnections(),
  };
}
