import { describe } from 'vitest';
import { gcsServes, newGcsBucket } from '../../support/gcs.ts';
import { folderOf } from '../../support/test-store.ts';
import { conformsAsFileStore, type StoreUnderTest } from '../store-conformance.ts';
import { storeOf } from './support.ts';

describe.runIf(await gcsServes())('', () => {
  conformsAsFileStore('a bucket of Google Cloud Storage', setUp, { filesOfPages: 120 });
});

async function setUp(): Promise<StoreUnderTest> {
  const files = await newGcsBucket();
  return {
    files,
    open: () => storeOf(files),
    destination: (folder) => folder,
    moved: (folder) => folderOf(files, folder),
  };
}
