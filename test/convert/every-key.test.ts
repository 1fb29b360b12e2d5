import { describe, expect, test } from 'vitest';
import { CONNECT_KEYS } from '../../src/convert/connect-keys.ts';
import { CONNECTORS } from '../../src/convert/convert.ts';
import { FILEPULSE_FILTERS, ROW_FILTERS } from '../../src/convert/filepulse-filters.ts';
import { FILEPULSE_STORES } from '../../src/convert/filepulse-stores.ts';
import { convert, FILEPULSE, SPOOLDIR } from './support.ts';

/** What some keys need to be worth anything. */
const FITTING: Readonly<Record<string, string>> = { transforms: 'none', predicates: 'none', filters: 'rows' };

/** Nothing of what somebody wrote is dropped without a word. */
async function expectTold(connector: Readonly<Record<string, string>>, key: string) {
  for (const value of ['true', 'false', '1', 'some.Thing']) {
    const { text } = await convert({ ...connector, [key]: FITTING[key] ?? value }).catch((error: Error) => ({
      text: error.message,
    }));
    expect(text, `${key}=${value}`).toContain(key);
  }
}

const spooldir = { ...SPOOLDIR, 'csv.first.row.as.header': 'true' };
const keysOf = (rules: readonly { readonly key: string }[]) =>
  rules.map(({ key }) => key.replace(/\.$/, '.x'));

describe.each([
  ['spooldir', spooldir, keysOf(CONNECTORS.SpoolDirCsvSourceConnector ?? [])],
  ['FilePulse', FILEPULSE, keysOf(CONNECTORS.FilePulseSourceConnector ?? [])],
  ['Kafka Connect', spooldir, keysOf(CONNECT_KEYS)],
])('%s', (_name, connector, keys) => {
  test.each(keys)('%s', (key) => expectTold(connector, key));
});

/** What each place cannot do without. */
const PLACES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  LocalFSDirectoryListing: { 'fs.listing.directory.path': '/in' },
  AmazonS3FileSystemListing: { 'aws.s3.bucket.name': 'in' },
  GcsFileSystemListing: { 'gcs.bucket.name': 'in' },
  AzureBlobStorageFileSystemListing: {
    'azure.storage.account.name': 'in',
    'azure.storage.account.key': 'a2V5',
    'azure.storage.container.name': 'in',
  },
  SftpFilesystemListing: {
    'sftp.listing.host': 'in.example.com',
    'sftp.listing.user': 'in',
    'sftp.listing.directory.path': '/in',
  },
};

describe.each(Object.entries(FILEPULSE_STORES))('%s', (type, { keys }) => {
  const { 'fs.listing.directory.path': _, ...others } = FILEPULSE;
  const connector = { ...others, 'fs.listing.class': type, ...PLACES[type] };
  test.each(keysOf(keys))('%s', (key) => expectTold(connector, key));
});

describe.each(Object.entries(FILEPULSE_FILTERS))('%s', (type, { keys }) => {
  const label = ROW_FILTERS.includes(type) ? 'rows' : 'own';
  const connector = {
    ...FILEPULSE,
    filters: label === 'rows' ? 'rows' : 'rows,own',
    [`filters.${label}.type`]: type,
  };
  const common = ['if', 'invert', 'ignoreFailure', 'withOnFailure', 'unheard.of'];
  test.each([...keysOf(keys ?? []), ...common])('%s', (key) =>
    expectTold(connector, `filters.${label}.${key}`),
  );
});

test('a key that nobody knows is told, and left out', async () => {
  const { lost } = await convert({ ...spooldir, 'of.mine': '1' });
  expect(lost['of.mine']).toContain('not known');
});
