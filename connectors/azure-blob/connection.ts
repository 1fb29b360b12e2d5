import type { ContainerClient, StoragePipelineOptions } from '@azure/storage-blob';
import type { ConfigProblem, ConfigValues, PluginLog } from '../../src/plugin/index.ts';
import { defineConfig, HeadraceError, messageOf } from '../../src/plugin/index.ts';
import { loadSdk } from '../files/remote/load-sdk.ts';
import { folderName } from '../files/remote/object-names.ts';
import { AzureContainer } from './azure-container.ts';
import { AzureStore } from './azure-store.ts';

/** How a container is reached. */
export const azureOptions = defineConfig({
  azureContainer: {
    doc: 'The container.',
    format: 'string',
    required: true,
  },
  azurePrefix: {
    doc: 'What the names of the blobs begin with, as a folder: `asx/trades`. Not set: all of the container.',
    format: 'string',
    default: '',
  },
  azureAccount: {
    doc: 'The storage account. Needed unless azure.endpoint or azure.connection.string names it.',
    format: 'string',
    default: null,
  },
  azureEndpoint: {
    doc: 'Where the Blob service is reached. Not set: `https://<azure.account>.blob.core.windows.net`.',
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
      'A SAS token. With neither of the three, DefaultAzureCredential of @azure/identity finds an identity: environment ' +
      'variables, workload or managed identity, the Azure CLI.',
    format: 'string',
    default: null,
    sensitive: true,
  },
});

export type AzureConnection = ConfigValues<typeof azureOptions>;

/** The most that the service gives. */
const PAGE_BLOBS = 5000;
/** Each call is made once: what is tried again is decided in one place for all stores. */
const ONCE: StoragePipelineOptions = { retryOptions: { maxTries: 1 } };

/** What is wrong with how a container is to be reached. */
export function* checkAzure(values: AzureConnection): Generator<ConfigProblem> {
  const { azureConnectionString, azureAccountKey, azureSasToken, azureAccount, azureEndpoint } = values;
  const given = [
    ['azure.connection.string', azureConnectionString],
    ['azure.account.key', azureAccountKey],
    ['azure.sas.token', azureSasToken],
  ].flatMap(([key, value]) => (value === null || key === null || key === undefined ? [] : [key]));
  const [first, second] = given;
  if (first !== undefined && second !== undefined)
    yield {
      key: second,
      message: `is set beside ${first}; expected one way to log in: remove one of the two`,
    };
  if (azureConnectionString === null && azureAccount === null && azureEndpoint === null)
    yield {
      key: 'azure.account',
      message: 'is not set; name the storage account, or set azure.endpoint or azure.connection.string',
    };
  else if (azureAccountKey !== null && azureAccount === null)
    yield {
      key: 'azure.account',
      message: 'is not set, and azure.account.key is; name the account whose key it is',
    };
}

/**
 * The blobs of a container. Nothing is asked of the container yet.
 *
 * @throws HeadraceError CONFIG_INVALID when an SDK is not installed, or the connection string is none
 */
export async function openAzure(
  values: AzureConnection,
  log: PluginLog,
  pageBlobs = PAGE_BLOBS,
): Promise<AzureStore> {
  const client = await clientFor(values);
  const { azureContainer, azurePrefix } = values;
  const endpoint = new URL(client.url).origin;
  const container = new AzureContainer({ client, container: azureContainer, endpoint, pageBlobs, log });
  return new AzureStore({ container, prefix: folderName(azurePrefix), log });
}

async function clientFor(values: AzureConnection): Promise<ContainerClient> {
  const { azureContainer, azureConnectionString, azureAccount, azureAccountKey, azureSasToken } = values;
  const sdk = await loadSdk(
    '@azure/storage-blob',
    'connector.class: azure-blob',
    () => import('@azure/storage-blob'),
  );
  if (azureConnectionString !== null) {
    try {
      return new sdk.ContainerClient(azureConnectionString, azureContainer, ONCE);
    } catch (error) {
      const message = `azure.connection.string cannot be used (${messageOf(error)}); copy it from the account's access keys`;
      throw new HeadraceError('CONFIG_INVALID', message);
    }
  }
  const endpoint = values.azureEndpoint ?? `https://${azureAccount}.blob.core.windows.net`;
  const url = `${endpoint.replace(/\/$/, '')}/${encodeURIComponent(azureContainer)}`;
  if (azureSasToken !== null)
    return new sdk.ContainerClient(`${url}?${azureSasToken.replace(/^\?/, '')}`, undefined, ONCE);
  if (azureAccountKey !== null && azureAccount !== null) {
    const credential = new sdk.StorageSharedKeyCredential(azureAccount, azureAccountKey);
    return new sdk.ContainerClient(url, credential, ONCE);
  }
  const { DefaultAzureCredential } = await loadSdk(
    '@azure/identity',
    'connector.class: azure-blob',
    () => import('@azure/identity'),
  );
  return new sdk.ContainerClient(url, new DefaultAzureCredential(), ONCE);
}
