import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { messageOf } from '../../errors.ts';

/** As long as a worker that is well needs at most. */
const ANSWER_MS = 3_000;

/**
 * Whether what listens at a worker's address answers here; null when it does, else why not. It is asked what it tells
 * everybody, so nobody has to say who asks, and whose certificate it shows is no matter.
 *
 * @param url of its REST
 */
export async function whySilent(url: string): Promise<string | null> {
  const signal = AbortSignal.timeout(ANSWER_MS);
  const open = url.startsWith('https:') ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const request = open(`${url}/health`, { agent: false, rejectUnauthorized: false, signal }, (answer) => {
      answer.resume();
      resolve(null);
    });
    request.on('error', (error: NodeJS.ErrnoException) => {
      // It wants a certificate, so it is there.
      if (/^ERR_(?:SSL|TLS)/.test(error.code ?? '')) resolve(null);
      else resolve(signal.aborted ? `nothing came within ${ANSWER_MS / 1000} s` : reasonOf(error));
    });
    request.end();
  });
}

/** Of several addresses that were tried, the error of each is all there is. */
function reasonOf(error: unknown): string {
  return error instanceof AggregateError ? error.errors.map(messageOf).join(', ') : messageOf(error);
}
