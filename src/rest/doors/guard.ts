import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../../config/define/listener.ts';
import { RestError } from '../rest-error.ts';
import type { Authentication } from './authentication.ts';

/** Methods that change nothing. */
const READING = ['GET', 'HEAD', 'OPTIONS'];

/** Open to everybody: whoever watches over processes has no password. */
const PUBLIC_PATH = /^\/health\/?(\?|$)/;

export interface GuardOptions {
  /** Null where everybody may ask. */
  readonly authentication: Authentication | null;
  /** Whether only this machine reaches the address that is listened on. */
  readonly isLoopback: boolean;
}

/**
 * Lets a request in, or not, before anything of its body is looked at; gives whether who asks may change something.
 *
 * @throws RestError 401 when nobody knows who asks, 403 when who asks may not.
 */
export async function guard(request: IncomingMessage, options: GuardOptions): Promise<boolean> {
  const { method = '', url = '' } = request;
  const { authentication } = options;
  if (authentication === null && options.isLoopback) checkHost(request);
  if (!READING.includes(method)) checkOrigin(request);
  if (authentication === null) return true;
  if (PUBLIC_PATH.test(url)) return false;
  const { name, role } = await authentication.identify(request);
  if (role === 'write' || READING.includes(method)) return role === 'write';
  throw new RestError(403, `${name} may read only: ${method} needs the role write`);
}

/**
 * A page that a browser has from elsewhere reaches this machine under a name of its own (DNS rebinding), and could
 * read what is answered. Names of this machine it cannot have.
 */
function checkHost({ headers: { host } }: IncomingMessage): void {
  // Without the brackets of an IPv6 address.
  const name = urlOf(`http://${host}`)?.hostname.replace(/^\[|\]$/g, '') ?? '';
  if (host === undefined || isLoopback(name)) return;
  throw new RestError(
    403,
    `expected the Host header to name this machine, such as localhost, got ${JSON.stringify(host)}; ` +
      'a proxy must set it, or rest.users.file say who may ask',
  );
}

/** A page from elsewhere can send what it cannot read the answer to. Browsers say where a page is from. */
function checkOrigin({ headers: { host, origin } }: IncomingMessage): void {
  if (origin === undefined) return;
  const own = urlOf(`http://${host}`)?.host;
  if (own !== undefined && urlOf(origin)?.host === own) return;
  throw new RestError(
    403,
    `expected pages of this address alone to change something, got the origin ${JSON.stringify(origin)}`,
  );
}

function urlOf(text: string): URL | null {
  return URL.canParse(text) ? new URL(text) : null;
}
