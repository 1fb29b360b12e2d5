import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cached, cacheRoot } from './cache.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { run } from './run.ts';
import { StackError } from './stack-error.ts';

export const GCS_VERSION = '1.56.1';
export const GCS_READY_PATH = '/storage/v1/b?project=any';
const MODULE = `github.com/fsouza/fake-gcs-server@v${GCS_VERSION}`;
const CACHE_NAME = `fake-gcs-server-${GCS_VERSION}`;
const OLDEST_GO = 26;

/** The folder of the program, built by Go on first use and kept. Throws a StackError that says what Go lacks. */
export async function fetchGcs(): Promise<string> {
  const reason = await gcsMissing();
  if (reason !== undefined) throw new StackError(reason);
  return cached(CACHE_NAME, build, 'go');
}

/**
 * Starts a server of Google Cloud Storage (fake-gcs-server). It takes clients without
 * credentials. Give them its URL as `apiEndpoint`: by STORAGE_EMULATOR_HOST the client takes wrong paths for downloads.
 *
 * What the real one does and this does not: `ifGenerationMatch` is obeyed by uploads alone, not by delete, copy or the
 * change of metadata; a file cannot be moved in one step (`moveFileAtomic`); there are no old generations, as without
 * versioning (asking for one is answered 404, like there); nobody is ever refused (401, 403). Resumable uploads go to
 * the server's own URL, around a proxy before it.
 */
export async function startGcs(preferredPort?: number): Promise<HttpServer> {
  const folder = await fetchGcs();
  return startHttpServer({
    name: 'gcs',
    preferredPort,
    command: join(folder, 'fake-gcs-server'),
    args: (port, data) => [
      ...gcsArgs('127.0.0.1', port),
      // It keeps nothing there; the path is the mark by which its process is known.
      ...['-filesystem-root', join(data, 'buckets')],
    ],
    path: '',
    readyPath: GCS_READY_PATH,
  });
}

/** @param host where it listens; clients come by 127.0.0.1 */
export function gcsArgs(host: string, port: number): string[] {
  return [
    ...['-scheme', 'http', '-host', host, '-port', String(port), '-external-url', `http://127.0.0.1:${port}`],
    ...['-backend', 'memory', '-log-level', 'warn'],
  ];
}

/** Why Go cannot build the server here; undefined when it can. */
export async function gcsMissing(): Promise<string | undefined> {
  if (existsSync(join(cacheRoot(), CACHE_NAME))) return undefined;
  const { code, stdout } = await run('go', ['env', 'GOVERSION']);
  const minor = /^go1\.(\d+)/.exec(stdout)?.[1];
  if (code === 0 && Number(minor) >= OLDEST_GO) return undefined;
  const found = code === 0 ? stdout.trim() : 'no Go';
  return `The server of Google Cloud Storage is built by Go 1.${OLDEST_GO} or newer, and there is ${found}: install it from your system's packages or go.dev.`;
}

async function build(folder: string): Promise<void> {
  process.stderr.write(
    `stack: building fake-gcs-server ${GCS_VERSION} with Go (one to three minutes, once)\n`,
  );
  const env = { ...process.env, GOBIN: folder, CGO_ENABLED: '0' };
  const { code, stderr } = await run('go', ['install', '-gcflags=all=-N -l', '-ldflags=-s -w', MODULE], {
    env,
  });
  if (code === 0) return;
  throw new StackError(`Go could not build fake-gcs-server; mend this and run it again: ${stderr.trim()}`);
}
