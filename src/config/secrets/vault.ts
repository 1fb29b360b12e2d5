import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { cutText } from '../../values/shown.ts';
import type { Environment } from '../read/environment.ts';
import { type ReadSecret, type SecretStore, STORE_TIMEOUT_MS, StoreTrouble } from './secret-store.ts';

/**
 * Secrets of Vault, or OpenBao, in its key-value engine of version 2
 * (https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2#read-secret-version).
 *
 * @param environment has what no parameter says: VAULT_ADDR, VAULT_TOKEN, VAULT_NAMESPACE
 */
export function openVault({ params }: SecretStore, environment: Environment): ReadSecret {
  const address = (params.address ?? environment.VAULT_ADDR ?? '').replace(/\/+$/, '');
  const namespace = params.namespace ?? environment.VAULT_NAMESPACE;
  return async (path) => {
    if (address === '')
      throw new StoreTrouble("where is Vault? Set the provider's param.address, or VAULT_ADDR");
    const token = tokenOf(params, environment);
    const url = `${address}/v1/${apiPath(path)}`;
    const headers = {
      'X-Vault-Token': token,
      ...(namespace !== undefined && { 'X-Vault-Namespace': namespace }),
    };
    const response = await fetch(url, { headers, signal: AbortSignal.timeout(STORE_TIMEOUT_MS) }).catch(
      (error) => {
        throw new StoreTrouble(`Vault at ${address} does not answer (${reasonOf(error)})`);
      },
    );
    const body = (await response.json().catch(() => null)) as Answer | null;
    if (!response.ok) throw new StoreTrouble(refusal(response.status, apiPath(path), address, body));
    const secret = body?.data?.data;
    if (typeof secret === 'object' && secret !== null) return secret;
    throw new StoreTrouble(
      `Vault at ${address} has no secret of the key-value engine's version 2 at ${path}`,
    );
  };
}

interface Answer {
  readonly data?: { readonly data?: Readonly<Record<string, unknown>> | null };
  readonly errors?: readonly string[];
}

/** `secret/app` as people write it is `secret/data/app` for its API. */
function apiPath(path: string): string {
  const [mount = '', ...rest] = path.split('/');
  const steps = rest.includes('data') ? rest : ['data', ...rest];
  return [mount, ...steps].map(encodeURIComponent).join('/');
}

function tokenOf(params: SecretStore['params'], environment: Environment): string {
  if (params.token !== undefined) return params.token;
  const file = params['token.file'];
  if (file === undefined && environment.VAULT_TOKEN) return environment.VAULT_TOKEN;
  const path = file ?? join(homedir(), '.vault-token');
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (file !== undefined) throw new StoreTrouble(`the token.file ${path} cannot be read (${code})`);
    throw new StoreTrouble(
      "no token for Vault; set the provider's param.token or param.token.file, or VAULT_TOKEN",
    );
  }
}

function refusal(status: number, path: string, address: string, body: Answer | null): string {
  if (status === 403)
    return `Vault at ${address} forbids it; the token must be valid, with a policy that reads ${path}`;
  if (status === 404) return `Vault at ${address} has no secret ${path}`;
  const said = body?.errors?.[0];
  return `Vault at ${address} answered ${status}${said === undefined ? '' : ` (${cutText(said)})`}`;
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `${STORE_TIMEOUT_MS} ms passed`;
  const { cause } = error as { readonly cause?: unknown };
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : messageOf(cause ?? error);
}
