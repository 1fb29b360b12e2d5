import type { GcsConnection } from '../../../connectors/gcs/connection.ts';
import type { GcsBucket } from '../../support/gcs.ts';

export const SILENT = { debug() {}, info() {}, warn() {}, error() {} };

/** How a bucket of the shared server is reached; `endpoint` may be that of a proxy before it. */
export function connectionTo({ name, endpoint }: Pick<GcsBucket, 'name' | 'endpoint'>): GcsConnection {
  return {
    gcsBucket: name,
    gcsPrefix: '',
    gcsEndpoint: endpoint,
    gcsProject: null,
    gcsCredentialsFile: null,
  };
}
