import { text } from 'node:stream/consumers';
import { BlobServiceClient, StorageSharedKeyCredential } from '@azure/storage-blob';
import { beforeAll, expect, test } from 'vitest';
import {
  AZURE_ACCOUNT,
  type AzureContainer,
  azureConnectionString,
  newAzureContainer,
} from '../support/azure.ts';

let azure: AzureContainer;

beforeAll(async () => {
  azure = await newAzureContainer();
});

test('a container gives back what was put into it, under odd names too', async () => {
  const names = ['a/b.csv', 'ä ö+%20?.csv', 'a/b c&d=e#.csv'];
  for (const name of names) await azure.put(name, `content of ${name}`);

  expect(await azure.list()).toEqual(expect.arrayContaining(names));
  for (const name of names) expect(String(await azure.read(name))).toBe(`content of ${name}`);

  await azure.remove('a/b.csv');
  expect(await azure.list()).not.toContain('a/b.csv');
});

test('a read on the condition of a version is refused once there is another', async () => {
  await azure.put('v.csv', '0123456789');
  const blob = azure.container.getBlobClient('v.csv');
  const { etag } = await blob.getProperties();
  const conditions = { ifMatch: etag as string };
  const { readableStreamBody } = await blob.download(3, 3, { conditions });
  expect(await text(readableStreamBody as NodeJS.ReadableStream)).toBe('345');

  await azure.put('v.csv', 'another version');

  await expect(blob.download(3, 3, { conditions })).rejects.toMatchObject({ statusCode: 412 });
});

test('a listing comes in pages that go on where the last one ended', async () => {
  const { container, put } = await newAzureContainer('pages');
  for (const name of ['1', '2', '3']) await put(name, name);

  const pages: string[][] = [];
  for await (const { segment } of container.listBlobsFlat().byPage({ maxPageSize: 2 })) {
    pages.push(segment.blobItems.map(({ name }) => name));
  }

  expect(pages).toEqual([['1', '2'], ['3']]);
});

test('a connection string lets in, a wrong key does not', async () => {
  const options = { retryOptions: { maxTries: 1 } };
  const allowed = BlobServiceClient.fromConnectionString(azureConnectionString(azure.endpoint), options);
  expect(await allowed.getContainerClient(azure.name).exists()).toBe(true);

  const wrong = new StorageSharedKeyCredential(AZURE_ACCOUNT.name, Buffer.from('wrong').toString('base64'));
  const refused = new BlobServiceClient(azure.endpoint, wrong, options);
  await expect(refused.getContainerClient(azure.name).getProperties()).rejects.toMatchObject({
    statusCode: 403,
  });
});
