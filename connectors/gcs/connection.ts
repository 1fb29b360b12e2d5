import type { ConfigValues, PluginLog } from '../../src/plugin/index.ts';
import { defineConfig } from '../../src/plugin/index.ts';
import { loadSdk } from '../../src/values/load-sdk.ts';
import type { FileStore } from '../files/file-store.ts';
import { folderName } from '../files/remote/object-names.ts';

/** Where Cloud Storage itself is. */
const ENDPOINT = 'https://storage.googleapis.com';
/** The most that it gives. */
const PAGE_OBJECTS = 1000;

/** How Cloud Storage is reached. */
export const gcsConnection = defineConfig({
  gcsEndpoint: {
    doc:
      'Where Cloud Storage is reached: a private or regional endpoint, or a server that speaks its JSON API. Credentials ' +
      'are sent to endpoints below googleapis.com, and to others only when gcs.credentials.file is set.',
    format: 'url',
    default: ENDPOINT,
  },
  gcsProject: {
    doc: 'The project that pays for the requests, where the owner of the bucket has it so.',
    format: 'string',
    default: null,
  },
  gcsCredentialsFile: {
    doc:
      'The key of a service account, or the configuration of a workload identity, as a JSON file. Not set, which is ' +
      'better: application default credentials, which are the account of the machine or pod, those of gcloud, or ' +
      'GOOGLE_APPLICATION_CREDENTIALS.',
    format: 'path',
    default: null,
  },
});

export type GcsConnection = ConfigValues<typeof gcsConnection>;

/** A bucket, and the folder in it; an empty one is all of the bucket. */
export interface GcsFolder {
  readonly bucket: string;
  readonly prefix: string;
}

export interface OpenGcsOptions {
  readonly log: PluginLog;
  /** What names the bucket, for messages, as in `connector.class: gcs`. */
  readonly wantedBy: string;
  /** Objects of a page of a listing, at most 1,000; not set: as many as there may be. */
  readonly pageObjects?: number;
}

/**
 * Opens a folder of a bucket, by the SDK that is loaded for it. Nothing is asked of the bucket yet.
 *
 * @throws HeadraceError CONFIG_INVALID when the SDK is not installed
 */
export async function openGcs(
  { gcsEndpoint: endpoint, gcsProject, gcsCredentialsFile: credentialsFile }: GcsConnection,
  { bucket, prefix }: GcsFolder,
  { log, wantedBy, pageObjects = PAGE_OBJECTS }: OpenGcsOptions,
): Promise<FileStore> {
  const { Storage } = await loadSdk('@google-cloud/storage', wantedBy, () => import('@google-cloud/storage'));
  const [{ GcsRequests }, { GcsBucket }, { ObjectStore }] = await Promise.all([
    import('./gcs-requests.ts'),
    import('./gcs-bucket.ts'),
    import('../files/remote/object-store.ts'),
  ]);
  const logIn = () =>
    new Storage(credentialsFile === null ? {} : { keyFilename: credentialsFile }).authClient;
  let login = logIn();
  const sendsCredentials = credentialsFile !== null || new URL(endpoint).hostname.endsWith('.googleapis.com');
  const requests = new GcsRequests({
    endpoint,
    authorize: async (url) => (sendsCredentials ? await login.getRequestHeaders(url) : new Headers()),
    renew: () => {
      login = logIn();
    },
    userProject: gcsProject,
  });
  const asked = new GcsBucket({ bucket, endpoint, credentialsFile, requests, pageObjects, log });
  return new ObjectStore({ bucket: asked, prefix: folderName(prefix), log });
}
