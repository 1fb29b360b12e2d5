import type { ConfigValues, LookoutContext, PluginLog, TaskContext } from '../../src/plugin/index.ts';
import { defineConfig, defineSourceConnector } from '../../src/plugin/index.ts';
import { loadSdk } from '../../src/values/load-sdk.ts';
import type { FileStore } from '../files/file-store.ts';
import {
  checkFileOptions,
  checkWatching,
  pagedOrderOptions,
  remoteFileOptions,
  taskCountFor,
} from '../files/options.ts';
import { countFiles } from '../files/remote/count-files.ts';
import { folderName } from '../files/remote/object-names.ts';
import { checkPutAway, putAwayBelow } from '../files/remote/put-away-folders.ts';
import { lookOutInBucket, watchBucket } from '../files/remote/watch-bucket.ts';
import { SILENT } from '../files/silent-log.ts';
import type { WatchTask } from '../files/watching/watch-task.ts';
import { checkS3Connection, credentialsOf, openS3, regionOf, s3Connection } from './connection.ts';
import { QueueWaker } from './queue-waker.ts';
import { placeOf } from './s3-place.ts';

const config = defineConfig({
  s3Bucket: {
    doc: 'The bucket to watch.',
    format: 'string',
    required: true,
  },
  s3Prefix: {
    doc:
      'The folder in the bucket to watch, with all below it: objects whose keys begin with it and a slash. Not set: the ' +
      'whole bucket.',
    format: 'string',
    default: '',
  },
  ...s3Connection,
  ...remoteFileOptions,
  ...pagedOrderOptions,
  s3EventsQueueUrl: {
    doc:
      'A queue of SQS that is told of new objects, by its URL: its messages wake the listing, so that scan.interval.ms may ' +
      'be long. They are deleted; of several tasks the first reads them. The queue must be for this feed alone.',
    format: 'url',
    default: null,
  },
  finishedTag: {
    doc:
      'Tags to put on an object once all its rows are committed, as `finished.tag.<key>: <value>`, beside those it has. ' +
      'A rule of the bucket may archive or delete what has them.',
    format: 'map',
    default: {},
  },
});

type S3Config = ConfigValues<typeof config>;

/** A bucket that is watched: each object that comes is loaded, in the order of their keys. */
export default defineSourceConnector({
  name: 's3',
  doc: 'Watches a bucket of Amazon S3, or of a compatible server, and loads every object that comes into it, each row exactly once.',
  config,
  *check(values) {
    yield* checkS3Connection(values);
    yield* checkFileOptions(values);
    yield* checkWatching(values, { isPaged: true });
    yield* checkPutAway('s3.prefix', values.s3Prefix, putAwayHere(values));
  },
  taskCount: taskCountFor,
  async countFiles(values) {
    const store = await openWatched(values, SILENT);
    return countFiles(store, values, putAwayBelow(values.s3Prefix, putAwayHere(values)));
  },
  createTask,
  lookOut: lookOutForTask,
});

async function createTask(values: S3Config, context: TaskContext): Promise<WatchTask> {
  const waker = await wakerOf(values, context);
  const store = await openWatched(values, context.log);
  const excluded = putAwayBelow(values.s3Prefix, putAwayHere(values));
  return watchBucket(context, store, { values, excluded, waker });
}

async function lookOutForTask(values: S3Config, context: LookoutContext, note: unknown): Promise<unknown> {
  const waker = await wakerOf(values, context);
  const store = await openWatched(values, context.log);
  const excluded = putAwayBelow(values.s3Prefix, putAwayHere(values));
  return lookOutInBucket(context, store, { values, excluded, waker }, note);
}

function openWatched(values: S3Config, log: PluginLog): Promise<FileStore> {
  const root = { bucket: values.s3Bucket, prefix: folderName(values.s3Prefix) };
  return openS3(values, root, { log, wantedBy: 'connector.class: s3' });
}

async function wakerOf(
  values: S3Config,
  { connector, taskId, log }: Pick<LookoutContext, 'connector' | 'taskId' | 'log'>,
): Promise<((wake: () => void) => QueueWaker) | undefined> {
  const { s3EventsQueueUrl: queueUrl } = values;
  if (queueUrl === null) return undefined;
  const { SQS } = await loadSdk(
    '@aws-sdk/client-sqs',
    's3.events.queue.url',
    () => import('@aws-sdk/client-sqs'),
  );
  const credentials = await credentialsOf(values);
  const region = /^https:\/\/sqs\.([\w-]+)\./.exec(queueUrl)?.[1] ?? regionOf(values);
  const endpoint = new URL(queueUrl).origin;
  const connect = () => new SQS({ endpoint, ...(region === null ? {} : { region }), ...credentials() });
  return (wake) =>
    new QueueWaker({ queueUrl, client: taskId === 0 ? connect() : null, connector, wake, log });
}

/** The prefixes of the watched bucket that objects are moved to; null for what lies elsewhere. */
function putAwayHere({ s3Bucket, finishedPath, errorPath }: S3Config) {
  const here = (path: string | null) => {
    const place = path === null ? null : placeOf(path, s3Bucket);
    return place?.bucket === s3Bucket ? place.prefix : null;
  };
  return { finishedPath: here(finishedPath), errorPath: here(errorPath) };
}
