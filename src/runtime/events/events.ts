import { EventEmitter } from 'node:events';
import type { ErrorCode } from '../../errors.ts';
import type { ProducerChange } from '../../kafka/producer/producer-figures.ts';
import type { LoggerLevel } from '../../offsets/logger-level.ts';
import type { TargetState } from '../../offsets/stored-connectors.ts';
import type { FileState } from '../../plugin/index.ts';
import type { DayStatus, NamedFile } from '../expectations/expectation-status.ts';
import type { DayChange } from '../expectations/expected-feed.ts';
import type { MetricChange } from '../plugin-metrics/metric-change.ts';
import type { TaskState } from '../worker/states.ts';

/** Rows by what became of them; read = produced + filtered + rejected. */
export interface RowCounts {
  readonly read: number;
  readonly produced: number;
  readonly filtered: number;
  readonly rejected: number;
}

/** An error that can cross threads. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  readonly retriable: boolean;
  /** The message without values of a row, where it has some: metrics never show them. */
  readonly masked?: string;
  /** The folder without which trying again does not help. */
  readonly awaits?: string;
  /** Of errors nobody foresaw: for the log only. */
  readonly stack?: string;
}

interface OfTask {
  readonly connector: string;
  readonly task: number;
}

export interface TaskStateEvent extends OfTask {
  readonly type: 'task.state';
  readonly state: TaskState;
  readonly previous: TaskState;
  /** Of FAILED, and of RESTARTING where nobody has asked for it. */
  readonly error?: ErrorReport;
  /** Of RESTARTING: how long until the next try. */
  readonly retryInMs?: number;
}

