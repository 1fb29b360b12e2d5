import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, expect, test } from 'vitest';
import { newS3Bucket, type S3Bucket } from '../support/s3.ts';

let bucket: S3Bucket;

beforeAll(async () => {
  bucket = await newS3Bucket();
});

test('a bucket gives back what was put into it, under odd keys too', async () => {
  const keys = ['a/b.csv', 'ä ö+%20?.csv', 'a/b c&d=e.csv'];
  for (const key of keys) await bucket.put(key, `content of ${key}`);

  expect(await bucket.list()).toEqual(expect.arrayContaining(keys));
  for (const key of keys) expect((await bucket.read(key)).toString()).toBe(`content of ${key}`);

  await bucket.remove('a/b.csv');
  expect(await bucket.list()).not.toContain('a/b.csv');
});

test('a read on the condition of a version is refused once there is another', async () => {
  const { client, name: Bucket } = bucket;
  const { ETag } = await client.send(new PutObjectCommand({ Bucket, Key: 'v.csv', Body: '0123456789' }));
  const read = new GetObjectCommand({ Bucket, Key: 'v.csv', Range: 'bytes=3-5', IfMatch: ETag });
  expect(await (await client.send(read)).Body?.transformToString()).toBe('345');

  await bucket.put('v.csv', 'another version');

  await expect(client.send(read)).rejects.toMatchObject({ $metadata: { httpStatusCode: 412 } });
});

test('a listing comes in pages that go on where the last one ended', async () => {
  const { client, name: Bucket } = await newS3Bucket('pages');
  for (const Key of ['1', '2', '3']) await client.send(new PutObjectCommand({ Bucket, Key, Body: Key }));

  const first = await client.send(new ListObjectsV2Command({ Bucket, MaxKeys: 2 }));
  expect(first.Contents?.map(({ Key }) => Key)).toEqual(['1', '2']);
  const second = await client.send(
    new ListObjectsV2Command({ Bucket, ContinuationToken: first.NextContinuationToken }),
  );
  expect(second.Contents?.map(({ Key }) => Key)).toEqual(['3']);
});
