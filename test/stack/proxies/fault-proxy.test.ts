import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type AzureContainer, azureClient, newAzureContainer } from '../../support/azure.ts';
import { FaultProxy } from '../../support/fault-proxy.ts';
import { type GcsBucket, gcsClient, gcsServes, newGcsBucket } from '../../support/gcs.ts';
import {
  delayBy,
  flipByteAt,
  gcsError,
  IGNORE_RANGE,
  isListing,
  readOf,
  resetAfter,
  SILENCE,
  s3Error,
  shortBody,
  stallAfter,
} from '../../support/http-faults.ts';
import { newS3Bucket, type S3Bucket, s3Client } from '../../support/s3.ts';

const CONTENT = '0123456789'.repeat(30_000);

describe('before a server of S3', () => {
  let bucket: S3Bucket;
  let proxy: FaultProxy;
  let client: S3Client;

  beforeAll(async () => {
    bucket = await newS3Bucket('faults');
    await bucket.put('day/1.csv', CONTENT);
  });

  beforeEach(async () => {
    proxy = await FaultProxy.before(bucket.endpoint);
    client = s3Client(proxy.url, { maxAttempts: 1 });
  });

  afterEach(() => {
    client.destroy();
    proxy.close();
  });

  async function open(Range?: string, signal?: AbortSignal): Promise<Readable> {
    const read = new GetObjectCommand({ Bucket: bucket.name, Key: 'day/1.csv', Range });
    const { Body } = await client.send(read, signal ? { abortSignal: signal } : {});
    return Body as Readable;
  }

  /** What arrived, and the error that ended it. */
  async function readAll(body: Readable): Promise<{ bytes: number; code: string | undefined }> {
    let bytes = 0;
    try {
      for await (const chunk of body) bytes += chunk.length;
      return { bytes, code: undefined };
    } catch (error) {
      return { bytes, code: (error as NodeJS.ErrnoException).code };
    }
  }

  test('nothing is changed without a fault, and each request is told of', async () => {
    expect(await text(await open('bytes=5-'))).toBe(CONTENT.slice(5));
    await client.send(new ListObjectsV2Command({ Bucket: bucket.name }));

    expect(proxy.requests.map(({ method, path, range }) => [method, path, range])).toEqual([
      ['GET', `/${bucket.name}/day/1.csv`, 'bytes=5-'],
      ['GET', `/${bucket.name}/`, undefined],
    ]);
    expect(proxy.count(readOf('day/1.csv'))).toBe(1);
    expect(proxy.count(isListing)).toBe(1);
  });

  test('a connection is reset after so many bytes, once', async () => {
    proxy.plan(resetAfter(100_000), readOf('day/1.csv'));

    const struck = await readAll(await open());
    expect(struck.code).toBe('ECONNRESET');
    expect(struck.bytes).toBeLessThanOrEqual(100_000);
    expect(await readAll(await open())).toEqual({ bytes: CONTENT.length, code: undefined });
  });

  test('a body is shorter than was announced', async () => {
    proxy.plan(shortBody(10), readOf('day/1.csv'));

    expect((await readAll(await open())).bytes).toBe(10);
  });

  test('the next so many requests are answered with an error', async () => {
    proxy.plan(s3Error(503, 'SlowDown'), isListing, 2);
    proxy.plan(s3Error(403, 'AccessDenied'), readOf('day/1.csv'));
    const list = () => client.send(new ListObjectsV2Command({ Bucket: bucket.name }));

    for (const _ of [1, 2]) {
      await expect(list()).rejects.toMatchObject({ name: 'SlowDown', $metadata: { httpStatusCode: 503 } });
    }
    expect((await list()).KeyCount).toBe(1);
    await expect(open()).rejects.toMatchObject({ name: 'AccessDenied', $metadata: { httpStatusCode: 403 } });
  });

  test('the whole body comes for a range', async () => {
    proxy.plan(IGNORE_RANGE, readOf('day/1.csv'));

    expect(await text(await open('bytes=5-9'))).toBe(CONTENT);
    expect(await text(await open('bytes=5-9'))).toBe('56789');
  });

  test('one byte is another one', async () => {
    proxy.plan(flipByteAt(200_003), readOf('day/1.csv'));

    const body = await text(await open());
    expect(body.slice(0, 200_003)).toBe(CONTENT.slice(0, 200_003));
    expect(body[200_003]).not.toBe(CONTENT[200_003]);
    expect(body.slice(200_004)).toBe(CONTENT.slice(200_004));
  });

  test('an answer is late, stops in the middle, or never comes, until the client gives up', async () => {
    proxy.plan(delayBy(50), readOf('day/1.csv'));
    expect((await readAll(await open())).bytes).toBe(CONTENT.length);

    proxy.plan(stallAfter(7), readOf('day/1.csv'));
    const stalled = (await open()) as Readable;
    let bytes = 0;
    stalled.on('data', (chunk) => {
      bytes += chunk.length;
    });
    await expect.poll(() => bytes).toBe(7);
    expect(stalled.readableEnded).toBe(false);
    stalled.destroy();

    proxy.plan(SILENCE, readOf('day/1.csv'));
    await expect(open(undefined, AbortSignal.timeout(300))).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('before a server of Azure', () => {
  let azure: AzureContainer;
  let proxy: FaultProxy;

  beforeAll(async () => {
    azure = await newAzureContainer('faults');
    await azure.put('day/1.csv', CONTENT);
    proxy = await FaultProxy.before(azure.endpoint);
    return () => proxy.close();
  });

  test('signatures pass, and the whole body comes for a range', async () => {
    const blob = azureClient(proxy.url).getContainerClient(azure.name).getBlobClient('day/1.csv');
    const read = async () => text((await blob.download(5, 5)).readableStreamBody as NodeJS.ReadableStream);
    expect(await read()).toBe('56789');

    proxy.plan(IGNORE_RANGE, readOf('day/1.csv'));

    expect(await read()).toBe(CONTENT);
    expect(proxy.requests.map(({ range }) => range)).toEqual(['bytes=5-9', 'bytes=5-9']);
  });
});

describe.runIf(await gcsServes())('before a server of Google Cloud Storage', () => {
  let gcs: GcsBucket;
  let proxy: FaultProxy;

  beforeAll(async () => {
    gcs = await newGcsBucket('faults');
    await gcs.put('day/1.csv', CONTENT);
    proxy = await FaultProxy.before(gcs.endpoint);
    return () => proxy.close();
  });

  test('reads of content are told from questions about a file', async () => {
    const file = gcsClient(proxy.url).bucket(gcs.name).file('day/1.csv');
    proxy.plan(gcsError(503, 'backendError'), readOf('day/1.csv'));

    await file.getMetadata();
    await expect(text(file.createReadStream())).rejects.toMatchObject({ code: 503 });
    expect(await text(file.createReadStream({ start: 5, end: 9 }))).toBe('56789');

    expect(proxy.count(readOf('day/1.csv'))).toBe(2);
  });
});
