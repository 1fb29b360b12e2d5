import { ContainerSASPermissions } from '@azure/storage-blob';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type AzureConnection, openAzure } from '../../../connectors/azure-blob/connection.ts';
import type { FileStore } from '../../../connectors/files/file-store.ts';
import { type AzureContainer, azureConnectionString, newAzureContainer } from '../../support/azure.ts';
import { FaultProxy } from '../../support/fault-proxy.ts';
import { azureError } from '../../support/http-faults.ts';
import { listed, opened } from '../store-conformance.ts';
import { bearsFaults, type FaultyStore } from '../store-faults.ts';
import { testContext } from '../support.ts';
import { connectionTo, storeOf } from './support.ts';

/** A store that is reached in a way of its own. */
async function storeBy(
  { name }: Pick<AzureContainer, 'name'>,
  connection: AzureConnection,
): Promise<FileStore> {
  const options = { log: testContext().log, wantedBy: 'a test' };
  const store = await openAzure(connection, { container: name, prefix: '' }, options);
  onTestFinished(() => store.close());
  return store;
}

describe('Azure Blob Storage', () => {
  bearsFaults('A container', faultyStore, { denied: 'AuthorizationPermissionMismatch' });

  test('gives no bytes that were appended to a blob while it is read, as it is another version', async () => {
    const files = await newAzureContainer();
    const blob = files.container.getAppendBlobClient('a.log');
    await blob.create();
    await blob.appendBlock('one\n', 4);
    const store = await storeBy(files, connectionTo(files.endpoint));
    const [file] = await listed(store);
    if (file === undefined) throw new Error('it is not listed');
    const open = await opened(store, file);
    await blob.appendBlock('two\n', 4);
    await expect(open.read(Buffer.alloc(100), 0)).rejects.toMatchObject({
      code: 'SOURCE_CHANGED',
      message: expect.stringMatching(/^"a\.log" was replaced, appended to or deleted/),
    });
    await open.close();
  });

  test('passes over what stands for a folder', async () => {
    const files = await newAzureContainer();
    await files.put('in/', '');
    await files.container.getBlockBlobClient('deep').upload('', 0, { metadata: { hdi_isfolder: 'true' } });
    await files.put('in/a.csv', 'one\n');
    const found = await listed(await storeBy(files, connectionTo(files.endpoint)));
    expect(found.map(({ place }) => place)).toEqual(['in/a.csv']);
  });

  test('is reached by a connection string and by a SAS token as well as by a key', async () => {
    const files = await newAzureContainer();
    await files.put('a.csv', 'one\n');
    const none = { ...connectionTo(files.endpoint), azureAccount: null, azureAccountKey: null };
    const sas = await files.container.generateSasUrl({
      expiresOn: new Date(Date.now() + 3_600_000),
      permissions: ContainerSASPermissions.parse('rwdl'),
    });
    const ways: AzureConnection[] = [
      connectionTo(files.endpoint),
      { ...none, azureEndpoint: null, azureConnectionString: azureConnectionString(files.endpoint) },
      { ...none, azureSasToken: new URL(sas).search },
    ];
    for (const way of ways) {
      const store = await storeBy(files, way);
      const [file] = await listed(store);
      if (file === undefined) throw new Error('it is not listed');
      const { log } = testContext();
      const done = await store.prepareDestination('finished.path', 'done', log);
      expect(await store.moveInto(done, file, file.version, 'gen')).toHaveProperty('target');
      await files.remove('done/a.csv');
      await files.put('a.csv', 'one\n');
    }
  });

  test.each([
    [
      'a container that is not there',
      { name: 'nobody-has-it' },
      /\(404 ContainerNotFound: .*\); check azure\.container \("nobody-has-it"\)/,
    ],
    [
      'a wrong key',
      { azureAccountKey: 'bm8ga2V5' },
      /\(403 Auth\w+: [^\n]+\); see that the key, token or identity is right/,
    ],
    [
      'a token that has expired',
      {
        azureAccountKey: null,
        azureSasToken: 'sv=2024-11-04&se=2020-01-01T00%3A00%3A00Z&sr=c&sp=rl&sig=bm9uZQ%3D%3D',
      },
      /\(403 [^\n]+\); see that the key, token or identity is right and has not expired/,
    ],
  ])('says of %s how to mend it', async (_, wrong: { name?: string } & Partial<AzureConnection>, message) => {
    const files = await newAzureContainer();
    const { name = files.name, ...connection } = wrong;
    const store = await storeBy({ name }, { ...connectionTo(files.endpoint), ...connection });
    await expect(listed(store)).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      message: expect.stringMatching(message),
    });
  });

  test('says of a connection string that is none where to find one', async () => {
    const connection = { ...connectionTo('http://127.0.0.1:1'), azureConnectionString: 'nonsense' };
    await expect(storeBy({ name: 'any' }, connection)).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringMatching(/^azure\.connection\.string cannot be used \(.+\); copy it from/),
    });
  });
});

async function faultyStore(): Promise<FaultyStore> {
  const files = await newAzureContainer();
  const proxy = await FaultProxy.before(files.endpoint);
  const { name } = files;
  return {
    files,
    proxy,
    open: (context) => storeOf({ name, endpoint: proxy.url }, context),
    error: azureError,
  };
}
