import type { SourceOffset, SourcePartition } from './source-connector.ts';

/** Writes to the worker's log, with connector and task already in it. Messages are short and constant; facts are fields. */
export interface PluginLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

/** What every plugin that runs in a task gets. */
export interface PluginContext {
  readonly connector: string;
  /** 0 is the first task. */
  readonly taskId: number;
  readonly log: PluginLog;
  /** Aborts when the task is to stop. */
  readonly signal: AbortSignal;
}

/** What a source task gets. */
export interface TaskContext extends PluginContext {
  readonly taskCount: number;
  readonly offsets: OffsetReader;
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

/** Offsets that were committed before this task started. */
export interface OffsetReader {
  offset(partition: SourcePartition): SourceOffset | undefined;
  /** Every source partition of the connector whose properties include these. */
  find(properties: SourcePartition): Iterable<{ partition: SourcePartition; offset: SourceOffset }>;
}
