import { type Bucket, Storage } from '@google-cloud/storage';
import { chooseEngine } from '../../scripts/stack/engine.ts';
import { gcsMissing } from '../../scripts/stack/gcs.ts';
import { sharedServer, uniqueName } from './stack.ts';
import { byBytes, type TestStore } from './test-store.ts';

/** The server of Google Cloud Storage that all test files share. It asks for no credentials. */
export interface SharedGcs {
  readonly endpoint: string;
}

/** A bucket with a client that reaches it. */
export interface GcsBucket extends TestStore, SharedGcs {
  readonly bucket: Bucket;
}

/**
 * Whether this machine can have the server; if not, it says so, as the tests of it are then not run:
 * `describe.runIf(await gcsServes())`.
 */
export async function gcsServes(): Promise<boolean> {
  const missing = await gcsMissing();
  if (missing === undefined || (await chooseEngine()) === 'docker') return true;
  process.stderr.write(`tests not run: ${missing}\n`);
  return false;
}

export function sharedGcs(): Promise<SharedGcs> {
  return sharedServer('gcs');
}

/** A client of a server of tests; `endpoint` may be that of a proxy before it. */
export function gcsClient(endpoint: string): Storage {
  return new Storage({ apiEndpoint: endpoint, projectId: 'tests', retryOptions: { autoRetry: false } });
}

/** A new, empty bucket on a server, by default the shared one. */
export async function newGcsBucket(purpose = 'bucket', server?: SharedGcs): Promise<GcsBucket> {
  const { endpoint } = server ?? (await sharedGcs());
  const name = uniqueName(purpose);
  const [bucket] = await gcsClient(endpoint).createBucket(name);
  return {
    ...{ name, endpoint, bucket },
    async put(path, content) {
      await bucket.file(path).save(Buffer.from(content), { resumable: false });
    },
    async read(path) {
      const [content] = await bucket.file(path).download({ decompress: false });
      return content;
    },
    async remove(path) {
      await bucket.file(path).delete({ ignoreNotFound: true });
    },
    async list() {
      const [files] = await bucket.getFiles();
      return byBytes(files.map((file) => file.name));
    },
  };
}
