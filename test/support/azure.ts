import { BlobServiceClient, type ContainerClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { AZURE_ACCOUNT } from '../../scripts/stack/azure.ts';
import { sharedServer, uniqueName } from './stack.ts';
import { byBytes, type TestStore } from './test-store.ts';

/** The server of Azure Blob Storage that all test files share; `AZURE_ACCOUNT` is whom it lets in. */
export interface SharedAzure {
  /** Ends with the account's name. */
  readonly endpoint: string;
}

/** A container with a client that reaches it. */
export interface AzureContainer extends TestStore, SharedAzure {
  readonly container: ContainerClient;
}

export { AZURE_ACCOUNT };

export function sharedAzure(): Promise<SharedAzure> {
  return sharedServer('azure');
}

/** A client of a server of tests; `endpoint` may be that of a proxy before it. */
export function azureClient(endpoint: string): BlobServiceClient {
  const credential = new StorageSharedKeyCredential(AZURE_ACCOUNT.name, AZURE_ACCOUNT.key);
  return new BlobServiceClient(endpoint, credential, { retryOptions: { maxTries: 1 } });
}

/** What an application is given to log in by; a name and a key in one text. */
export function azureConnectionString(endpoint: string): string {
  const { name, key } = AZURE_ACCOUNT;
  return `DefaultEndpointsProtocol=http;AccountName=${name};AccountKey=${key};BlobEndpoint=${endpoint};`;
}

/** A new, empty container on the shared server. */
export async function newAzureContainer(purpose = 'container'): Promise<AzureContainer> {
  const { endpoint } = await sharedAzure();
  const name = uniqueName(purpose);
  const container = azureClient(endpoint).getContainerClient(name);
  await container.create();
  return {
    ...{ name, endpoint, container },
    async put(path, content) {
      await container.getBlockBlobClient(path).uploadData(Buffer.from(content));
    },
    read: (path) => container.getBlobClient(path).downloadToBuffer(),
    async remove(path) {
      await container.deleteBlob(path);
    },
    async list() {
      const names: string[] = [];
      for await (const blob of container.listBlobsFlat()) names.push(blob.name);
      return byBytes(names);
    },
  };
}
