import type { ConfigValues, PluginLog } from '../../src/plugin/index.ts';
import { defineConfig } from '../../src/plugin/index.ts';
import { loadSdk } from '../files/remote/load-sdk.ts';
import { folderName } from '../files/remote/object-names.ts';
import { GcsBucket } from './gcs-bucket.ts';
import { GcsRequests } from './gcs-requests.ts';
import { GcsStore } from './gcs-store.ts';

/** Where Cloud Storage itself is. */
const ENDPOINT = 'https://storage.googleapis.com';
/** The most that it gives. */
const PAGE_OBJECTS = 1000;

/** How a bucket is reached. */
export const gcsOptions = defineConfig({
  gcsBucket: {
    doc: 'The bucket.',
    format: 'string',
    required: true,
  },
  gcsPrefix: {
    doc: 'What the names of the objects begin with, as a folder: `asx/trades`. Not set: all of the bucket.',
    format: 'string',
    default: '',
  },
  gcsEndpoint: {
    doc:
      'Where Cloud Storage is reached, for a private or regional endpoint, or a server that speaks its JSON API. Credentials ' +
      'are sent to an endpoint below googleapis.com, and to another one only when gcs.credentials.file is set.',
    format: 'url',
    default: ENDPOINT,
  },
  gcsProject: {
    doc: 'The project that is billed for what is read of a bucket whose readers pay. Not set: nobody but its owner can pay.',
    format: 'string',
    default: null,
  },
  gcsCredentialsFile: {
    doc:
      'The key of a service account, or the configuration of a workload identity, as a JSON file. Not set: application ' +
      'default credentials (GOOGLE_APPLICATION_CREDENTIALS, gcloud, the account of the machine or pod).',
    format: 'path',
    default: null,
  },
});

export type GcsConnection = ConfigValues<typeof gcsOptions>;

/**
 * The objects of a bucket. Nothing is asked of the bucket yet.
 *
 * @throws HeadraceError CONFIG_INVALID when the SDK is not installed
 */
export async function openGcs(
  values: GcsConnection,
  log: PluginLog,
  pageObjects = PAGE_OBJECTS,
): Promise<GcsStore> {
  const { gcsBucket, gcsPrefix, gcsEndpoint, gcsProject, gcsCredentialsFile } = values;
  const { Storage } = await loadSdk(
    '@google-cloud/storage',
    'connector.class: gcs',
    () => import('@google-cloud/storage'),
  );
  const { authClient } = new Storage(gcsCredentialsFile === null ? {} : { keyFilename: gcsCredentialsFile });
  const sendsCredentials = gcsCredentialsFile !== null || isGoogles(gcsEndpoint);
  const requests = new GcsRequests({
    endpoint: gcsEndpoint,
    authorize: async (url) => (sendsCredentials ? await authClient.getRequestHeaders(url) : new Headers()),
    userProject: gcsProject,
  });
  const place = { bucket: gcsBucket, endpoint: gcsEndpoint, credentialsFile: gcsCredentialsFile };
  const bucket = new GcsBucket({ ...place, requests, pageObjects, log });
  return new GcsStore({ bucket, prefix: folderName(gcsPrefix), log });
}

function isGoogles(endpoint: string): boolean {
  return new URL(endpoint).hostname.endsWith('.googleapis.com');
}
