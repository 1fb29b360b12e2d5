import { expect, test } from 'vitest';
import { type AzureConnection, checkAzureConnection } from '../../../connectors/azure-blob/connection.ts';
import azure from '../../../connectors/azure-blob/index.ts';

const NOTHING: AzureConnection = {
  azureAccount: null,
  azureEndpoint: null,
  azureConnectionString: null,
  azureAccountKey: null,
  azureSasToken: null,
};

function mistakesIn(values: Partial<AzureConnection>): string[] {
  return [...checkAzureConnection({ ...NOTHING, ...values })].map(({ key, message }) => `${key} ${message}`);
}

test('an account is named in one of three ways, and logged in to in one', () => {
  for (const values of [
    { azureAccount: 'a' },
    { azureEndpoint: 'https://a.blob.core.windows.net' },
    { azureConnectionString: 'AccountName=a;AccountKey=k' },
    { azureAccount: 'a', azureAccountKey: 'k' },
    { azureEndpoint: 'https://a.blob.core.windows.net', azureSasToken: 's' },
  ])
    expect(mistakesIn(values)).toEqual([]);
  expect(mistakesIn({})).toEqual([
    expect.stringMatching(/^azure\.account is not set; name the storage account/),
  ]);
  expect(mistakesIn({ azureEndpoint: 'https://a', azureAccountKey: 'k' })).toEqual([
    'azure.account is not set; name the account that azure.account.key is of',
  ]);
  expect(mistakesIn({ azureAccount: 'a', azureAccountKey: 'k', azureSasToken: 's' })).toEqual([
    'azure.sas.token is set beside azure.account.key; expected one way to log in: remove one of the two',
  ]);
});

test('keys and tokens are shown nowhere', () => {
  const { azureConnectionString, azureAccountKey, azureSasToken } = azure.config;
  for (const option of [azureConnectionString, azureAccountKey, azureSasToken])
    expect(option.sensitive).toBe(true);
});
