import type { AzureConnection } from '../../../connectors/azure-blob/connection.ts';
import { AZURE_ACCOUNT, type AzureContainer } from '../../support/azure.ts';

/** How a container of the shared server is reached; `endpoint` may be that of a proxy before it. */
export function connectionTo({ name, endpoint }: Pick<AzureContainer, 'name' | 'endpoint'>): AzureConnection {
  return {
    azureContainer: name,
    azurePrefix: '',
    azureAccount: AZURE_ACCOUNT.name,
    azureEndpoint: endpoint,
    azureConnectionString: null,
    azureAccountKey: AZURE_ACCOUNT.key,
    azureSasToken: null,
  };
}
