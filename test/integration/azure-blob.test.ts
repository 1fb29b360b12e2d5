import { azureConnectionString, newAzureContainer } from '../support/azure.ts';
import { azureError } from '../support/http-faults.ts';
import { carriesObjects } from './support/object-feeds.ts';

carriesObjects('Azure Blob Storage', {
  newBucket: newAzureContainer,
  options: ({ name }, endpoint) => ({
    'connector.class': 'azure-blob',
    'azure.container': name,
    'azure.prefix': 'drop',
    'azure.connection.string': azureConnectionString(endpoint),
  }),
  error: azureError,
});
