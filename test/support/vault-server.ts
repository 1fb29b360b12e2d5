import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export const VAULT_TOKEN = 's.CANARY-token';

/** Speaks as much of Vault's key-value engine of version 2 as a reader of secrets asks for, and checks the token. */
export async function startVault(
  secrets: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
): Promise<{ readonly address: string; readonly asked: readonly string[]; stop(): void }> {
  const asked: string[] = [];
  const server = createServer(({ url = '', headers }, response) => {
    asked.push(url);
    const data = secrets[url.replace('/v1/', '')];
    const isKnown = headers['x-vault-token'] === VAULT_TOKEN;
    const status = isKnown ? (data === undefined ? 404 : 200) : 403;
    const body =
      status === 200
        ? { data: { data, metadata: { version: 1 } } }
        : { errors: status === 403 ? ['permission denied'] : [] };
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}`,
    asked,
    stop: () => void server.close().closeAllConnections(),
  };
}
