import type { TaskContext } from '../../../src/plugin/index.ts';
import type { FileStore } from '../file-store.ts';
import { FileTask } from '../file-task.ts';
import type { Finisher } from '../finishing/finisher.ts';
import { type FileOptions, limitsOf } from '../options.ts';
import { ReadyFiles, type ReadyOptions } from '../ready/ready-files.ts';
import { belongsTo } from '../shard.ts';
import { FilesOrder } from './files-order.ts';
import { RareLooks } from './rare-looks.ts';
import { Retention, type RetentionValues } from './retention.ts';
import { WantedFiles, type WantedNames } from './wanted-files.ts';
import type { WatchNote } from './watch-note.ts';
import { type MakeWaker, WatchTask } from './watch-task.ts';

/** What every connector that watches a store is told. */
export interface WatchedStore {
  readonly store: FileStore;
  /** Prepared: what it is to move files to has been looked at. */
  readonly finisher: Finisher;
  readonly values: FileOptions &
    WantedNames &
    RetentionValues &
    Pick<ReadyOptions, 'readyPattern'> & { readonly scanIntervalMs: number; readonly filesOrder: string };
  /** 0 where files are there whole. */
  readonly settleMs: number;
  /** Places below the root that are not looked into: files that were put away lie there. */
  readonly excluded?: readonly string[];
  /** The folder that is listed, where it may be another one each time. */
  readonly root?: (() => string) | undefined;
  readonly waker?: MakeWaker | undefined;
}

/** The task of a connector that watches a store. */
export function watchStore(context: TaskContext, watched: WatchedStore): WatchTask {
  const { store, finisher, values, settleMs, excluded = [], root, waker } = watched;
  const limits = limitsOf(values);
  const files = new FileTask(context, {
    store,
    onReappear: values.onReappear,
    settleMs,
    limits,
    finisher,
    watches: true,
    tellsDelivered: false,
  });
  const looks = new RareLooks((path) => files.doneIn(path));
  const wanted = new WantedFiles({
    looks,
    names: values,
    isOwn: (place) => belongsTo(place, context),
    excluded,
    tellsPassedOver: context.taskId === 0,
    log: context.log,
    told: (context.sleep?.note as WatchNote | null | undefined)?.told,
  });
  const { scanIntervalMs } = values;
  const ready = new ReadyFiles(store, { ...values, limits });
  const order = new FilesOrder(values.filesOrder);
  const retention = new Retention(context, { ...values, store, files, leavesFiles: finisher.leavesFiles });
  const parts = { store, wanted, looks, files, ready, order, retention };
  return new WatchTask(context, { ...parts, settleMs, scanIntervalMs, root, waker });
}
