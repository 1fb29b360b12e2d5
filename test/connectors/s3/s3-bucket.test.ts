import { HeadObjectCommand, PutObjectCommand, type PutObjectCommandInput } from '@aws-sdk/client-s3';
import { crc32c } from '@node-rs/crc32';
import { beforeAll, expect, test } from 'vitest';
import type { ListedFile, ListFilter } from '../../../connectors/files/file-store.ts';
import s3 from '../../../connectors/s3/index.ts';
import type { S3Store } from '../../../connectors/s3/s3-store.ts';
import type { S3Bucket } from '../../support/s3.ts';
import { WATCHING } from '../support.ts';
import { newS3Bucket, storeOn } from './support.ts';

const NEVER = new AbortController().signal;
const EVERYTHING: ListFilter = { isFolderWanted: () => true, isFileWanted: () => true };
const MIB = 1024 * 1024;

let bucket: S3Bucket;

beforeAll(async () => {
  bucket = await newS3Bucket();
});

async function listed(store: S3Store, filter = EVERYTHING): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  for await (const page of store.list(filter, NEVER)) files.push(...page);
  return files;
}

async function put(Key: string, options: Partial<PutObjectCommandInput>): Promise<void> {
  await bucket.client.send(new PutObjectCommand({ Bucket: bucket.name, Key, ...options }));
}

function base64(crc: number): string {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(crc);
  return bytes.toString('base64');
}

test('a folder that is not wanted is passed over without being listed, and what lies behind it is found', async () => {
  const own = await newS3Bucket('skips');
  const keys = [
    ...Array.from({ length: 30 }, (_, i) => `in/done/${i}.csv`),
    'in/done0.csv',
    'in/a.csv',
    'in/é.csv',
  ];
  for (const key of keys) await own.put(key, 'x');
  const asked: string[] = [];
  const store = storeOn(own, {
    prefix: 'in/',
    pageObjects: 5,
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  const found = await listed(store, {
    isFolderWanted: (place) => asked.push(place) > 0 && place !== 'done',
    isFileWanted: () => true,
  });
  expect(found.map(({ place }) => place)).toEqual(['a.csv', 'done0.csv', 'é.csv']);
  expect(asked).toEqual(['done']);
  await store.close();
});

test('objects that stand for folders are none to load', async () => {
  const own = await newS3Bucket('markers');
  await own.put('in/', '');
  await own.put('in/a/', '');
  await own.put('in/a/b.csv', 'x');
  const store = storeOn(own, { prefix: 'in/' });
  expect((await listed(store)).map(({ place }) => place)).toEqual(['a/b.csv']);
  await store.close();
});

test('an object is held against the checksum that S3 keeps of it', async () => {
  const body = Buffer.alloc(300_000, 'checked');
  await put('checked.csv', { Body: body, ChecksumCRC32C: base64(crc32c(body)) });
  const store = storeOn(bucket);
  const [file] = (await listed(store)).filter(({ path }) => path === 'checked.csv');
  const open = await store.open(file as ListedFile, NEVER);
  expect(open).toMatchObject({ checksum: { algorithm: 'crc32c', value: crc32c(body) } });
  await store.close();
});

test('an object that is too large for one copy is moved in parts, with what is said of it', async () => {
  const body = Buffer.alloc(12 * MIB, 'large');
  await put('large.csv', { Body: body, ContentType: 'text/csv', Metadata: { sender: 'asx' } });
  const store = storeOn(bucket, { copySizes: { largestBytes: 6 * MIB, partBytes: 5 * MIB } });
  const [file] = (await listed(store)).filter(({ path }) => path === 'large.csv') as [ListedFile];
  const destination = await store.prepareDestination('finished.path', 'done');
  expect(await store.moveInto(destination, file, file.version, 'gen')).toEqual({
    target: `s3://${bucket.name}/done/large.csv`,
  });
  expect((await bucket.read('done/large.csv')).equals(body)).toBe(true);
  const head = await bucket.client.send(
    new HeadObjectCommand({ Bucket: bucket.name, Key: 'done/large.csv' }),
  );
  expect(head).toMatchObject({ ContentType: 'text/csv', Metadata: { sender: 'asx' } });
  // One that was cut short before the removal is known by its bytes: its tag is another one.
  await put('large.csv', { Body: body });
  const again = { ...file, version: (await store.stat(file)) ?? file.version };
  expect(await store.moveInto(destination, again, again.version, 'gen')).toEqual({
    target: `s3://${bucket.name}/done/large.csv`,
  });
  expect((await bucket.list()).filter((key) => key.includes('large'))).toEqual(['done/large.csv']);
  await store.close();
});

test('a bucket that is not there is one line that says what to do', async () => {
  const store = storeOn({ ...bucket, name: 'no-such-bucket' });
  await expect(listed(store)).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    message: expect.stringMatching(
      /^s3:\/\/no-such-bucket\/ cannot be listed \(404 NoSuchBucket: .*\); make the bucket "no-such-bucket", or check its name and s3\.endpoint "http/,
    ),
  });
  await expect(store.prepareDestination('finished.path', 's3://nor-this/done')).rejects.toMatchObject({
    message: expect.stringContaining('finished.path "s3://nor-this/done" cannot be used (404 NotFound)'),
  });
  await store.close();
});

