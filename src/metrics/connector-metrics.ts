import type {
  CommittedEvent,
  ErrorReport,
  ExpectedFilesEvent,
  FileStateEvent,
  ProducerEvent,
  RejectedEvent,
  RuntimeEvent,
  TaskStateEvent,
  ThrottledEvent,
} from '../runtime/events/events.ts';
import { TASK_TRANSITIONS } from '../runtime/worker/states.ts';
import type { NameOf } from './metric-definitions.ts';
import { MetricRegistry } from './metric-registry.ts';
import { PluginSeries } from './plugin-series.ts';
import { TopicNames } from './topic-names.ts';
import { WaitingFiles } from './waiting-files.ts';

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
  'kafka_producer_initialised_total',
  'kafka_producer_retries_total',
  'kafka_producer_retries_exhausted_total',
];

/** The metrics of a connector, all of whose series have the labels that its feed adds. */
export class ConnectorMetrics {
  /** Those of the feed, by name. */
  readonly labels: Readonly<Record<string, string>>;
  readonly #connector: string;
  readonly #registry: MetricRegistry;
  /** Of its plugins. */
  readonly plugins = new PluginSeries();
  readonly #topics = new TopicNames();
  /** By task. */
  readonly #waiting = new Map<number, WaitingFiles>();
  /** The labels by which tasks that are failed say why. */
  readonly #failures = new Map<number, Labels>();
  /** Tasks that an error has ended, until they run again. */
  readonly #inTrouble = new Set<number>();

  constructor(connector: string, labels: Readonly<Record<string, string>>) {
    this.labels = labels;
    this.#connector = connector;
    this.#registry = new MetricRegistry(Object.keys(labels));
  }

  /** Takes what changes with time alone as it is now. @param nowMs milliseconds since 1970 */
  take(nowMs: number): void {
    for (const [task, waiting] of this.#waiting) {
      const labels = this.#labelsOf(task);
      const { files, bytes, oldestMs } = waiting.lag;
      const seconds = oldestMs === null ? 0 : Math.max(0, (nowMs - oldestMs) / 1000);
      this.#registry.gauge('headrace_lag_files').set(labels, files);
      this.#registry.gauge('headrace_lag_bytes').set(labels, bytes);
      this.#registry.gauge('headrace_lag_oldest_file_seconds').set(labels, seconds);
    }
  }

  /** See {@link MetricRegistry.linesOf}. */
  linesOf(name: string): Promise<readonly string[]> {
    return this.#registry.linesOf(name);
  }

  /** @param deadLetterTopic where the connector's rejected rows go now; null where they go to no topic */
  apply(event: RuntimeEvent, deadLetterTopic: string | null): void {
    if ('task' in event) this.#waitingOf(event.task).apply(event);
    if (event.type === 'transaction.committed') this.#onCommitted(event, deadLetterTopic);
    else if (event.type === 'task.state') this.#onTaskState(event);
    else if (event.type === 'file.state') this.#onFileState(event);
    else if (event.type === 'rows.rejected') this.#onRejected(event);
    else if (event.type === 'producer.told') this.#onProducer(event);
    else if (event.type === 'kafka.throttled') this.#onThrottled(event);
    else if (event.type === 'files.expected') this.#onExpected(event);
    else if (event.type === 'plugin.metrics')
      for (const change of event.changes) this.plugins.apply(change, this.#labelsOf(event.task));
  }

  #onCommitted(event: CommittedEvent, deadLetterTopic: string | null): void {
    const labels = this.#labelsOf(event.task);
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
    const deadLetters = deadLetterTopic === null ? 0 : (event.topics[deadLetterTopic] ?? 0);
    if (deadLetters > 0) {
      this.#count('connect_task_error_deadletterqueue_produce_requests', labels, deadLetters);
    }
    const last = files.at(-1);
    if (last !== undefined) this.#registry.gauge('ingest_csv_current_offset').set(labels, last.position);
  }

  #onSent({ topics, sentBytes, durationMs }: CommittedEvent, labels: Labels): void {
    for (const [topic, records] of Object.entries(topics)) {
      const named = { ...labels, topic: this.#topics.of(topic) };
      this.#count('kafka_producer_messages_produced_total', named, records);
    }
    this.#count('kafka_producer_sent_bytes_total', labels, sentBytes);
    this.#registry
      .histogram('kafka_producer_transaction_duration_seconds')
      .observe(labels, durationMs / 1000);
  }

