import { randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { FileStore, ListedFile, StoredFile } from '../../../connectors/files/file-store.ts';
import { openS3 } from '../../../connectors/s3/connection.ts';
import { FaultProxy } from '../../support/fault-proxy.ts';
import {
  answer,
  flipByteAt,
  type HttpFault,
  IGNORE_RANGE,
  isListing,
  readOf,
  resetAfter,
  s3Error,
  shortBody,
  stallAfter,
} from '../../support/http-faults.ts';
import type { S3Bucket } from '../../support/s3.ts';
import { connectTo, newS3Bucket, SILENT, storeOn } from './support.ts';

const MIB = 1024 * 1024;
const NEVER = new AbortController().signal;
const EVERYTHING = { isFolderWanted: () => true, isFileWanted: () => true };
const content = randomBytes(3 * MIB);

let bucket: S3Bucket;
let proxy: FaultProxy;
let store: FileStore;

beforeAll(async () => {
  bucket = await newS3Bucket('faults');
  await bucket.put('a.csv', content);
});

beforeEach(async () => {
  proxy = await FaultProxy.before(bucket.endpoint);
  store = storeOn(bucket, { endpoint: proxy.url, stallMs: 200 });
});

afterEach(async () => {
  await store.close();
  proxy.close();
});

async function listed(from: FileStore = store): Promise<ListedFile[]> {
  const files: ListedFile[] = [];
  for await (const page of from.list(EVERYTHING, NEVER)) files.push(...page);
  return files;
}

async function theFile(path = 'a.csv'): Promise<ListedFile> {
  return (await listed()).find((file) => file.path === path) as ListedFile;
}

async function opened(file: ListedFile): Promise<StoredFile> {
  const open = await store.open(file, NEVER);
  if (typeof open === 'string') throw new Error(open);
  return open;
}

async function read(file: ListedFile): Promise<Buffer> {
  const open = await opened(file);
  const pieces: Buffer[] = [];
  try {
    for (let position = 0; ; ) {
      const into = Buffer.alloc(100_000);
      const bytes = await open.read(into, position);
      if (bytes === 0) return Buffer.concat(pieces);
      pieces.push(into.subarray(0, bytes));
      position += bytes;
    }
  } finally {
    await open.close();
  }
}

test.each<[string, HttpFault]>([
  ['is too busy (503 SlowDown)', s3Error(503, 'SlowDown')],
  ['fails inside (500 InternalError)', s3Error(500, 'InternalError')],
  ['takes the clock for wrong, as one that is set just then', s3Error(403, 'RequestTimeTooSkewed')],
  ['resets the connection', resetAfter(70_000)],
  ['sends fewer bytes than it announced', shortBody(1000)],
  ['stalls', stallAfter(5000)],
  ['sends other bytes than those that were asked for', IGNORE_RANGE],
])('an object is read whole, each byte once, when S3 %s now and then', async (_, fault) => {
  const file = await theFile();
  proxy.plan(fault, (request) => readOf('a.csv')(request) && request.range !== 'bytes=0-262143', 3);
  proxy.plan(fault.kind === 'ignore-range' ? resetAfter(10) : fault, readOf('a.csv'), 1);
  expect((await read(file)).equals(content)).toBe(true);
});

test('a listing, a look and a removal are asked for again when S3 is too busy', async () => {
  await bucket.put('b.csv', 'b');
  proxy.plan(s3Error(503, 'SlowDown'), isListing, 2);
  const file = await theFile('b.csv');
  proxy.plan(s3Error(503, 'SlowDown'), ({ method }) => method === 'HEAD', 1);
  proxy.plan(s3Error(500, 'InternalError'), ({ method }) => method === 'DELETE', 1);
  expect(await store.remove(file, file.version)).toBe('done');
  expect(await bucket.list()).not.toContain('b.csv');
});

test('a store that stays too busy is an error that says what S3 said, and that trying again may help', async () => {
  proxy.plan(s3Error(503, 'SlowDown'), isListing, 100);
  await expect(listed()).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    retriable: true,
    message: expect.stringContaining(
      'cannot be listed (503 SlowDown: SlowDown of a test); the service is busy',
    ),
  });
  expect(proxy.count(isListing)).toBe(6);
});

test('ranges that are always ignored are an error that says what must let them pass', async () => {
  const file = await theFile();
  proxy.plan(IGNORE_RANGE, (request) => readOf('a.csv')(request) && request.range !== 'bytes=0-262143', 100);
  await expect(read(file)).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    message: expect.stringContaining('must let the header Range pass'),
  });
});

