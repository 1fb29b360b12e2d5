import { openAzure } from '../../../connectors/azure-blob/connection.ts';
import { newAzureContainer } from '../../support/azure.ts';
import { folderOf } from '../../support/test-store.ts';
import { SILENT } from '../gcs/support.ts';
import { conformsAsFileStore, ODD_NAMES, type StoreUnderTest } from '../store-conformance.ts';
import { connectionTo } from './support.ts';

/** The service takes a backslash for a slash. */
const oddNames = ODD_NAMES.filter((name) => !name.includes('\\'));

conformsAsFileStore('a container of Azure Blob Storage', setUp, { filesOfPages: 120, oddNames });

async function setUp(): Promise<StoreUnderTest> {
  const files = await newAzureContainer();
  return {
    files,
    open: () => openAzure(connectionTo(files), SILENT, 50),
    destination: (folder) => folder,
    moved: (folder) => folderOf(files, folder),
  };
}