export interface FileStateEvent extends OfTask {
  readonly type: 'file.state';
  readonly file: string;
  readonly state: FileState;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** The offsets of files were taken away, as nothing more of them is to be known. */
export interface FilesForgottenEvent extends OfTask {
  readonly type: 'files.forgotten';
  readonly files: readonly string[];
}

/** A transaction is committed: what metrics, progress and status are made of. */
export interface CommittedEvent extends OfTask {
  readonly type: 'transaction.committed';
  /** Its name, which no other one of the cluster has; not set of a dry run, which has none. */
  readonly transaction?: string;
  readonly rows: RowCounts;
  /** Records written, by topic, dead letters included. */
  readonly topics: Readonly<Record<string, number>>;
  /** Bytes of the files that are acknowledged with this commit. */
  readonly fileBytes: number;
  /** Bytes of record batches sent. */
  readonly sentBytes: number;
  /** Rows whose record's time its topic does not keep: `expired.timestamps`. */
  readonly expired: number;
  /** From the first row encoded to the answer of the commit. */
  readonly durationMs: number;
  readonly files: readonly CommittedFile[];
}

export interface CommittedFile {
  readonly path: string;
  /** Of its source partition, where it has one: which content of this path it is. */
  readonly generation?: string | number;
  readonly position: number;
  /** Bytes on disk that are done with: `position` itself unless the file is compressed. */
  readonly diskPosition: number;
  readonly size: number | null;
  readonly rows: RowCounts;
  readonly eof: boolean;
}

/** Rows rejected in a committed transaction, by reason, with the first few of each batch told in full. */
export interface RejectedEvent extends OfTask {
  readonly type: 'rows.rejected';
  /** As of the commit. */
  readonly transaction?: string;
  readonly count: number;
  /** The same, by the name of the plugin that rejected them. */
  readonly plugins: Readonly<Record<string, number>>;
  /** Those of them whose key or value could not be made bytes, by the topic they were for. */
  readonly unserialized: Readonly<Record<string, number>>;
  readonly examples: readonly RejectedRow[];
}

export interface RejectedRow {
  readonly file: string;
  readonly row: number;
  readonly line: number;
  readonly offset: number;
  readonly stage: string;
  readonly plugin: string;
  readonly error: string;
  readonly reason: string;
}

/** A plugin or the Kafka client has something to say. */
export interface LogEvent extends OfTask {
  readonly type: 'log';
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What plugins count and measure. */
export interface PluginMetricsEvent extends OfTask {
  readonly type: 'plugin.metrics';
  readonly changes: readonly MetricChange[];
}

/** What the producers of a task have done. */
export interface ProducerEvent extends OfTask {
  readonly type: 'producer.told';
  readonly change: ProducerChange;
}

/** A quota of Kafka slows the task down: a broker answered, and asks the task to be silent for a while. */
export interface ThrottledEvent extends OfTask {
  readonly type: 'kafka.throttled';
  /** Host and port. */
  readonly broker: string;
  /** The request that was answered. */
  readonly api: string;
  readonly throttleMs: number;
  /** The task was not throttled just before. */
  readonly begins: boolean;
}

/** The worker cannot start its connectors yet. */
export interface WorkerWaitingEvent {
  readonly type: 'worker.waiting';
  readonly reason: string;
  readonly retryInMs: number;
}

/** Lines of the log could not be written. */
export interface LogLostEvent {
  readonly type: 'log.lost';
  readonly lines: number;
}

/** Somebody made, changed or ended a connector while its worker runs. */
export interface ConnectorChangedEvent {
  readonly type: 'connector.changed';
  readonly connector: string;
  readonly change: 'created' | 'configured' | 'deleted' | 'paused' | 'resumed' | 'stopped' | 'restarted';
}

/** A connector of the config topic cannot be run, as it is written or beside the others. */
export interface ConnectorFailedEvent {
  readonly type: 'connector.failed';
  readonly connector: string;
  readonly error: ErrorReport;
}

/** Files that a feed expects are late, too small or there. */
export interface ExpectedFilesEvent {
  readonly type: 'files.expected';
  readonly connector: string;
  /** null: what is known of them is told, and nothing has changed. */
  readonly change: DayChange | null;
  /** Of `expect.by`. */
  readonly by: string;
  /** What the connector is to be: nobody reads files for one that is not STARTED. */
  readonly target: TargetState;
  readonly day: DayStatus | null;
  /** Of `tooSmall`. */
  readonly file?: NamedFile;
  /** Files that lack of the last day whose time has passed. */
  readonly missing: number;
}

/** Somebody who was to be told could not be. */
export interface NotificationEvent {
  readonly type: 'notification';
  readonly connector: string;
  /** What was to be told. */
  readonly event: string;
  /** The server; the rest of its address may be a secret. */
  readonly to: string;
  readonly reason: string;
  /** It is not tried again. */
  readonly isLast: boolean;
}

/** The work of the worker's group was shared out anew, or the worker has lost its place in it. */
export interface GroupChangedEvent {
  readonly type: 'group.changed';
  readonly generation: number;
  /** Whether this worker leads from now on. */
  readonly isLeader: boolean;
  /** null while this worker knows of none that leads. */
  readonly leaderUrl: string | null;
  /** Tasks that it has from now on. */
  readonly tasks: number;
}

/** Every worker of the group is to have this level of a logger. */
export interface LoggerLevelEvent extends LoggerLevel {
  readonly type: 'logger.level';
}

export type RuntimeEvent =
  | LoggerLevelEvent
  | GroupChangedEvent
  | ConnectorChangedEvent
  | ConnectorFailedEvent
  | WorkerWaitingEvent
  | TaskStateEvent
  | FileStateEvent
  | ExpectedFilesEvent
  | NotificationEvent
  | FilesForgottenEvent
  | CommittedEvent
  | RejectedEvent
  | ThrottledEvent
  | LogEvent
  | PluginMetricsEvent
  | ProducerEvent
  | LogLostEvent;

/** Where everything that happens is told; logs, metrics, progress and REST subscribe, and none reaches into a pipeline. */
export class RuntimeEvents {
  readonly #emitter = new EventEmitter();

  publish(event: RuntimeEvent): void {
    this.#emitter.emit('event', event);
  }

  /** Returns the function that ends the subscription. */
  subscribe(listener: (event: RuntimeEvent) => void): () => void {
    this.#emitter.on('event', listener);
    return () => this.#emitter.off('event', listener);
  }
}