test('an object that is replaced while it is read is never mixed with what has its name', async () => {
  await bucket.put('changes.csv', Buffer.alloc(3 * MIB, 'old'));
  const file = await theFile('changes.csv');
  const open = await opened(file);
  expect(await open.read(Buffer.alloc(100_000), 0)).toBe(100_000);
  await bucket.put('changes.csv', Buffer.alloc(3 * MIB, 'new'));
  await expect(open.read(Buffer.alloc(100_000), 2 * MIB)).rejects.toMatchObject({
    code: 'SOURCE_CHANGED',
    message: expect.stringContaining('"changes.csv" was replaced or deleted while it was being read'),
  });
  await open.close();
  expect((await read(file)).equals(Buffer.alloc(3 * MIB, 'new'))).toBe(true);
});

test('bytes that S3 did not keep so are told of before the end of the object is', async () => {
  const checksum = Buffer.alloc(4);
  checksum.writeUInt32BE(crc32(content));
  const object = { Bucket: bucket.name, Key: 'checked.csv', Body: content };
  await bucket.client.send(new PutObjectCommand({ ...object, ChecksumCRC32: checksum.toString('base64') }));
  const file = await theFile('checked.csv');
  expect((await read(file)).equals(content)).toBe(true);
  proxy.plan(flipByteAt(777), readOf('checked.csv'));
  await expect(read(file)).rejects.toMatchObject({
    code: 'SOURCE_MALFORMED',
    message: expect.stringContaining('"checked.csv" is damaged: its store keeps the crc32'),
  });
});

test.each([
  ['AccessDenied', 'kms:Decrypt'],
  ['InvalidObjectState', 'it is archived: restore it'],
])('an object that answers %s is one that may not be read, and why is told once', async (code, mend) => {
  const told: unknown[] = [];
  const log = { ...SILENT, warn: (_: string, fields: unknown) => told.push(fields) };
  const other = storeOn(bucket, { endpoint: proxy.url, log });
  const file = await theFile();
  proxy.plan(s3Error(403, code), readOf('a.csv'), 100);
  expect(await other.open(file, NEVER)).toBe('denied');
  expect(await other.open(file, NEVER)).toBe('denied');
  expect(told).toEqual([{ file: 'a.csv', error: expect.stringContaining(mend) }]);
  await other.close();
});

test('when credentials expire in the middle of an object, new ones are asked for, and reading goes on', async () => {
  let clients = 0;
  const connect = () => {
    clients++;
    return connectTo(proxy.url);
  };
  const other = storeOn(bucket, { connect });
  const file = await theFile();
  const open = await other.open(file, NEVER);
  if (typeof open === 'string') throw new Error(open);
  proxy.plan(s3Error(400, 'ExpiredToken'), readOf('a.csv'), 1);
  const into = Buffer.alloc(MIB);
  expect(await open.read(into, MIB)).toBe(MIB);
  expect(into.equals(content.subarray(MIB, 2 * MIB))).toBe(true);
  expect(clients).toBe(2);
  await open.close();
  await other.close();
});

test.each([
  [
    'in another region',
    answer({ status: 301, headers: { 'x-amz-bucket-region': 'eu-central-1' } }),
    's3.region: eu-central-1',
  ],
  ['for others', s3Error(403, 'AccessDenied'), 's3:ListBucket on the bucket'],
  [
    'signed with another secret',
    s3Error(403, 'SignatureDoesNotMatch'),
    'check the access key and its secret',
  ],
])('a bucket that is %s is one line that says what to do', async (_, fault, mend) => {
  proxy.plan(fault, isListing, 10);
  await expect(listed()).rejects.toMatchObject({
    code: 'SOURCE_UNREADABLE',
    message: expect.stringMatching(new RegExp(`^s3://${bucket.name}/ cannot be listed \\([^;]*; .*${mend}`)),
  });
  expect(proxy.count(isListing)).toBe(1);
});

test('credentials that nobody has given are one line that says where they may be', async () => {
  const home = mkdtempSync(join(tmpdir(), 'headrace-no-credentials-'));
  for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) vi.stubEnv(name, undefined);
  vi.stubEnv('HOME', home);
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
  const values = { s3Endpoint: bucket.endpoint, s3Region: null, s3PathStyle: true, s3RequesterPays: false };
  const none = { s3AccessKeyId: null, s3SecretAccessKey: null, s3RoleArn: null, s3RoleExternalId: null };
  const place = { bucket: bucket.name, prefix: '' };
  const other = await openS3({ ...values, ...none }, place, { log: SILENT, wantedBy: 'connector.class: s3' });
  await expect(listed(other)).rejects.toMatchObject({
    message: expect.stringMatching(
      /\(Could not load credentials from any providers\); give it credentials: a role/,
    ),
  });
  vi.unstubAllEnvs();
  const given = { ...none, s3AccessKeyId: 'tests', s3SecretAccessKey: 'any' };
  const own = await openS3({ ...values, ...given }, place, { log: SILENT, wantedBy: 'connector.class: s3' });
  expect((await listed(own)).map(({ path }) => path)).toContain('a.csv');
  await other.close();
  await own.close();
});
