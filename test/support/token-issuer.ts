import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** What the endpoint was asked. */
export interface TokenRequest {
  readonly authorization: string | undefined;
  readonly form: Readonly<Record<string, string>>;
}

/** Who gives tokens to clients that know the secret, as an OAuth 2.0 endpoint does. */
export class TokenIssuer {
  readonly requests: TokenRequest[] = [];
  /** The answer to come instead of a token; null for a token, and never to be silent. */
  answer: { readonly status: number; readonly body: unknown } | 'never' | null = null;
  /** In seconds. */
  lifetimeS = 3600;
  /** Makes the tokens that it gives, of a lifetime in seconds. */
  mint = (lifetimeS: number) => tokenFor('ann', lifetimeS);
  url = '';
  readonly #server: Server;
  readonly #credentials: string;

  private constructor(clientId: string, clientSecret: string) {
    this.#credentials = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
    this.#server = createServer((request, response) => {
      void this.#answer(request).then((answer) => {
        if (answer === 'never') return;
        response.writeHead(answer.status, { 'content-type': 'application/json' });
        response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
      });
    });
  }

  static async start(clientId: string, clientSecret: string): Promise<TokenIssuer> {
    const issuer = new TokenIssuer(clientId, clientSecret);
    await new Promise<void>((resolve) => issuer.#server.listen(0, '127.0.0.1', resolve));
    issuer.url = `http://127.0.0.1:${(issuer.#server.address() as AddressInfo).port}/token`;
    return issuer;
  }

  close(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  async #answer(request: IncomingMessage): Promise<Exclude<TokenIssuer['answer'], null>> {
    const { authorization } = request.headers;
    const form = Object.fromEntries(new URLSearchParams(await text(request)));
    this.requests.push({ authorization, form });
    if (this.answer !== null) return this.answer;
    if (authorization !== this.#credentials) {
      return { status: 401, body: { error: 'invalid_client', error_description: `not ${authorization}` } };
    }
    // The broker's clock is in whole seconds, and the machine may be busy.
    const body = { access_token: this.mint(this.lifetimeS + 60), expires_in: this.lifetimeS };
    return { status: 200, body };
  }
}

/** A token that nobody has signed, which is what the broker of the tests takes (RFC 7519, 6). */
export function tokenFor(subject: string, lifetimeS: number): string {
  const now = Math.floor(Date.now() / 1000);
  const claims = { sub: subject, iat: now, exp: now + lifetimeS };
  const parts = [{ alg: 'none' }, claims].map((part) =>
    Buffer.from(JSON.stringify(part)).toString('base64url'),
  );
  return `${parts.join('.')}.`;
}
