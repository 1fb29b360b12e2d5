import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import type { FileStore, ListedFile } from '../../../connectors/files/file-store.ts';
import { type GcsConnection, openGcs } from '../../../connectors/gcs/connection.ts';
import gcs from '../../../connectors/gcs/index.ts';
import { FaultProxy } from '../../support/fault-proxy.ts';
import { gcsServes, newGcsBucket } from '../../support/gcs.ts';
import { answer, flipByteAt, gcsError, isListing, readOf } from '../../support/http-faults.ts';
import { contentOf, EVERYTHING, listed, opened } from '../store-conformance.ts';
import { bearsFaults, type FaultyStore } from '../store-faults.ts';
import { LIMITS, temporaryFolder, testContext, WATCHING } from '../support.ts';
import { connectionTo, storeOf } from './support.ts';

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** A new bucket behind a proxy, and a store that reaches it so. */
async function behindProxy(wrong: { readonly name?: string } & Partial<GcsConnection> = {}) {
  const files = await newGcsBucket();
  const proxy = await FaultProxy.before(files.endpoint);
  ends.push(() => proxy.close());
  const { name = files.name, ...connection } = wrong;
  const options = { log: testContext().log, wantedBy: 'a test', pageObjects: 50 };
  const store = await openGcs(
    { ...connectionTo(proxy.url), ...connection },
    { bucket: name, prefix: '' },
    options,
  );
  ends.push(() => store.close());
  return { files, proxy, store };
}

async function onlyFile(store: FileStore): Promise<ListedFile> {
  const [file] = await listed(store);
  if (file === undefined) throw new Error('no file is listed');
  return file;
}

describe.runIf(await gcsServes())('Google Cloud Storage', () => {
  bearsFaults('A bucket', faultyStore, { denied: 'forbidden' });

  test('that gives other bytes than were stored is found out by the checksum', async () => {
    const { files, proxy, store } = await behindProxy();
    await files.put('a.csv', 'one\ntwo\n');
    const file = await onlyFile(store);
    proxy.plan(flipByteAt(2), readOf('a.csv'));
    await expect(contentOf(store, file)).rejects.toMatchObject({ code: 'SOURCE_MALFORMED' });
  });

  test('gives the bytes that are stored, of what is to be decompressed on its way too', async () => {
    const { files, store } = await behindProxy();
    const stored = gzipSync('one\ntwo\n');
    const metadata = { contentEncoding: 'gzip', contentType: 'text/csv' };
    await files.bucket.file('a.csv').save(stored, { resumable: false, metadata });
    const file = await onlyFile(store);
    const open = await opened(store, file);
    expect(open.version.size).toBe(stored.length);
    await open.close();
    expect((await contentOf(store, file)).equals(stored)).toBe(true);
  });

  test('is not asked for the rest of a folder that is not wanted; what stands for a folder is no file', async () => {
    const { files, proxy, store } = await behindProxy();
    const delivered = Array.from({ length: 120 }, (_, index) => `done/${index}.csv`);
    await Promise.all([...delivered, 'done.csv', 'in/', 'in/a.csv'].map((path) => files.put(path, '')));
    const found = await listed(store, { ...EVERYTHING, isFolderWanted: (place) => place !== 'done' });
    expect(found.map(({ place }) => place)).toEqual(['done.csv', 'in/a.csv']);
    expect(proxy.count(isListing)).toBe(2);
  });

  test.each([
    [
      'a bucket that is not there',
      () => ({ name: 'nobody-has-it' }),
      /\(404 .*\); check gcs\.bucket \("nobody-has-it"\)/,
    ],
    [
      'a file of credentials that is not there',
      () => ({ gcsCredentialsFile: '/nowhere/key.json' }),
      /: no credentials \(ENOENT.*\); check gcs\.credentials\.file \("\/nowhere\/key\.json"\)$/,
    ],
    [
      'credentials that are none',
      () => ({ gcsCredentialsFile: temporaryFolder() }),
      /: no credentials \(.+\); check gcs\.credentials\.file/,
    ],
  ])('says of %s how to mend it', async (_, wrong, message) => {
    const { store } = await behindProxy(wrong());
    await expect(listed(store)).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      message: expect.stringMatching(message),
    });
  });

  test('that takes no token any more, or no more requests for now, is asked again with a new one', async () => {
    const { files, proxy, store } = await behindProxy();
    await files.put('a.csv', 'one\n');
    const file = await onlyFile(store);
    proxy.plan(gcsError(401, 'authError'), readOf('a.csv'));
    proxy.plan(gcsError(403, 'userRateLimitExceeded'), readOf('a.csv'));
    expect((await contentOf(store, file)).toString()).toBe('one\n');
  });

  test('has as many files as a feed wants, delivered ones that lie below it not counted', async () => {
    const { files } = await behindProxy();
    for (const path of ['in/a.csv', 'in/deep/b.csv', 'in/c.txt', 'in/done/d.csv', 'e.csv'])
      await files.put(path, '');
    const count = await gcs.countFiles?.({
      ...connectionTo(files.endpoint),
      gcsBucket: files.name,
      gcsPrefix: 'in',
      inputFilePattern: '*.csv',
      scanIntervalMs: 30_000,
      finishedPath: 'in/done',
      finishedDelete: false,
      errorPath: null,
      onReappear: 'auto',
      ...LIMITS,
      ...WATCHING,
      filesOrder: 'name',
    });
    expect(count).toBe(2);
  });

  test('is told from a server that does not speak its language', async () => {
    const { proxy, store } = await behindProxy();
    proxy.plan(answer({ status: 200, body: '<html>Welcome</html>' }), isListing);
    const message = /it answered "<html>Welcome<\/html>", not JSON\); check gcs\.endpoint/;
    await expect(listed(store)).rejects.toThrow(message);
  });
});

async function faultyStore(): Promise<FaultyStore> {
  const files = await newGcsBucket();
  const proxy = await FaultProxy.before(files.endpoint);
  const { name } = files;
  return {
    files,
    proxy,
    open: (context) => storeOf({ name, endpoint: proxy.url }, context),
    error: gcsError,
  };
}
