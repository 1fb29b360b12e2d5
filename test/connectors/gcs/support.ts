import type { FileStore } from '../../../connectors/files/file-store.ts';
import { type GcsConnection, openGcs } from '../../../connectors/gcs/connection.ts';
import type { GcsBucket } from '../../support/gcs.ts';
import { testContext } from '../support.ts';

/** How the shared server is reached; `endpoint` may be that of a proxy before it. */
export function connectionTo(endpoint: string): GcsConnection {
  return { gcsEndpoint: endpoint, gcsProject: null, gcsCredentialsFile: null };
}

/** A store on all of a bucket. */
export function storeOf(
  { name, endpoint }: Pick<GcsBucket, 'name' | 'endpoint'>,
  { log } = testContext(),
): Promise<FileStore> {
  const options = { log, wantedBy: 'a test', pageObjects: 50 };
  return openGcs(connectionTo(endpoint), { bucket: name, prefix: '' }, options);
}
