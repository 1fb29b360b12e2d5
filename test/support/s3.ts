import { crc32 } from 'node:zlib';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  type S3ClientConfig,
} from '@aws-sdk/client-s3';
import { sharedServer, uniqueName } from './stack.ts';
import { byBytes, type TestStore } from './test-store.ts';

/** The S3 server that all test files share. It takes any credentials and wants path-style addresses. */
export interface SharedS3 {
  readonly endpoint: string;
}

/** A bucket with a client that reaches it. */
export interface S3Bucket extends TestStore, SharedS3 {
  readonly client: S3Client;
}

export function sharedS3(): Promise<SharedS3> {
  return sharedServer('s3');
}

/** A client of a server of tests; `endpoint` may be that of a proxy before it. */
export function s3Client(endpoint: string, more: S3ClientConfig = {}): S3Client {
  return new S3Client({
    ...more,
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'tests', secretAccessKey: 'any' },
    // This server sends the checksum of the whole object with each range of it.
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
}

/** A new, empty bucket on a server, by default the shared one. */
export async function newS3Bucket(purpose = 'bucket', server?: SharedS3): Promise<S3Bucket> {
  const { endpoint } = server ?? (await sharedS3());
  const client = s3Client(endpoint);
  const Bucket = uniqueName(purpose);
  await client.send(new CreateBucketCommand({ Bucket }));
  return {
    name: Bucket,
    endpoint,
    client,
    async put(Key, content) {
      // Amazon's keeps what clients reckon by themselves; this one keeps what it is told.
      const checksum = Buffer.alloc(4);
      checksum.writeUInt32BE(crc32(content));
      const ChecksumCRC32 = checksum.toString('base64');
      await client.send(new PutObjectCommand({ Bucket, Key, Body: content, ChecksumCRC32 }));
    },
    async read(Key) {
      const { Body } = await client.send(new GetObjectCommand({ Bucket, Key }));
      return Buffer.from((await Body?.transformToByteArray()) ?? []);
    },
    async remove(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
    async list() {
      const keys: string[] = [];
      for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket })) {
        keys.push(...Contents.map((object) => object.Key as string));
      }
      return byBytes(keys);
    },
  };
}
