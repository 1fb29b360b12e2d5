import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { cutText } from '../../values/shown.ts';
import type { Environment } from '../read/environment.ts';
import {
  type ReadSecret,
  type Secret,
  type SecretStore,
  STORE_TIMEOUT_MS,
  StoreTrouble,
} from './secret-store.ts';

/**
 * Secrets of Vault, or OpenBao, in its key-value engine of either version
 * (https://developer.hashicorp.com/vault/api-docs/secret/kv).
 *
 * @param environment has what no parameter says: VAULT_ADDR, VAULT_TOKEN, VAULT_NAMESPACE
 */
export function openVault({ params }: SecretStore, environment: Environment): ReadSecret {
  const namespace = params.namespace ?? environment.VAULT_NAMESPACE;
  return async (path) => {
    const address = addressOf(params.address ?? environment.VAULT_ADDR ?? '');
    const headers = {
      'X-Vault-Token': tokenOf(params, environment),
      ...(namespace !== undefined && { 'X-Vault-Namespace': namespace }),
    };
    const get = (apiPath: string) => ask(address, apiPath, headers);
    const usual = usualPlace(path);
    const answer = await get(usual.path);
    const secret = secretIn(answer, usual);
    if (secret !== null) return secret;
    const place = (await mountedPlace(path, get)) ?? usual;
    const second = place.path === usual.path ? answer : await get(place.path);
    const found = secretIn(second, place);
    if (found !== null) return found;
    throw new StoreTrouble(refusal(second, place.path, address));
  };
}

/** Where a secret is for Vault's API: without the leading `/v1/`. */
interface Place {
  readonly path: string;
  /** Of the engine's version 2, which keeps a secret's former versions, and wraps it. */
  readonly isVersioned: boolean;
}

interface Answer {
  readonly status: number;
  readonly data: Readonly<Record<string, unknown>> | null;
  /** What it says is wrong, in a line. */
  readonly said: string | null;
}

async function ask(
  address: string,
  path: string,
  headers: Readonly<Record<string, string>>,
): Promise<Answer> {
  const url = `${address}/v1/${path.split('/').map(encodeURIComponent).join('/')}`;
  const response = await fetch(url, { headers, signal: AbortSignal.timeout(STORE_TIMEOUT_MS) }).catch(
    (error) => {
      throw new StoreTrouble(`Vault at ${address} does not answer (${reasonOf(error)})`);
    },
  );
  const body: unknown = await response.json().catch(() => null);
  const { data, errors } = fieldsOf(body);
  const [said] = Array.isArray(errors) ? errors : [];
  return {
    status: response.status,
    data: typeof data === 'object' && data !== null ? fieldsOf(data) : null,
    said: typeof said === 'string' ? cutText(said.replaceAll(/\s+/g, ' ').trim()) : null,
  };
}

/** `secret/app` as people write it is `secret/data/app` for the API of a versioned engine, which nearly all are. */
function usualPlace(path: string): Place {
  const [mount = '', ...rest] = path.split('/');
  const steps = rest.includes('data') ? rest : ['data', ...rest];
  return { path: [mount, ...steps].join('/'), isVersioned: true };
}

/** As Vault's own command finds out what is mounted there, and by how many steps; null where it is not told. */
async function mountedPlace(path: string, get: (path: string) => Promise<Answer>): Promise<Place | null> {
  const { status, data } = await get(`sys/internal/ui/mounts/${path}`);
  const mount = data?.path;
  if (status !== 200 || typeof mount !== 'string' || !path.startsWith(mount)) return null;
  const isVersioned = fieldsOf(data?.options).version === '2';
  const rest = path.slice(mount.length);
  return { path: mount + (isVersioned && !rest.startsWith('data/') ? `data/${rest}` : rest), isVersioned };
}

function secretIn({ status, data }: Answer, { isVersioned }: Place): Secret | null {
  const secret = isVersioned ? data?.data : data;
  return status === 200 && typeof secret === 'object' && secret !== null ? fieldsOf(secret) : null;
}

/** Without a user, whom nobody would hide where the address is shown. */
function addressOf(text: string): string {
  if (text === '') throw new StoreTrouble("where is Vault? Set the provider's param.address, or VAULT_ADDR");
  const { protocol = '', username = '', password = '' } = URL.parse(text) ?? {};
  if (/^https?:$/.test(protocol) && username === '' && password === '') return text.replace(/\/+$/, '');
  throw new StoreTrouble(
    'expected the address of Vault as https://vault.example.com:8200, without a user, in param.address or VAULT_ADDR',
  );
}

/** Checked here, as the error of a header that cannot be sent shows it. */
function tokenOf(params: SecretStore['params'], environment: Environment): string {
  const token = (params.token ?? givenToken(params['token.file'], environment)).trim();
  if (/^[!-~]+$/.test(token)) return token;
  throw new StoreTrouble('the token for Vault is none: expected letters, digits and signs in one line');
}

function givenToken(file: string | undefined, environment: Environment): string {
  if (file === undefined && environment.VAULT_TOKEN) return environment.VAULT_TOKEN;
  const path = file ?? join(homedir(), '.vault-token');
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (file !== undefined) throw new StoreTrouble(`the token.file ${path} cannot be read (${code})`);
    throw new StoreTrouble(
      "no token for Vault; set the provider's param.token or param.token.file, or VAULT_TOKEN",
    );
  }
}

function refusal({ status, data, said }: Answer, path: string, address: string): string {
  if (status === 403)
    return `Vault at ${address} forbids it; the token must be valid, with a policy that reads ${path}`;
  const why = said === null ? '' : ` (${said})`;
  if (status !== 404) return `Vault at ${address} answered ${status}${why}`;
  const isDeleted = fieldsOf(data?.metadata).created_time !== undefined;
  return `Vault at ${address} has no secret ${path}${isDeleted ? ' any more: it was deleted' : why}`;
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function reasonOf(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return `${STORE_TIMEOUT_MS} ms passed`;
  const { cause } = error as { readonly cause?: unknown };
  const { code } = (cause ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : messageOf(cause ?? error);
}
