import type { PluginMetrics } from './metrics.ts';
import type { SourceOffset, SourcePartition } from './source-connector.ts';

/**
 * Writes to the worker's log, with connector and task already in it, and of a plugin of your own its place in the feed and
 * the row that it is called for. Messages are short and constant; facts are fields.
 */
export interface PluginLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** A row that a plugin is called for. */
export interface RowPosition {
  /** As in `RowOrigin`. */
  readonly filePath: string;
  /** The data row's number in the file; 1 is the first. */
  readonly row: number;
}

/** What every plugin that runs in a task gets, as the second parameter of `create`: one for each task, to be kept. */
export interface PluginContext {
  /** The name of the feed. */
  readonly connector: string;
  /** 0 is the first task. */
  readonly taskId: number;
  readonly log: PluginLog;
  readonly metrics: PluginMetrics;
  /**
   * Aborts when the task is to stop, or has failed: what is waited for is not wanted any more. What is under way is committed
   * if it comes to its end within `task.shutdown.graceful.timeout.ms`; the thread is ended then.
   */
  readonly signal: AbortSignal;
  /**
   * The row that a function of a plugin is called for, for those that do not get its record, such as `serialize`; of several
   * in one call the first. null outside of such calls. To be asked before anything is waited for: then it may be another's.
   */
  position(): RowPosition | null;
}

/** What a source gets that looks out for tasks which sleep. */
export interface LookoutContext extends Pick<PluginContext, 'connector' | 'taskId' | 'log' | 'signal'> {
  readonly taskCount: number;
  /** What is committed, for a task that has not begun yet: not set of one that has left a note. */
  offsets?(): Promise<OffsetReader>;
}

/** By which a task may sleep: it ends while it has nothing to do, and begins anew when it has. */
export interface Sleep {
  /** What the one before has left, a task or who looked out for it; null of the first. */
  readonly note: unknown;
  /** Aborts when other tasks wait for a thread: it is to sleep as soon as it can. */
  readonly othersWait: AbortSignal;
  /**
   * To be called just before `read` ends: once everything it gave is committed, the task sleeps until the connector's `lookOut`
   * wakes it up; or, as it has more to do, until its turn has come again.
   *
   * @param note plain data, for `lookOut` and the next task
   */
  begin(note: unknown, until: 'woken' | 'its turn'): void;
}

/** What a source task gets. */
export interface TaskContext extends PluginContext {
  readonly taskCount: number;
  readonly offsets: OffsetReader;
  /** Not set where it must stay awake. */
  readonly sleep?: Sleep;
  /**
   * Takes the offsets of source partitions away for good, with the task's next commit, or soon where none is on its way: as
   * if nothing of them had ever been read. Only of what is finished and gone.
   */
  forget(partitions: readonly SourcePartition[]): void;
  /** Tells the worker of a file's state, for logs, metrics and status. */
  fileState(path: string, state: FileState, detail?: Readonly<Record<string, unknown>>): void;
}

/**
 * DISCOVERED: found, and not known to be complete. SETTLING: it was written to since. READY: complete, and waiting for
 * its turn. READING: rows of it are on their way. DELIVERED: every row is committed. COMPLETED: delivered and finished
 * (moved, deleted or left). SKIPPED: the same content was delivered before. FAILED: given up, with the reason. IGNORED:
 * it went away before anything of it was read.
 */
export type FileState =
  | 'DISCOVERED'
  | 'SETTLING'
  | 'READY'
  | 'READING'
  | 'DELIVERED'
  | 'COMPLETED'
  | 'SKIPPED'
  | 'FAILED'
  | 'IGNORED';

/** Offsets that are committed: those of before this task, of all tasks of its connector; and its own since. */
export interface OffsetReader {
  offset(partition: SourcePartition): SourceOffset | undefined;
  /** Every source partition of the connector whose properties include these. Quick where `file` is among them. */
  find(properties: SourcePartition): Iterable<CommittedOffset>;
}

/** How far a source partition is delivered. A connector may have hundreds of thousands: what is not looked at costs little. */
export interface CommittedOffset {
  readonly partition: SourcePartition;
  readonly offset: SourceOffset;
  /** When it was committed, in milliseconds since 1970; 0 where nothing tells. */
  readonly timestamp: number;
}
