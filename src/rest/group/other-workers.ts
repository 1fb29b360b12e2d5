import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { messageOf } from '../../errors.ts';
import type { ClientTls } from '../../tls/client-tls.ts';
import type { SignedRequests } from '../doors/signed-requests.ts';

export interface OtherWorkersOptions {
  readonly signed: SignedRequests;
  /** What the listeners of this worker are made with; null where none is https. */
  readonly certificates: (() => ClientTls) | null;
}

/** What one worker of a group asks another. */
export interface AskedOfWorker {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  /** What `accept` says; JSON when not given. */
  readonly accept?: string;
  readonly body?: Buffer | undefined;
  /** Of the body. */
  readonly type?: string | undefined;
  readonly signal: AbortSignal;
}

const NOTHING = Buffer.alloc(0);

/** The other workers of a group, who take this one's word for who asks. */
export class OtherWorkers {
  readonly #options: OtherWorkersOptions;

  constructor(options: OtherWorkersOptions) {
    this.#options = options;
  }

  /**
   * The answer of the worker at `url`, whose body is still to come; null while there is no key to sign with.
   *
   * @throws what goes wrong on the way
   */
  async open(
    url: string,
    { method, path, accept = 'application/json', body = NOTHING, type, signal }: AskedOfWorker,
  ): Promise<IncomingMessage | null> {
    const { signed, certificates } = this.#options;
    const signature = signed.headersFor({ method, path }, body);
    if (signature === null) return null;
    const isHttps = url.startsWith('https:');
    const options = {
      ...(isHttps ? certificates?.() : {}),
      // A connection that is kept may end just as it is used, and nobody would know whether a change was made.
      agent: false,
      method,
      signal,
      headers: {
        accept,
        'content-length': body.length,
        ...(type === undefined ? {} : { 'content-type': type }),
        ...signature,
      },
    };
    return new Promise((resolve, reject) => {
      const open = isHttps ? requestHttps : requestHttp;
      open(`${url}${path}`, options, resolve).on('error', reject).end(body);
    });
  }
}

/** Why a worker does not answer. Of several addresses that were tried, the error of each is all there is. */
export function whyNoAnswer(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : messageOf(error);
}
