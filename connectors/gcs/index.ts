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
import { gcsConnection, openGcs } from './connection.ts';

const config = defineConfig({
  gcsBucket: {
    doc: 'The bucket to watch.',
    format: 'string',
    required: true,
  },
  gcsPrefix: {
    doc:
      'The folder in the bucket to watch, with all below it: objects whose names begin with it and a slash. Not set: the ' +
      'whole bucket.',
    format: 'string',
    default: '',
  },
  ...gcsConnection,
  ...remoteFileOptions,
  ...pagedOrderOptions,
});

type GcsConfig = ConfigValues<typeof config>;

/** A bucket that is watched: each object that comes is loaded, in the order of their names. */
export default defineSourceConnector({
  name: 'gcs',
  doc: 'Watches a bucket of Google Cloud Storage and loads every object that comes into it, each row exactly once.',
  config,
  *check(values) {
    yield* checkFileOptions(values);
    yield* checkWatching(values, { isPaged: true });
    yield* checkPutAway('gcs.prefix', values.gcsPrefix, values);
  },
  taskCount: taskCountFor,
  async countFiles(values) {
    const store = await openWatched(values, SILENT);
    return countFiles(store, values, putAwayBelow(values.gcsPrefix, values));
  },
  createTask,
  lookOut: lookOutForTask,
});

async function createTask(values: GcsConfig, context: TaskContext): Promise<WatchTask> {
  const store = await openWatched(values, context.log);
  return watchBucket(context, store, { values, excluded: putAwayBelow(values.gcsPrefix, values) });
}

async function lookOutForTask(values: GcsConfig, context: LookoutContext, note: unknown): Promise<unknown> {
  const store = await openWatched(values, context.log);
  return lookOutInBucket(context, store, { values, excluded: putAwayBelow(values.gcsPrefix, values) }, note);
}

function openWatched(values: GcsConfig, log: PluginLog): Promise<FileStore> {
  const { gcsBucket: bucket, gcsPrefix: prefix } = values;
  return openGcs(values, { bucket, prefix }, { log, wantedBy: 'connector.class: gcs' });
}