const VALUES = {
  s3Bucket: 'bucket',
  s3Prefix: 'in/trades',
  s3Endpoint: null,
  s3Region: null,
  s3PathStyle: false,
  s3AccessKeyId: null,
  s3SecretAccessKey: null,
  s3RoleArn: null,
  s3RoleExternalId: null,
  s3RequesterPays: false,
  s3EventsQueueUrl: null,
  ...WATCHING,
  filesOrder: 'name',
  inputFilePattern: '*',
  scanIntervalMs: 30_000,
  finishedPath: null,
  finishedDelete: false,
  finishedTag: {},
  errorPath: null,
  onReappear: 'auto',
  decompressedMaxBytes: 1000,
  decompressedMaxRatio: 250,
} as const;

test.each([
  [{}, []],
  [{ finishedPath: 'in/trades/done', errorPath: 's3://other/in' }, []],
  [{ finishedPath: 'in' }, ['finished.path']],
  [{ finishedPath: 'in/trades/', errorPath: 's3://bucket' }, ['finished.path', 'error.path']],
  [{ finishedPath: 'in/trades-done' }, []],
  [{ s3AccessKeyId: 'a' }, ['s3.access.key.id']],
  [{ s3SecretAccessKey: 'a' }, ['s3.secret.access.key']],
  [{ s3RoleExternalId: 'a' }, ['s3.role.external.id']],
  [{ finishedTag: { state: 'done' } }, []],
  [{ finishedTag: { state: 'done' }, finishedDelete: true }, ['finished.tag']],
  [{ finishedPath: 'done', finishedDelete: true }, ['finished.delete']],
  [{ scanIntervalMs: 10 }, ['scan.interval.ms']],
])('options %j have mistakes in %j', (given, keys) => {
  expect([...(s3.check?.({ ...VALUES, ...given }) ?? [])].map(({ key }) => key)).toEqual(keys);
});

test('objects are counted as they would be loaded, without those that were put away', async () => {
  const own = await newS3Bucket('counted');
  const keys = ['in/a.csv', 'in/b/c.csv', 'in/d.txt', 'in/done/e.csv', 'in/.hidden.csv', 'other/f.csv'];
  for (const key of keys) await own.put(key, 'x');
  const values = {
    ...VALUES,
    ...{ s3Bucket: own.name, s3Prefix: 'in', s3Endpoint: own.endpoint, s3PathStyle: true },
    ...{ s3AccessKeyId: 'tests', s3SecretAccessKey: 'any' },
    ...{ inputFilePattern: '*.csv', finishedPath: 'in/done' },
  };
  expect(await s3.countFiles?.(values)).toBe(2);
});
