import { mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { builtInNames, builtInPlugin } from '../../src/loader/built-in.ts';
import type { SourceConnectorPlugin } from '../../src/plugin/index.ts';
import { type SourceBattery, testSourceConnector } from '../../src/testing/index.ts';
import { azureConnectionString, newAzureContainer } from '../support/azure.ts';
import { gcsServes, newGcsBucket } from '../support/gcs.ts';
import { newS3Bucket } from '../support/s3.ts';
import { newSftpFolder, sharedSftp } from '../support/sftp.ts';
import type { TestStore } from '../support/test-store.ts';
import { fileWith } from './sftp/support.ts';
import { temporaryFolder } from './support.ts';

const FILES = [
  { path: 'a.csv', content: 'symbol,price\nBHP,45.12\nCBA,10\n' },
  { path: 'b.csv', content: 'symbol,price\n' },
  { path: 'c.csv.gz', content: 'symbol,price\nRIO,131.4\nWBC,1' },
];
const bytesOf = ({ path, content }: (typeof FILES)[number]) =>
  path.endsWith('.gz') ? gzipSync(content) : content;

/** A folder with these files, all of one age. */
function folder(): string {
  const root = temporaryFolder();
  mkdirSync(join(root, 'drop'));
  for (const file of FILES) {
    const path = join(root, 'drop', file.path);
    writeFileSync(path, bytesOf(file));
    utimesSync(path, 1, 1);
  }
  return root;
}

async function filled<S extends TestStore>(store: S): Promise<S> {
  for (const file of FILES) await store.put(`drop/${file.path}`, bytesOf(file));
  return store;
}

const WATCHED = { files: FILES, watches: true } as const;

const BATTERIES: Readonly<Record<string, SourceBattery>> = {
  local: {
    options: () => {
      const root = folder();
      return { 'input.path': join(root, 'drop/*.csv{,.gz}'), 'finished.path': join(root, 'done') };
    },
    files: FILES.map(({ content }) => ({ content })),
    failing: [{ options: { 'input.path': '/no/such/folder/*.csv' }, message: '/no/such/folder' }],
    wrongOptions: [{ options: { 'on.reappear': 'never' }, message: 'on.reappear' }],
  },
  directory: {
    ...WATCHED,
    options: () => {
      const root = folder();
      return { 'input.path': join(root, 'drop'), 'finished.path': join(root, 'done'), 'settle.ms': '0' };
    },
    wrongOptions: [{ options: { 'files.order': 'colour' }, message: 'files.order' }],
  },
  s3: {
    ...WATCHED,
    options: async () => {
      const { name, endpoint } = await filled(await newS3Bucket());
      return {
        's3.bucket': name,
        's3.prefix': 'drop',
        's3.endpoint': endpoint,
        's3.path.style': 'true',
        's3.access.key.id': 'tests',
        's3.secret.access.key': 'any',
        'finished.path': 'done',
      };
    },
  },
  gcs: {
    ...WATCHED,
    options: async () => {
      const { name, endpoint } = await filled(await newGcsBucket());
      return { 'gcs.bucket': name, 'gcs.prefix': 'drop', 'gcs.endpoint': endpoint, 'finished.path': 'done' };
    },
  },
  'azure-blob': {
    ...WATCHED,
    options: async () => {
      const { name, endpoint } = await filled(await newAzureContainer());
      return {
        'azure.container': name,
        'azure.prefix': 'drop',
        'azure.connection.string': azureConnectionString(endpoint),
        'finished.path': 'done',
      };
    },
  },
  sftp: {
    ...WATCHED,
    options: async () => {
      const server = await sharedSftp();
      const place = await newSftpFolder();
      await mkdir(join(place.onDisk, 'drop'));
      await filled(place);
      return {
        'sftp.host': server.host,
        'sftp.port': String(server.port),
        'sftp.user': server.user,
        'sftp.password': server.password,
        'sftp.known.hosts': await fileWith(`${server.knownHostsLine}\n`),
        'input.path': `${place.path}/drop`,
        'finished.path': `${place.path}/done`,
        'settle.ms': '0',
      };
    },
  },
};

const names = builtInNames('source');

test('every built-in connector has a battery', () => {
  expect(Object.keys(BATTERIES).sort()).toEqual(names);
});

/** Of those whose server is not to be had here. */
const missing = (await gcsServes()) ? [] : ['gcs'];

describe.each(names.filter((name) => !missing.includes(name)))('%s', async (name) => {
  const plugin = (await builtInPlugin('source', name)?.())?.default as SourceConnectorPlugin;
  for (const { name: title, run } of testSourceConnector(plugin, BATTERIES[name] as SourceBattery))
    test(title, run);
});
