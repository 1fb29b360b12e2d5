import { type AzureConnection, openAzure } from '../../../connectors/azure-blob/connection.ts';
import type { FileStore } from '../../../connectors/files/file-store.ts';
import { AZURE_ACCOUNT, type AzureContainer } from '../../support/azure.ts';
import { testContext } from '../support.ts';

/** How the shared server is reached; `endpoint` may be that of a proxy before it. */
export function connectionTo(endpoint: string): AzureConnection {
  return {
    azureAccount: AZURE_ACCOUNT.name,
    azureEndpoint: endpoint,
    azureConnectionString: null,
    azureAccountKey: AZURE_ACCOUNT.key,
    azureSasToken: null,
  };
}

/** A store on all of a container. */
export function storeOf(
  { name, endpoint }: Pick<AzureContainer, 'name' | 'endpoint'>,
  { log } = testContext(),
): Promise<FileStore> {
  const options = { log, wantedBy: 'a test', pageBlobs: 50 };
  return openAzure(connectionTo(endpoint), { container: name, prefix: '' }, options);
}
