import type { RuntimeEvent } from '../events/events.ts';
import type { TaskIdentity } from '../task/task-plan.ts';

/** A source that can look out for its tasks, which comes with Headrace. Plain data. */
export interface SleepingSource {
  readonly name: string;
  readonly values: Readonly<Record<string, unknown>>;
}

/** A task that sleeps. Plain data. */
export interface Sleeper extends Pick<TaskIdentity, 'connector' | 'taskId' | 'taskCount'> {
  readonly source: SleepingSource;
  /** What it has left; null of one that has not been awake yet. */
  readonly note: unknown;
  /** What one begins with that has not been awake yet. */
  readonly untried: Pick<TaskIdentity, 'worker' | 'feed'> | null;
}

/** What the worker says to the thread that looks out. Each sleep has a number. */
export type LookoutCommand =
  | { readonly type: 'lookOut'; readonly sleep: number; readonly sleeper: Sleeper }
  | { readonly type: 'forget'; readonly sleep: number };

/** How a sleep ends. */
export interface Waking {
  readonly note: unknown;
  /** Why it could not be looked out for the task. */
  readonly failure: string | null;
}

/** What the thread says to the worker. */
export type LookoutMessage =
  | ({ readonly type: 'woken'; readonly sleep: number } & Waking)
  | { readonly type: 'event'; readonly event: RuntimeEvent };
