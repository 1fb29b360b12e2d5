/** Headrace as a library: what `headrace run` is made of. Plugins import `headrace/plugin` instead. */

export type { WorkerConfig } from './config/worker-config.ts';
export { loadWorkerConfig } from './config/worker-file.ts';
export type { ErrorCode } from './errors.ts';
export { HeadraceError } from './errors.ts';
export { load } from './load/load.ts';
export type { LoadOptions, Patience } from './load/load-options.ts';
export type { LoadPhase, LoadProgress } from './load/load-progress.ts';
export type { JobResult, LoadedFile, LoadResult } from './load/load-result.ts';
export type {
  CommittedEvent,
  CommittedFile,
  ErrorReport,
  FileStateEvent,
  LogEvent,
  LogLostEvent,
  RejectedEvent,
  RejectedRow,
  RowCounts,
  RuntimeEvent,
  TaskStateEvent,
  WorkerWaitingEvent,
} from './runtime/events/events.ts';
export type { Feed } from './runtime/worker/feed.ts';
export { readFeeds } from './runtime/worker/feed-files.ts';
export { Herder } from './runtime/worker/herder.ts';
export type { TaskState } from './runtime/worker/states.ts';
