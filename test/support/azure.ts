import {
  BlobServiceClient,
  type ContainerClient,
  ContainerSASPermissions,
  generateBlobSASQueryParameters,
  StorageSharedKeyCredential,
} from '@azure/storage-blob';
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

const CREDENTIAL = new StorageSharedKeyCredential(AZURE_ACCOUNT.name, AZURE_ACCOUNT.key);
const SIGNATURE_VALID_MS = 3_600_000;

export function sharedAzure(): Promise<SharedAzure> {
  return sharedServer('azure');
}

/** A client of a server of tests; `endpoint` may be that of a proxy before it. */
export function azureClient(endpoint: string): BlobServiceClient {
  return new BlobServiceClient(endpoint, CREDENTIAL, { retryOptions: { maxTries: 3, retryDelayInMs: 50 } });
}

/** What an application is given to log in by; a name and a key in one text. */
export function azureConnectionString(endpoint: string): string {
  const { name, key } = AZURE_ACCOUNT;
  return `DefaultEndpointsProtocol=http;AccountName=${name};AccountKey=${key};BlobEndpoint=${endpoint};`;
}

/** The path, with its query, of a request for a blob by a signature of its own rather than one of its headers. */
export function azureReadWithoutRange(path: string): string {
  const containerName = path.split('/')[2] as string;
  const permissions = ContainerSASPermissions.parse('r');
  const expiresOn = new Date(Date.now() + SIGNATURE_VALID_MS);
  const signature = generateBlobSASQueryParameters({ containerName, permissions, expiresOn }, CREDENTIAL);
  return `${path}${path.includes('?') ? '&' : '?'}${signature}`;
}

/** A new, empty container on a server, by default the shared one. */
export async function newAzureContainer(
  purpose = 'container',
  server?: SharedAzure,
): Promise<AzureContainer> {
  const { endpoint } = server ?? (await sharedAzure());
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
      await container.getBlobClient(path).deleteIfExists();
    },
    async list() {
      const names: string[] = [];
      for await (const blob of container.listBlobsFlat()) names.push(blob.name);
      return byBytes(names);
    },
  };
}
