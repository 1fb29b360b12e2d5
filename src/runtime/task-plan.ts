import type { ConfigEntries } from '../config/config-entry.ts';
import type { WorkerConfig } from '../config/worker-config.ts';
import type { ErrorReport, RuntimeEvent } from './events.ts';
import type { TaskOutcome } from './task.ts';

/** Everything a task's thread is started with. Plain data. */
export interface TaskPlan {
  readonly worker: WorkerConfig;
  /** The feed as it was written; the thread reads it again, with its own plugins. */
  readonly feed: ConfigEntries;
  readonly connector: string;
  readonly taskId: number;
  readonly taskCount: number;
}

/** What the worker says to a task's thread. */
export type TaskCommand = { readonly type: 'stop' };

/** What a task's thread says to the worker. */
export type TaskMessage =
  | { readonly type: 'event'; readonly event: RuntimeEvent }
  | { readonly type: 'ended'; readonly outcome: TaskOutcome }
  | { readonly type: 'failed'; readonly error: ErrorReport };
