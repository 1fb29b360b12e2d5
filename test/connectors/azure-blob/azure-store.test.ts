import { newAzureContainer } from '../../support/azure.ts';
import { folderOf } from '../../support/test-store.ts';
import { conformsAsFileStore, ODD_NAMES, type StoreUnderTest } from '../store-conformance.ts';
import { storeOf } from './support.ts';

/** The service takes a backslash for a slash. */
const oddNames = ODD_NAMES.filter((name) => !name.includes('\\'));

conformsAsFileStore('a container of Azure Blob Storage', setUp, { filesOfPages: 120, oddNames });

async function setUp(): Promise<StoreUnderTest> {
  const files = await newAzureContainer();
  return {
    files,
    open: () => storeOf(files),
    destination: (folder) => folder,
    tagsOf: async (path) => (await files.container.getBlobClient(path).getTags()).tags,
    moved: (folder) => folderOf(files, folder),
  };
}
