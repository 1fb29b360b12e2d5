import { loadSdk } from '../../values/load-sdk.ts';
import { type ReadSecret, type SecretStore, STORE_TIMEOUT_MS } from './secret-store.ts';

/*
 * The stores of the clouds, by packages of theirs that are installed by whoever needs them. Of each package as much is
 * declared here as is used: its types are not there where it is not installed.
 */

interface AwsSdk {
  readonly SecretsManager: new (
    options: object,
  ) => {
    getSecretValue(
      input: { readonly SecretId: string },
      options: { readonly abortSignal: AbortSignal },
    ): Promise<{ readonly SecretString?: string; readonly SecretBinary?: Uint8Array }>;
  };
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_GetSecretValue.html */
export function openAws({ name, params }: SecretStore): ReadSecret {
  return async (secret) => {
    const { SecretsManager } = await load<AwsSdk>('@aws-sdk/client-secrets-manager', name);
    const { region, endpoint } = params;
    const client = new SecretsManager({ ...(region && { region }), ...(endpoint && { endpoint }) });
    const abortSignal = AbortSignal.timeout(STORE_TIMEOUT_MS);
    const { SecretString, SecretBinary } = await client.getSecretValue({ SecretId: secret }, { abortSignal });
    return SecretString ?? Buffer.from(SecretBinary ?? []).toString();
  };
}

interface GoogleSdk {
  readonly SecretManagerServiceClient: new (
    options: object,
  ) => {
    accessSecretVersion(
      input: { readonly name: string },
      options: { readonly timeout: number },
    ): Promise<
      readonly [{ readonly payload?: { readonly data?: Uint8Array | string | null } | null }, ...unknown[]]
    >;
    close(): Promise<void>;
  };
}

/** https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access */
export function openGoogle({ name, params }: SecretStore): ReadSecret {
  return async (secret) => {
    const { SecretManagerServiceClient } = await load<GoogleSdk>('@google-cloud/secret-manager', name);
    const keyFilename = params['credentials.file'];
    const client = new SecretManagerServiceClient(keyFilename === undefined ? {} : { keyFilename });
    try {
      const [{ payload }] = await client.accessSecretVersion(
        { name: versionOf(secret, params.project ?? '-') },
        { timeout: STORE_TIMEOUT_MS },
      );
      return Buffer.from(payload?.data ?? '').toString();
    } finally {
      await client.close();
    }
  };
}

/** `app`, `projects/p/secrets/app` or `projects/p/secrets/app/versions/3`. */
function versionOf(secret: string, project: string): string {
  const path = secret.startsWith('projects/') ? secret : `projects/${project}/secrets/${secret}`;
  return path.includes('/versions/') ? path : `${path}/versions/latest`;
}

interface AzureSdk {
  readonly SecretClient: new (
    url: string,
    credential: object,
  ) => {
    getSecret(
      name: string,
      options: { readonly abortSignal: AbortSignal },
    ): Promise<{ readonly value?: string }>;
  };
}

interface AzureIdentity {
  readonly DefaultAzureCredential: new (options: object) => object;
}

/** Of its own it asks for 20 s who it is, and listens to no signal. */
const AZURE_LOGIN = { retryOptions: { maxRetries: 2 } };

/** https://learn.microsoft.com/rest/api/keyvault/secrets/get-secret/get-secret */
export function openAzure({ name, params }: SecretStore): ReadSecret {
  return async (secret) => {
    const { SecretClient } = await load<AzureSdk>('@azure/keyvault-secrets', name);
    const { DefaultAzureCredential } = await load<AzureIdentity>('@azure/identity', name);
    const client = new SecretClient(params['vault.url'] ?? '', new DefaultAzureCredential(AZURE_LOGIN));
    const abortSignal = AbortSignal.timeout(STORE_TIMEOUT_MS);
    return (await client.getSecret(secret, { abortSignal })).value ?? '';
  };
}

function load<T>(packageName: string, name: string): Promise<T> {
  return loadSdk(packageName, `config.providers: ${name}`, () => import(packageName) as Promise<T>);
}
