import type { ContainerClient, StoragePipelineOptions } from '@azure/storage-blob';
import type { ConfigProblem, ConfigValues, PluginLog } from '../../src/plugin/index.ts';
import { defineConfig, HeadraceError, messageOf } from '../../src/plugin/index.ts';
import { loadSdk } from '../../src/values/load-sdk.ts';
import type { FileStore } from '../files/file-store.ts';
import { folderName } from '../files/remote/object-names.ts';

/** The most that the service gives. */
const PAGE_BLOBS = 5000;

/** How Azure Blob Storage is reached. */
export const azureConnection = defineConfig({
  azureAccount: {
    doc: 'The storage account. Needed unless azure.endpoint or azure.connection.string names it.',
    format: 'string',
    default: null,
  },
  azureEndpoint: {
    doc: 'Where the Blob service is reached. Not set: https://ACCOUNT.blob.core.windows.net.',
    format: 'url',
    default: null,
  },
  azureConnectionString: {
    doc: 'The connection string of the account, which names its endpoint and holds a key or a SAS token.',
    format: 'string',
    default: null,
    sensitive: true,
  },
  azureAccountKey: {
    doc: 'A key of azure.account.',
    format: 'string',
    default: null,
    sensitive: true,
  },
  azureSasToken: {
    doc:
      'A SAS token. With none of the three, which is better, DefaultAzureCredential of @azure/identity finds an identity: ' +
      'the managed or workload identity of the machine or pod, environment variables, or the Azure CLI.',
    format: 'string',
    default: null,
    sensitive: true,
  },
});

export type AzureConnection = ConfigValues<typeof azureConnection>;

/** What is wrong with how the service is to be reached. */
export function* checkAzureConnection(values: AzureConnection): Generator<ConfigProblem> {
  const { azureConnectionString, azureAccountKey, azureSasToken, azureAccount, azureEndpoint } = values;
  const logins = [
    { key: 'azure.connection.string', value: azureConnectionString },
    { key: 'azure.account.key', value: azureAccountKey },
    { key: 'azure.sas.token', value: azureSasToken },
  ];
  const [first, ...others] = logins.filter(({ value }) => value !== null);
  for (const { key } of others)
    yield { key, message: `is set beside ${first?.key}; expected one way to log in: remove one of the two` };
  if (azureConnectionString !== null || azureAccount !== null) return;
  if (azureEndpoint === null) {
    const message = 'is not set; name the storage account, or set azure.endpoint or azure.connection.string';
    yield { key: 'azure.account', message };
  } else if (azureAccountKey !== null) {
    yield { key: 'azure.account', message: 'is not set; name the account that azure.account.key is of' };
  }
}

/** A container, and the folder in it; an empty one is all of the container. */
export interface AzureFolder {
  readonly container: string;
  readonly prefix: string;
}

export interface OpenAzureOptions {
  readonly log: PluginLog;
  /** What names the container, for messages, as in `connector.class: azure-blob`. */
  readonly wantedBy: string;
  /** Blobs of a page of a listing, at most 5,000; not set: as many as there may be. */
  readonly pageBlobs?: number;
}

/**
 * Opens a folder of a container, by the SDK that is loaded for it. Nothing is asked of the container yet.
 *
 * @throws HeadraceError CONFIG_INVALID when an SDK is not installed, or the connection string is none
 */
export async function openAzure(
  values: AzureConnection,
  { container, prefix }: AzureFolder,
  { log, wantedBy, pageBlobs = PAGE_BLOBS }: OpenAzureOptions,
): Promise<FileStore> {
  const client = await clientFor(values, container, wantedBy);
  const [{ AzureContainer }, { ObjectStore }] = await Promise.all([
    import('./azure-container.ts'),
    import('../files/remote/object-store.ts'),
  ]);
  const endpoint = new URL(client.url).origin;
  const asked = new AzureContainer({ client, container, endpoint, pageBlobs, log });
  return new ObjectStore({ bucket: asked, prefix: folderName(prefix), log });
}

async function clientFor(
  values: AzureConnection,
  container: string,
  wantedBy: string,
): Promise<ContainerClient> {
  const { azureConnectionString, azureAccount, azureAccountKey, azureSasToken } = values;
  const { ContainerClient, StorageSharedKeyCredential } = await loadSdk(
    '@azure/storage-blob',
    wantedBy,
    () => import('@azure/storage-blob'),
  );
  if (azureConnectionString !== null) {
    try {
      return new ContainerClient(azureConnectionString, container, ONCE);
    } catch (error) {
      const problem = `azure.connection.string cannot be used (${messageOf(error)})`;
      throw new HeadraceError('CONFIG_INVALID', `${problem}; copy it from the access keys of the account`);
    }
  }
  const endpoint = values.azureEndpoint ?? `https://${azureAccount}.blob.core.windows.net`;
  const url = `${endpoint.replace(/\/$/, '')}/${encodeURIComponent(container)}`;
  if (azureSasToken !== null)
    return new ContainerClient(`${url}?${azureSasToken.replace(/^\?/, '')}`, undefined, ONCE);
  if (azureAccount !== null && azureAccountKey !== null)
    return new ContainerClient(url, new StorageSharedKeyCredential(azureAccount, azureAccountKey), ONCE);
  const { DefaultAzureCredential } = await loadSdk(
    '@azure/identity',
    `${wantedBy} without azure.connection.string, azure.account.key and azure.sas.token`,
    () => import('@azure/identity'),
  );
  return new ContainerClient(url, new DefaultAzureCredential(), ONCE);
}

/** What is tried again is decided by AzureContainer alone. */
const ONCE: StoragePipelineOptions = { retryOptions: { maxTries: 1 } };
