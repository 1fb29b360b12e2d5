import { HeadraceError, messageOf } from '../../errors.ts';
import { didYouMean } from '../../values/closest-name.ts';
import { cutText } from '../../values/shown.ts';
import type { ConfigEntries, Given } from '../read/config-entry.ts';
import { REFERENCE } from '../read/config-providers.ts';
import type { Environment } from '../read/environment.ts';
import { openAws, openAzure, openGoogle } from './cloud-stores.ts';
import {
  type ReadSecret,
  type Secret,
  type SecretStore,
  type StoreKind,
  StoreTrouble,
} from './secret-store.ts';
import { openVault } from './vault.ts';

const OPEN: Readonly<Record<StoreKind, (store: SecretStore, environment: Environment) => ReadSecret>> = {
  vault: openVault,
  'aws-secrets-manager': openAws,
  'google-secret-manager': openGoogle,
  'azure-key-vault': openAzure,
};

/**
 * Asks the stores for what a configuration takes from them, each name once. What was given before is not asked for
 * again: a task that starts anew needs no store.
 */
export async function askStores(
  config: ConfigEntries,
  stores: readonly SecretStore[],
  environment: Environment,
): Promise<ConfigEntries> {
  const given = new Map<string, Given>(config.given);
  const asked = new Map<string, Promise<Secret>>();
  const pending = referencesIn(config, stores)
    .filter(({ reference }) => !given.has(reference))
    .map(async ({ reference, store, argument }) => {
      const { name, key } = nameAndKey(argument);
      const id = JSON.stringify([store.name, name]);
      const secret = asked.get(id) ?? OPEN[store.kind](store, environment)(name);
      asked.set(id, secret);
      given.set(reference, await answer(reference, store, secret, key));
    });
  await Promise.all(pending);
  return given.size === 0 ? config : { ...config, given };
}

interface Reference {
  readonly reference: string;
  readonly store: SecretStore;
  readonly argument: string;
}

function referencesIn({ entries }: ConfigEntries, stores: readonly SecretStore[]): Reference[] {
  const found = new Map<string, Reference>();
  for (const { text } of entries.values()) {
    for (const [reference, name, argument = ''] of text.matchAll(REFERENCE)) {
      const store = stores.find((one) => one.name === name);
      if (store !== undefined) found.set(reference, { reference, store, argument });
    }
  }
  return [...found.values()];
}

/** A name of Amazon's has colons of its own. */
const ARN = /^(arn(?::[^:]*){6})(?::(.*))?$/;

/** The key is what stands behind the last colon; without one the whole secret is meant. */
function nameAndKey(argument: string): { readonly name: string; readonly key: string | null } {
  const arn = ARN.exec(argument);
  if (arn !== null) return { name: arn[1] as string, key: arn[2] ?? null };
  const colon = argument.lastIndexOf(':');
  if (colon === -1) return { name: argument, key: null };
  return { name: argument.slice(0, colon), key: argument.slice(colon + 1) };
}

async function answer(
  reference: string,
  { kind }: SecretStore,
  secret: Promise<Secret>,
  key: string | null,
): Promise<Given> {
  try {
    return { value: textOf(await secret, key) };
  } catch (error) {
    return { mistake: `${reference}: ${troubleOf(kind, error)}` };
  }
}

function textOf(secret: Secret, key: string | null): string {
  if (key === null || key === '') {
    if (typeof secret === 'string') return secret;
    throw new StoreTrouble('expected a path, a colon and a key: a secret there has several');
  }
  const fields = typeof secret === 'string' ? fieldsOf(secret) : secret;
  if (Object.hasOwn(fields, key)) {
    const value = fields[key];
    return typeof value === 'string' ? value : JSON.stringify(value);
  }
  throw new StoreTrouble(`the secret has no key ${key}${didYouMean(key, Object.keys(fields))}`);
}

function fieldsOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const fields: unknown = JSON.parse(text);
    if (typeof fields === 'object' && fields !== null && !Array.isArray(fields))
      return fields as Record<string, unknown>;
  } catch {
    // The text may be the secret: an error of its syntax would show it.
  }
  throw new StoreTrouble(
    'a key is asked for, but the secret is no JSON object; leave the key out to take it whole',
  );
}

/** What to look at where a cloud does not give a secret, which of these its package does not tell apart. */
const LOOK_AT: Readonly<Record<Exclude<StoreKind, 'vault'>, string>> = {
  'aws-secrets-manager':
    'see that it is in the region of param.region or AWS_REGION, and that who the AWS SDK finds may secretsmanager:GetSecretValue',
  'google-secret-manager':
    'see that it is in the project of param.project, and that whom param.credentials.file or application default credentials name is a Secret Manager Secret Accessor',
  'azure-key-vault':
    'see that it is in the vault of param.vault.url, and that whom DefaultAzureCredential finds is a Key Vault Secrets User',
};

/** What the clouds' packages throw has a name or code, and a message in a few sentences. */
function troubleOf(kind: StoreKind, error: unknown): string {
  if (error instanceof StoreTrouble || error instanceof HeadraceError || kind === 'vault')
    return messageOf(error);
  const { name, code, statusCode } = error as { readonly [field: string]: unknown };
  // That of a parser shows a part of what came, which may be the secret.
  const message = name === 'SyntaxError' ? 'what came is not JSON' : messageOf(error).trim();
  const said = cutText((message.split('\n')[0] ?? '').replaceAll(/\s+/g, ' '), 200);
  const which = [name, code ?? statusCode].filter((one) => one !== undefined && one !== 'Error').join(' ');
  return `${kind} does not give it (${which === '' ? '' : `${which}: `}${said}); ${LOOK_AT[kind]}`;
}
