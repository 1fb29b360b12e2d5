import { type ErrorCode, messageOf } from '../../errors.ts';
import { certificateTrouble } from '../../tls/certificate-trouble.ts';
import { NoLogin } from '../connection/login.ts';
import type { Token } from './kept-token.ts';

/** Who issues tokens, and to whom (OAuth 2.0, client credentials: RFC 6749, 4.4). */
export interface TokenEndpoint {
  readonly url: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly scope: string | null;
  /** How long the answer may take, in milliseconds. */
  readonly timeoutMs: number;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const SHOWN_LENGTH = 300;
/** Timeouts and limits, which pass like an endpoint that starts. */
const PASSING = new Set([408, 425, 429]);
const KEY = 'sasl.oauthbearer.token.endpoint.url';

/** Asks for a token. Throws NoLogin: KAFKA_DENIED where the endpoint says no, KAFKA_UNAVAILABLE where it does not answer. */
export async function tokenFrom(endpoint: TokenEndpoint): Promise<Token> {
  const { status, body } = await ask(endpoint);
  if (status >= 500 || PASSING.has(status)) {
    throw failed(endpoint, 'KAFKA_UNAVAILABLE', `it answered ${statusWith(body, status, endpoint)}.`);
  }
  if (status >= 300) {
    const mend = `See that it knows clientId, clientSecret and scope of sasl.jaas.config, and that ${KEY} is its address.`;
    throw failed(endpoint, 'KAFKA_DENIED', `it answered ${statusWith(body, status, endpoint)}. ${mend}`);
  }
  const { access_token: value, expires_in: seconds } = fieldsOf(body);
  if (typeof value !== 'string' || value === '') {
    const mend = `See that ${KEY} is the address of an OAuth 2.0 token endpoint.`;
    throw failed(endpoint, 'KAFKA_DENIED', `it answered ${status} without access_token. ${mend}`);
  }
  const told = Number(seconds) * 1000;
  return { value, lifetimeMs: Number.isFinite(told) ? told : lifetimeIn(value) };
}

async function ask(endpoint: TokenEndpoint): Promise<Answer> {
  const { url, scope, timeoutMs } = endpoint;
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'application/json',
        authorization: `Basic ${credentials(endpoint)}`,
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', ...(scope !== null && { scope }) }),
      // Whoever is sent elsewhere would take the secret there.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    return { status: response.status, body: parsed(text) };
  } catch (error) {
    throw unanswered(endpoint, error as Error);
  }
}

function unanswered(endpoint: TokenEndpoint, error: Error): NoLogin {
  if (error.name === 'TimeoutError') {
    return failed(endpoint, 'KAFKA_UNAVAILABLE', `no answer within ${endpoint.timeoutMs} ms.`);
  }
  // The word of fetch itself is "fetch failed".
  const cause = (error.cause ?? error) as Error & { code?: string };
  const trouble = certificateTrouble(cause);
  if (trouble !== null) {
    const mend = 'NODE_EXTRA_CA_CERTS names a PEM file with further authorities to trust.';
    return failed(endpoint, 'KAFKA_DENIED', `${trouble.reason}. ${mend}`);
  }
  const reason = cause.message || cause.code || messageOf(error);
  return failed(endpoint, 'KAFKA_UNAVAILABLE', `${reason}. See that ${KEY} is its address.`);
}

function failed({ url }: TokenEndpoint, code: ErrorCode, said: string): NoLogin {
  const { origin, pathname } = new URL(url);
  return new NoLogin(code, `Getting a token from ${origin}${pathname} failed: ${said}`);
}

/** The status, and what the endpoint says beside it (RFC 6749, 5.2), but never what it was sent. */
function statusWith(body: unknown, status: number, endpoint: TokenEndpoint): string {
  const { error, error_description: description } = fieldsOf(body);
  const words = [error, description].filter((word) => typeof word === 'string' && word !== '');
  if (words.length === 0) return String(status);
  const secrets = [endpoint.clientSecret, credentials(endpoint)].filter((secret) => secret !== '');
  let said = words.join(': ').replaceAll(/\s+/g, ' ');
  for (const secret of secrets) said = said.replaceAll(secret, '[hidden]');
  return `${status} (${said.slice(0, SHOWN_LENGTH)})`;
}

/** As HTTP's basic authentication has them; not encoded for URLs first, as Kafka's own clients do not either. */
function credentials({ clientId, clientSecret }: TokenEndpoint): string {
  return Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
}

function fieldsOf(body: unknown): Readonly<Record<string, unknown>> {
  return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** By the claim `exp` of a JSON Web Token (RFC 7519), in milliseconds from now; 0 for any other text. */
function lifetimeIn(token: string): number {
  const [, claims = ''] = token.split('.');
  const { exp } = fieldsOf(parsed(Buffer.from(claims, 'base64url').toString()));
  return typeof exp === 'number' ? Math.max(exp * 1000 - Date.now(), 0) : 0;
}
