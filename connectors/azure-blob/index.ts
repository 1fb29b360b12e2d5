import type { ConfigValues, LookoutContext, PluginLog, TaskContext } from '../../src/plugin/index.ts';
import { defineConfig, defineSourceConnector } from '../../src/plugin/index.ts';
import type { FileStore } from '../files/file-store.ts';
import {
  checkFileOptions,
  checkWatching,
  pagedOrderOptions,
  remoteFileOptions,
  taskCountFor,
} from '../files/options.ts';
import { countFiles } from '../files/remote/count-files.ts';
import { checkPutAway, putAwayBelow } from '../files/remote/put-away-folders.ts';
import { lookOutInBucket, watchBucket } from '../files/remote/watch-bucket.ts';
import { SILENT } from '../files/silent-log.ts';
import type { WatchTask } from '../files/watching/watch-task.ts';
import { azureConnection, checkAzureConnection, openAzure } from './connection.ts';

const config = defineConfig({
  azureContainer: {
    doc: 'The container to watch.',
    format: 'string',
    required: true,
  },
  azurePrefix: {
    doc:
      'The folder in the container to watch, with all below it: blobs whose names begin with it and a slash. Not set: the ' +
      'whole container.',
    format: 'string',
    default: '',
  },
  ...azureConnection,
  ...remoteFileOptions,
  ...pagedOrderOptions,
  finishedTag: {
    doc:
      'Index tags to put on a blob once all its rows are committed, as finished.tag.KEY: VALUE, beside those it has. A ' +
      'lifecycle rule of the account may archive or delete what has them.',
    format: 'map',
    default: {},
  },
});

type AzureConfig = ConfigValues<typeof config>;

/** A container that is watched: each blob that comes is loaded, in the order of their names. */
export default defineSourceConnector({
  name: 'azure-blob',
  doc: 'Watches a container of Azure Blob Storage and loads every blob that comes into it, each row exactly once.',
  config,
  *check(values) {
    yield* checkAzureConnection(values);
    yield* checkFileOptions(values);
    yield* checkWatching(values, { isPaged: true });
    yield* checkPutAway('azure.prefix', values.azurePrefix, values);
  },
  taskCount: taskCountFor,
  async countFiles(values) {
    const store = await openWatched(values, SILENT);
    return countFiles(store, values, putAwayBelow(values.azurePrefix, values));
  },
  createTask,
  lookOut: lookOutForTask,
});

async function createTask(values: AzureConfig, context: TaskContext): Promise<WatchTask> {
  const store = await openWatched(values, context.log);
  return watchBucket(context, store, { values, excluded: putAwayBelow(values.azurePrefix, values) });
}

async function lookOutForTask(values: AzureConfig, context: LookoutContext, note: unknown): Promise<unknown> {
  const store = await openWatched(values, context.log);
  return lookOutInBucket(
    context,
    store,
    { values, excluded: putAwayBelow(values.azurePrefix, values) },
    note,
  );
}

function openWatched(values: AzureConfig, log: PluginLog): Promise<FileStore> {
  const { azureContainer: container, azurePrefix: prefix } = values;
  return openAzure(values, { container, prefix }, { log, wantedBy: 'connector.class: azure-blob' });
}
