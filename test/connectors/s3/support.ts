import { S3 } from '@aws-sdk/client-s3';
import { S3Calls } from '../../../connectors/s3/s3-calls.ts';
import { S3Store, type S3StoreOptions } from '../../../connectors/s3/s3-store.ts';
import { newS3Bucket, type S3Bucket } from '../../support/s3.ts';
import type { TestStore } from '../../support/test-store.ts';

export const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** A client as the connector makes it. */
export function connectTo(endpoint: string): S3 {
  return new S3({
    endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    maxAttempts: 1,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    credentials: { accessKeyId: 'tests', secretAccessKey: 'any' },
  });
}

export function storeOn(
  bucket: S3Bucket,
  { endpoint = bucket.endpoint, ...options }: Partial<S3StoreOptions> & { readonly endpoint?: string } = {},
): S3Store {
  const { log = SILENT } = options;
  const calls = new S3Calls({ connect: () => connectTo(endpoint), log, bucket: bucket.name, endpoint });
  return new S3Store({ bucket: bucket.name, prefix: '', calls, requesterPays: false, log, ...options });
}

/** The objects of a bucket that lie below a prefix. */
export function below(bucket: S3Bucket, prefix: string): TestStore {
  return {
    name: `${bucket.name}/${prefix}`,
    put: (path, content) => bucket.put(prefix + path, content),
    read: (path) => bucket.read(prefix + path),
    remove: (path) => bucket.remove(prefix + path),
    list: async () => {
      const keys = await bucket.list();
      return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    },
  };
}

export { newS3Bucket };
