import { fetchVault, startVault, VAULT_ROOT_TOKEN } from '../../scripts/stack/vault.ts';
import { unlessLacking } from './unless-lacking.ts';

/** A Vault, with what somebody who may do everything asks of it. */
export interface TestVault {
  readonly address: string;
  /** Asks its API; `path` is without the leading `/v1/`. */
  call(method: string, path: string, body?: object, headers?: Record<string, string>): Promise<Called>;
  /** A token that may read these paths, `path "secret/data/app" …`, and is valid for so many requests; 0 for any. */
  tokenFor(paths: readonly string[], uses?: number): Promise<string>;
  stop(): Promise<void>;
}

/** What is read here of what it answers. */
interface Called {
  readonly auth?: { readonly client_token: string };
}

/** Whether this machine can have the server; if not, it says so, as the tests of it are then not run. */
export async function vaultServes(): Promise<boolean> {
  return (await unlessLacking(fetchVault)) !== null;
}

/** A Vault of a test file's own: it starts within a second. */
export async function startTestVault(): Promise<TestVault> {
  const server = await startVault();
  const call: TestVault['call'] = async (method, path, body, headers = {}) => {
    const response = await fetch(`${server.url}/v1/${path}`, {
      method,
      headers: { 'X-Vault-Token': VAULT_ROOT_TOKEN, ...headers },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === '' ? {} : (JSON.parse(text) as Called);
  };
  let policies = 0;
  return {
    address: server.url,
    call,
    async tokenFor(paths, uses = 0) {
      const name = `readers-${policies++}`;
      const policy = paths.map((path) => `path "${path}" { capabilities = ["read"] }`).join('\n');
      await call('PUT', `sys/policies/acl/${name}`, { policy });
      const { auth } = await call('POST', 'auth/token/create', { policies: [name], num_uses: uses });
      return auth?.client_token as string;
    },
    stop: () => server.stop(),
  };
}
