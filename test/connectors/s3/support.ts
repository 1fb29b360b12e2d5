import { S3 } from '@aws-sdk/client-s3';
import { S3Calls } from '../../../connectors/s3/s3-calls.ts';
import { S3Store, type S3StoreOptions } from '../../../connectors/s3/s3-store.ts';
import type { PluginLog } from '../../../src/plugin/index.ts';
import { newS3Bucket, type S3Bucket } from '../../support/s3.ts';
import type { TestStore } from '../../support/test-store.ts';

export const SILENT: PluginLog = { debug() {}, info() {}, warn() {}, error() {} };

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

export interface StoreOptions extends Partial<S3StoreOptions> {
  /** Of a proxy before the server. */
  readonly endpoint?: string;
  readonly connect?: () => S3;
}

export function storeOn(bucket: S3Bucket, options: StoreOptions = {}): S3Store {
  const { endpoint = bucket.endpoint, connect = () => connectTo(endpoint), ...given } = options;
  const { log = SILENT } = given;
  const calls = new S3Calls({ connect, log, bucket: bucket.name, endpoint });
  return new S3Store({ bucket: bucket.name, prefix: '', calls, requesterPays: false, log, ...given });
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
