import type { ConfigProblem, ConfigValues, TaskContext } from '../../src/plugin/index.ts';
import { defineConfig, defineSourceConnector } from '../../src/plugin/index.ts';
import { Finisher } from '../files/finishing/finisher.ts';
import { checkFileOptions, checkScanInterval, remoteFileOptions } from '../files/options.ts';
import { loadSdk } from '../files/remote/load-sdk.ts';
import { folderName } from '../files/remote/object-names.ts';
import { watchStore } from '../files/watching/watch-store.ts';
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
    yield* checkScanInterval(values.scanIntervalMs);
    yield* checkFinishing(values);
  },
  createTask,
});

async function createTask(values: S3Config, context: TaskContext): Promise<WatchTask> {
  const { log } = context;
  const root = { bucket: values.s3Bucket, prefix: folderName(values.s3Prefix) };
  const store = await openS3(values, root, { log, wantedBy: 'connector.class: s3' });
  const finisher = new Finisher(store, values);
  await finisher.prepare(log);
  const excluded = [values.finishedPath, values.errorPath]
    .map((path) => (path === null ? null : placeBelow(path, values)))
    .filter((place) => place !== null);
  const waker = await wakerOf(values, context);
  return watchStore(context, { store, finisher, values, settleMs: 0, excluded, waker });
}

async function wakerOf(
  values: S3Config,
  { connector, taskId, log }: TaskContext,
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

/** Where a prefix lies below the watched one, without the slash at its end; null when it does not. */
function placeBelow(path: string, { s3Bucket, s3Prefix }: S3Config): string | null {
  const { bucket, prefix } = placeOf(path, s3Bucket);
  const root = folderName(s3Prefix);
  if (bucket !== s3Bucket || !prefix.startsWith(root)) return null;
  return prefix.slice(root.length, -1);
}

/** A prefix that held the watched one would have its finished objects found, and loaded, again. */
function* checkFinishing(values: S3Config): Generator<ConfigProblem> {
  const paths = [
    ['finished.path', values.finishedPath],
    ['error.path', values.errorPath],
  ] as const;
  for (const [key, path] of paths) {
    if (path === null) continue;
    const { bucket, prefix } = placeOf(path, values.s3Bucket);
    const isAbove = bucket === values.s3Bucket && folderName(values.s3Prefix).startsWith(prefix);
    if (isAbove)
      yield {
        key,
        message: `${JSON.stringify(path)} is what is watched or above it, so that objects put there would be found again; choose a prefix beside or below s3.prefix`,
      };
  }
  if (Object.keys(values.finishedTag).length === 0) return;
  if (values.finishedPath !== null || values.finishedDelete)
    yield {
      key: 'finished.tag',
      message:
        'is set while finished.path or finished.delete is; tags are for objects that stay: keep one of them',
    };
}
