import type { TaskContext } from '../../../src/plugin/index.ts';
import type { FileStore } from '../file-store.ts';
import { Finisher, type FinisherOptions } from '../finishing/finisher.ts';
import { type WatchedStore, watchStore } from '../watching/watch-store.ts';
import type { WatchTask } from '../watching/watch-task.ts';

/** What a connector that watches a bucket is told, beside its store. */
export interface WatchedBucket extends Pick<WatchedStore, 'excluded' | 'waker'> {
  readonly values: WatchedStore['values'] & FinisherOptions;
}

/** The task of a connector that watches a bucket: its objects are there whole. The store is closed if it cannot begin. */
export async function watchBucket(
  context: TaskContext,
  store: FileStore,
  bucket: WatchedBucket,
): Promise<WatchTask> {
  try {
    const finisher = new Finisher(store, bucket.values);
    await finisher.prepare(context.log);
    return watchStore(context, { ...bucket, store, finisher, settleMs: 0 });
  } catch (error) {
    await store.close();
    throw error;
  }
}
