import type { LookoutContext, TaskContext } from '../../../src/plugin/index.ts';
import type { FileStore } from '../file-store.ts';
import { Finisher, type FinisherOptions } from '../finishing/finisher.ts';
import { lookOut } from '../watching/look-out.ts';
import type { WatchNote } from '../watching/watch-note.ts';
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

/** Looks out for a task of a bucket that sleeps. */
export async function lookOutInBucket(
  context: LookoutContext,
  store: FileStore,
  { values, excluded = [], waker }: WatchedBucket,
  note: unknown,
): Promise<WatchNote> {
  const { scanIntervalMs } = values;
  const knowsFilesThatStay = new Finisher(store, values).isIdle;
  const place = { store, names: values, scanIntervalMs, excluded, knowsFilesThatStay, waker };
  return await lookOut(context, place, note as WatchNote | null);
}
