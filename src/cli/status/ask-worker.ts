import { HeadraceError, messageOf } from '../../errors.ts';

const TIMEOUT_MS = 10_000;

/**
 * The JSON that a running worker answers to a GET.
 *
 * @throws HeadraceError CONFIG_INVALID when no worker answers, or it answers with an error.
 */
export async function askWorker(url: string, path: string): Promise<unknown> {
  const target = URL.parse(path, url.endsWith('/') ? url : `${url}/`);
  if (target === null) {
    throw wrong(
      `--url: expected a worker's address such as http://127.0.0.1:8083, got ${JSON.stringify(url)}`,
    );
  }
  const response = await fetch(target, { signal: AbortSignal.timeout(TIMEOUT_MS) }).catch((error) => {
    const why = messageOf(error.cause ?? error);
    throw wrong(
      `--url: no worker answers at ${url}: ${why}; it needs listeners in its configuration, see docs/rest.md`,
    );
  });
  const body = await response.json().catch(() => null);
  if (response.ok && body !== null) return body;
  const { message } = (body ?? {}) as { message?: string };
  throw wrong(message ?? `--url: what answers at ${url} is no worker: HTTP ${response.status} without JSON`);
}

function wrong(message: string): HeadraceError {
  return new HeadraceError('CONFIG_INVALID', message);
}
