import { describe } from 'vitest';
import { gcsServes, newGcsBucket } from '../support/gcs.ts';
import { gcsError } from '../support/http-faults.ts';
import { carriesObjects } from './support/object-feeds.ts';

describe.runIf(await gcsServes())('', () => {
  carriesObjects('Google Cloud Storage', {
    newBucket: newGcsBucket,
    options: ({ name }, endpoint) => ({
      'connector.class': 'gcs',
      'gcs.bucket': name,
      'gcs.prefix': 'drop',
      'gcs.endpoint': endpoint,
    }),
    error: gcsError,
  });
});
