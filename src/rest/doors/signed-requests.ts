import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { SIGNATURE_ALGORITHM } from '../../offsets/session-key.ts';
import { RestError } from '../rest-error.ts';

/** Kafka Connect's headers (KIP-507). */
const SIGNATURE = 'x-connect-authorization';
const ALGORITHM = 'x-connect-request-signature-algorithm';
/** When the request was sent on, in milliseconds since 1970 by the clock of who sent it. */
const SENT_AT = 'x-headrace-forwarded-at';
/** RFC 9530. */
const DIGEST = 'content-digest';

/** How far the clocks of two workers may be apart; so long is a signature remembered. */
const MOST_APART_MS = 300_000;

/** What of a request is signed, beside its body. */
interface Signed {
  readonly method: string;
  /** With the query. */
  readonly path: string;
}

/**
 * Requests from one worker of a group to another, which nobody else can make: they are signed by a key that who may read
 * the config topic knows. Kafka Connect signs the body alone; here it is the method, the path and the time as well, so that
 * a request that somebody has seen is good for nothing: not at another path, not later, not once more.
 */
export class SignedRequests {
  readonly #keys: () => readonly Buffer[];
  /** Signatures that were taken, by when they were made. */
  readonly #taken = new Map<string, number>();

  /** @param keys as they are now, the newest first */
  constructor(keys: () => readonly Buffer[]) {
    this.#keys = keys;
  }

  /** Headers that a request is sent with; null while there is no key. */
  headersFor(signed: Signed, body: Buffer): Readonly<Record<string, string>> | null {
    const [key] = this.#keys();
    if (key === undefined) return null;
    const sentAt = String(Date.now());
    const digest = digestOf(body);
    return {
      [SIGNATURE]: signatureOf(key, signed, sentAt, digest).toString('base64'),
      [ALGORITHM]: SIGNATURE_ALGORITHM,
      [SENT_AT]: sentAt,
      [DIGEST]: digest,
    };
  }

  /**
   * Whether a request says that another worker sends it, before anything of its body is looked at. Hold that against
   * `requireSignedBody` then.
   *
   * @throws RestError when it says so and is not right, in Kafka Connect's words where there are some
   */
  admits({ method = '', url = '', headers }: IncomingMessage): boolean {
    const signature = headers[SIGNATURE];
    if (typeof signature !== 'string') return false;
    const keys = this.#keys();
    if (keys.length === 0) throw new RestError(503, NO_KEY);
    if (headers[ALGORITHM] !== SIGNATURE_ALGORITHM)
      throw new RestError(
        400,
        `This worker does not support the signature algorithm of the request; expected ${SIGNATURE_ALGORITHM}`,
      );
    const sentAt = String(headers[SENT_AT]);
    const given = Buffer.from(signature, 'base64');
    const isRight = keys.some((key) => {
      const own = signatureOf(key, { method, path: url }, sentAt, String(headers[DIGEST]));
      return own.length === given.length && timingSafeEqual(own, given);
    });
    if (!isRight) throw new RestError(403, INVALID);
    this.#takeOnce(given.toString('base64'), Number(sentAt));
    return true;
  }

  #takeOnce(signature: string, sentAtMs: number): void {
    const now = Date.now();
    const apartMs = now - sentAtMs;
    if (Math.abs(apartMs) > MOST_APART_MS) {
      const seconds = Math.round(Math.abs(apartMs) / 1000);
      const when = apartMs > 0 ? `${seconds} s ago` : `${seconds} s ahead`;
      throw new RestError(
        403,
        `expected a request that another worker sends now, got one of ${when} by this clock; see that the clocks of the workers agree`,
      );
    }
    for (const [taken, at] of this.#taken) if (now - at > MOST_APART_MS) this.#taken.delete(taken);
    if (this.#taken.has(signature)) throw new RestError(403, 'expected a request that was not sent before');
    this.#taken.set(signature, sentAtMs);
  }
}

/** @throws RestError 403 when the body of a request is not that which was signed */
export function requireSignedBody({ headers }: IncomingMessage, body: Buffer = Buffer.alloc(0)): void {
  if (headers[DIGEST] !== digestOf(body)) throw new RestError(403, INVALID);
}

const INVALID = 'Internal request contained invalid signature.';
const NO_KEY =
  'This worker is still starting up and has not been able to read a session key from the config topic yet';

function signatureOf(key: Buffer, { method, path }: Signed, sentAt: string, digest: string): Buffer {
  return createHmac('sha256', key).update([method, path, sentAt, digest].join('\n')).digest();
}

function digestOf(body: Buffer): string {
  return `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
}
