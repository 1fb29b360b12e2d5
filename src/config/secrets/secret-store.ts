/** The stores of secrets that a worker may declare, and the parameters that each takes. */
export const STORE_PARAMS = {
  vault: ['address', 'token', 'token.file', 'namespace'],
  'aws-secrets-manager': ['region', 'endpoint'],
  'google-secret-manager': ['project', 'credentials.file'],
  'azure-key-vault': ['vault.url'],
} as const;

export type StoreKind = keyof typeof STORE_PARAMS;

export const STORE_KINDS = Object.keys(STORE_PARAMS) as readonly StoreKind[];

/** A store that a worker declares: `config.providers`. Plain data, so that it crosses into another thread. */
export interface SecretStore {
  /** By which references name it: `${name:…}`. */
  readonly name: string;
  readonly kind: StoreKind;
  readonly params: Readonly<Record<string, string>>;
}

/** What a store has under a name: fields of their own, or a text. */
export type Secret = Readonly<Record<string, unknown>> | string;

/** Asks a store for what it has under a name. */
export type ReadSecret = (name: string) => Promise<Secret>;

/** Why a store does not give a secret, in words that follow the reference. */
export class StoreTrouble extends Error {}

export const STORE_TIMEOUT_MS = 10_000;