  #onRejected({ task, unserialized }: RejectedEvent): void {
    const labels = this.#labelsOf(task);
    for (const [topic, rows] of Object.entries(unserialized)) {
      const named = { ...labels, topic: this.#topics.of(topic) };
      this.#count('kafka_producer_serializer_errors_total', named, rows);
    }
  }

  #onProducer({ task, change }: ProducerEvent): void {
    const labels = this.#labelsOf(task);
    this.#count('kafka_producer_initialised_total', labels, change.initialised);
    this.#count('kafka_producer_retries_total', labels, change.retries);
    this.#count('kafka_producer_retries_exhausted_total', labels, change.retriesExhausted);
    for (const [error, count] of Object.entries(change.initErrors))
      this.#count('kafka_producer_init_errors_total', { ...labels, error }, count);
    for (const [error, count] of Object.entries(change.errors))
      this.#count('kafka_producer_errors_total', { ...labels, error }, count);
    const durations = this.#registry.histogram('kafka_producer_produce_duration_seconds');
    for (const [topic, all] of Object.entries(change.produceSeconds)) {
      const named = { ...labels, topic: this.#topics.of(topic) };
      for (const seconds of all) durations.observe(named, seconds);
    }
  }

  #onTaskState(event: TaskStateEvent): void {
    const labels = this.#labelsOf(event.task);
    const { state, previous, error } = event;
    for (const name of FROM_THE_START) this.#count(name, labels, 0);
    for (const status of Object.keys(TASK_TRANSITIONS)) {
      const value = status === state ? 1 : 0;
      this.#registry
        .gauge('connect_connector_task_status')
        .set({ ...labels, status: status.toLowerCase() }, value);
    }
    if (state === 'RUNNING' && previous === 'RESTARTING' && this.#inTrouble.has(event.task)) {
      this.#count('headrace_task_restarts_total', labels, 1);
    }
    this.#inTrouble.delete(event.task);
    this.#forgetFailure(event.task);
    if (error !== undefined) this.#onTaskError(event, error, labels);
  }

  #onTaskError(
    event: TaskStateEvent,
    { code, message, masked = message }: ErrorReport,
    labels: Labels,
  ): void {
    this.#inTrouble.add(event.task);
    this.#count('headrace_task_errors_total', { ...labels, code }, 1);
    if (code === 'RECORD_REJECTED') this.#count('connect_task_error_total_record_failures', labels, 1);
    if (code === 'DEAD_LETTER_FAILED') {
      this.#count('connect_task_error_deadletterqueue_produce_failures', labels, 1);
    }
    if (event.state !== 'FAILED') return;
    const failure = { ...labels, code, reason: masked };
    this.#failures.set(event.task, failure);
    this.#registry.gauge('headrace_task_failure_info').set(failure, 1);
  }

  #forgetFailure(task: number): void {
    const failure = this.#failures.get(task);
    if (failure !== undefined) this.#registry.gauge('headrace_task_failure_info').remove(failure);
    this.#failures.delete(task);
  }

  #onFileState(event: FileStateEvent): void {
    const labels = this.#labelsOf(event.task);
    const { durationMs } = event.detail;
    if (event.state === 'DELIVERED' && typeof durationMs === 'number')
      this.#registry.histogram('ingest_csv_duration_seconds').observe(labels, durationMs / 1000);
    if (event.state === 'COMPLETED' || event.state === 'SKIPPED' || event.state === 'FAILED') {
      this.#count('headrace_files_total', { ...labels, state: event.state.toLowerCase() }, 1);
    }
  }

  #onExpected({ missing }: ExpectedFilesEvent): void {
    const labels = { ...this.labels, connector: this.#connector };
    this.#registry.gauge('headrace_expected_files_late').set(labels, missing);
  }

  #onThrottled(event: ThrottledEvent): void {
    this.#count('headrace_kafka_throttle_seconds_total', this.#labelsOf(event.task), event.throttleMs / 1000);
  }

  #count(name: NameOf<'counter'>, labels: Labels, by: number): void {
    this.#registry.counter(name).inc(labels, by);
  }

  #waitingOf(task: number): WaitingFiles {
    const waiting = this.#waiting.get(task) ?? new WaitingFiles();
    this.#waiting.set(task, waiting);
    return waiting;
  }

  #labelsOf(task: number): Labels {
    return { ...this.labels, connector: this.#connector, task };
  }
}
