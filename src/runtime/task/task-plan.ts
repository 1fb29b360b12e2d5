import type { ConfigEntries } from '../../config/read/config-entry.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import type { GivenUpFile, Sleep } from '../../plugin/index.ts';
import type { ErrorReport, RuntimeEvent } from '../events/events.ts';
import type { TapCommand, Tapped } from '../tap/tap-messages.ts';
import type { TaskOutcome } from './task.ts';

/** By what right a worker runs a connector, from its start on. */
export interface Hold {
  /** Of the config topic; null without transactions, where nobody is shut out. */
  readonly claim: string | null;
  /** Kafka's id of the offset topic; null where brokers have none. */
  readonly offsetsTopicId: string | null;
}

/** What a task's thread is started with. Plain data. */
export interface TaskIdentity {
  readonly worker: WorkerConfig;
  /** The feed as it was written; the thread reads it again, with its own plugins. */
  readonly feed: ConfigEntries;
  readonly connector: string;
  readonly taskId: number;
  readonly taskCount: number;
}

/** Everything a task begins with. Plain data. */
export interface TaskPlan extends TaskIdentity {
  /** null of a job that stands alone: its one transactional id shuts out whoever else runs it. */
  readonly hold: Hold | null;
  /** It ran before in this worker, so that another may have taken over meanwhile. */
  readonly isRestart: boolean;
}

/** What the worker says to a task's thread. */
export type TaskCommand =
  | ({ readonly type: 'begin' } & Pick<TaskPlan, 'hold' | 'isRestart'> & MaySleep)
  /** Others wait for a thread. */
  | { readonly type: 'giveWay' }
  | { readonly type: 'retry'; readonly files: readonly GivenUpFile[] }
  | TapCommand
  | { readonly type: 'stop' };

export interface MaySleep {
  readonly maySleep: boolean;
  /** What the task has left when it went to sleep, or who looked out for it. */
  readonly note: unknown;
}

/** How a task sleeps. */
export interface Sleeping {
  /** Plain data of its source. */
  readonly note: unknown;
  readonly until: Parameters<Sleep['begin']>[1];
}

/** What a task's thread says to the worker. */
export type TaskMessage =
  | { readonly type: 'event'; readonly event: RuntimeEvent }
  | { readonly type: 'reading' }
  /** The source has been told of so many files, the first of those that were sent. */
  | { readonly type: 'retrying'; readonly count: number }
  | Tapped
  | ({ readonly type: 'asleep' } & Sleeping)
  | { readonly type: 'ended'; readonly outcome: TaskOutcome }
  | { readonly type: 'failed'; readonly error: ErrorReport };
