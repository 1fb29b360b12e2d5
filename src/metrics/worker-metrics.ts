import type {
  CommittedEvent,
  ErrorReport,
  FileStateEvent,
  RuntimeEvent,
  TaskStateEvent,
  ThrottledEvent,
} from '../runtime/events/events.ts';
import type { Feed } from '../runtime/worker/feed.ts';
import { TASK_TRANSITIONS } from '../runtime/worker/states.ts';
import { FileClock } from './file-clock.ts';
import type { NameOf } from './metric-definitions.ts';
import { MetricRegistry } from './metric-registry.ts';
import { type OfTask, taskKey } from './task-key.ts';

type Labels = Readonly<Record<string, string | number>>;

/** What there is of every task from its start, so that the first event is seen as an increase. */
const FROM_THE_START: readonly NameOf<'counter'>[] = [
  'connect_source_record_poll_total',
  'connect_source_record_write_total',
  'connect_task_error_total_records_skipped',
  'connect_task_error_total_record_failures',
  'headrace_task_restarts_total',
  'headrace_expired_rows_total',
  'headrace_file_bytes_total',
  'kafka_producer_sent_bytes_total',
  'headrace_kafka_throttle_seconds_total',
];

const LINES_LOST = 'headrace_log_lines_lost_total';

/** The metrics of a worker, made of its events alone. */
export class WorkerMetrics {
  readonly #metrics: MetricRegistry;
  readonly #configOf: (connector: string) => Feed['config'] | null;
  /** Names of the labels that feeds may add. */
  readonly #staticLabels: ReadonlySet<string>;
  readonly #fileClock = new FileClock();
  /** The labels by which tasks that are failed say why, by task. */
  readonly #failures = new Map<string, Labels>();

  /**
   * @param feeds those that there are from the start: the labels that they add are all that feeds may add
   * @param configOf a connector's configuration as it is now
   */
  constructor(
    feeds: readonly Feed[],
    configOf = (connector: string) => feeds.find(({ config }) => config.name === connector)?.config ?? null,
  ) {
    this.#configOf = configOf;
    this.#staticLabels = new Set(feeds.flatMap(({ config }) => Object.keys(config.metricsLabels)));
    this.#metrics = new MetricRegistry([...this.#staticLabels]);
    this.#count(LINES_LOST, {}, 0);
  }

  /** Of `text`. */
  get contentType(): string {
    return this.#metrics.contentType;
  }

  /** All metrics in Prometheus' text format. */
  text(): Promise<string> {
    return this.#metrics.text();
  }

  apply(event: RuntimeEvent): void {
    if (event.type === 'transaction.committed') this.#onCommitted(event);
    else if (event.type === 'task.state') this.#onTaskState(event);
    else if (event.type === 'file.state') this.#onFileState(event);
    else if (event.type === 'kafka.throttled') this.#onThrottled(event);
    else if (event.type === 'log.lost') this.#count(LINES_LOST, {}, event.lines);
  }

  #onCommitted(event: CommittedEvent): void {
    const labels = this.#labelsOf(event);
    const { rows, files } = event;
    this.#count('connect_source_record_poll_total', labels, rows.read);
    this.#count('connect_source_record_write_total', labels, rows.produced);
    this.#count('connect_task_error_total_records_skipped', labels, rows.rejected);
    this.#count('connect_task_error_total_record_failures', labels, rows.rejected);
    this.#count('ingest_csv_lines_total', { ...labels, status: 'read' }, rows.read);
    this.#count('ingest_csv_lines_total', { ...labels, status: 'processed' }, rows.produced + rows.filtered);
    this.#count('ingest_csv_lines_total', { ...labels, status: 'error' }, rows.rejected);
    this.#count('headrace_expired_rows_total', labels, event.expired);
    this.#count('headrace_file_bytes_total', labels, event.fileBytes);
    this.#onSent(event, labels);
    const last = files.at(-1);
    if (last !== undefined) this.#metrics.gauge('ingest_csv_current_offset').set(labels, last.position);
  }

  #onSent({ connector, topics, sentBytes, durationMs }: CommittedEvent, labels: Labels): void {
    for (const [topic, records] of Object.entries(topics)) {
      this.#count('kafka_producer_messages_produced_total', { ...labels, topic }, records);
    }
    const deadLetterTopic = this.#configOf(connector)?.errors.deadLetterTopic ?? null;
    const deadLetters = deadLetterTopic === null ? 0 : (topics[deadLetterTopic] ?? 0);
    if (deadLetters > 0) {
      this.#count('connect_task_error_deadletterqueue_produce_requests', labels, deadLetters);
    }
    this.#count('kafka_producer_sent_bytes_total', labels, sentBytes);
    this.#metrics.histogram('kafka_producer_transaction_duration_seconds').observe(labels, durationMs / 1000);
  }

  #onTaskState(event: TaskStateEvent): void {
    const labels = this.#labelsOf(event);
    const { state, previous, error } = event;
    if (state !== 'RUNNING') this.#fileClock.forget(event);
    for (const name of FROM_THE_START) this.#count(name, labels, 0);
    for (const status of Object.keys(TASK_TRANSITIONS)) {
      const value = status === state ? 1 : 0;
      this.#metrics
        .gauge('connect_connector_task_status')
        .set({ ...labels, status: status.toLowerCase() }, value);
    }
    if (state === 'RUNNING' && previous === 'RESTARTING') {
      this.#count('headrace_task_restarts_total', labels, 1);
    }
    this.#forgetFailure(event);
    if (error !== undefined) this.#onTaskError(event, error, labels);
  }

  #onTaskError(
    event: TaskStateEvent,
    { code, message, masked = message }: ErrorReport,
    labels: Labels,
  ): void {
    this.#count('headrace_task_errors_total', { ...labels, code }, 1);
    if (code === 'RECORD_REJECTED') this.#count('connect_task_error_total_record_failures', labels, 1);
    if (code === 'DEAD_LETTER_FAILED') {
      this.#count('connect_task_error_deadletterqueue_produce_failures', labels, 1);
    }
    if (event.state !== 'FAILED') return;
    const failure = { ...labels, code, reason: masked };
    this.#failures.set(taskKey(event), failure);
    this.#metrics.gauge('headrace_task_failure_info').set(failure, 1);
  }

  #forgetFailure(task: OfTask): void {
    const failure = this.#failures.get(taskKey(task));
    if (failure !== undefined) this.#metrics.gauge('headrace_task_failure_info').remove(failure);
    this.#failures.delete(taskKey(task));
  }

  #onFileState(event: FileStateEvent): void {
    const labels = this.#labelsOf(event);
    const seconds = this.#fileClock.onFileState(event);
    if (seconds !== null) this.#metrics.histogram('ingest_csv_duration_seconds').observe(labels, seconds);
    if (event.state === 'COMPLETED' || event.state === 'SKIPPED' || event.state === 'FAILED') {
      this.#count('headrace_files_total', { ...labels, state: event.state.toLowerCase() }, 1);
    }
  }

  #onThrottled(event: ThrottledEvent): void {
    this.#count('headrace_kafka_throttle_seconds_total', this.#labelsOf(event), event.throttleMs / 1000);
  }

  #count(name: NameOf<'counter'>, labels: Labels, by: number): void {
    this.#metrics.counter(name).inc(labels, by);
  }

  #labelsOf({ connector, task }: OfTask): Labels {
    const added = Object.entries(this.#configOf(connector)?.metricsLabels ?? {});
    const known = added.filter(([name]) => this.#staticLabels.has(name));
    return { ...Object.fromEntries(known), connector, task };
  }
}
