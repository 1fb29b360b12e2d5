/** Every metric of a worker, by name. Each of a task has the labels `connector` and `task`, and the feed's own, too. */
export const METRICS = {
  connect_source_record_poll_total: {
    type: 'counter',
    help: 'Rows read, counted when their transaction is committed',
    labels: [],
  },
  connect_source_record_write_total: {
    type: 'counter',
    help: 'Rows written to their topics, dead letters not among them',
    labels: [],
  },
  connect_task_error_total_records_skipped: {
    type: 'counter',
    help: 'Rows rejected to the dead-letter queue',
    labels: [],
  },
  connect_task_error_total_record_failures: {
    type: 'counter',
    help: 'Rows rejected, those that ended the task among them',
    labels: [],
  },
  connect_task_error_deadletterqueue_produce_requests: {
    type: 'counter',
    help: 'Records written to the dead-letter topic',
    labels: [],
  },
  connect_task_error_deadletterqueue_produce_failures: {
    type: 'counter',
    help: 'Times that the task ended because a dead letter could not be written',
    labels: [],
  },
  connect_connector_task_status: {
    type: 'gauge',
    help: 'What the task is doing: 1 for its status, 0 for every other',
    labels: ['status'],
  },
  headrace_task_failure_info: {
    type: 'gauge',
    help: 'Why the task is failed: 1 while it is',
    labels: ['code', 'reason'],
  },
  headrace_task_errors_total: {
    type: 'counter',
    help: 'Errors that ended the task, for a while or for good, by code',
    labels: ['code'],
  },
  headrace_task_restarts_total: {
    type: 'counter',
    help: 'Times that the task was started again after an error that may pass',
    labels: [],
  },
  headrace_files_total: {
    type: 'counter',
    help: 'Files that the task is done with: completed, skipped, failed',
    labels: ['state'],
  },
  headrace_expected_files_late: {
    type: 'gauge',
    help: 'Files that were expected by the last time that has passed (expect.by) and are not there; of the connector, without task',
    labels: [],
  },
  headrace_lag_files: {
    type: 'gauge',
    help: 'Files that are found and not delivered to their end, those that are being read among them',
    labels: [],
  },
  headrace_lag_bytes: {
    type: 'gauge',
    help: 'Bytes of these files, as they lie there, whose rows are not delivered',
    labels: [],
  },
  headrace_lag_oldest_file_seconds: {
    type: 'gauge',
    help: 'Seconds since the one of them that waits longest was found; 0 when there is none',
    labels: [],
  },
  headrace_expired_rows_total: {
    type: 'counter',
    help: "Rows whose record's time is older than their topic keeps (expired.timestamps)",
    labels: [],
  },
  headrace_file_bytes_total: {
    type: 'counter',
    help: 'Bytes of files, decompressed, delivered with committed transactions',
    labels: [],
  },
  ingest_csv_lines_total: {
    type: 'counter',
    help: 'Rows by what became of them: read = processed (written or filtered) + error (rejected)',
    labels: ['status'],
  },
  ingest_csv_duration_seconds: {
    type: 'histogram',
    help: 'Seconds from the first byte read of a file until all of it is committed',
    labels: [],
    buckets: [0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600],
  },
  ingest_csv_current_offset: {
    type: 'gauge',
    help: 'Bytes, decompressed, of the file last committed from that are delivered',
    labels: [],
  },
  kafka_producer_messages_produced_total: {
    type: 'counter',
    help: 'Records written by topic, dead letters among them',
    labels: ['topic'],
  },
  kafka_producer_produce_duration_seconds: {
    type: 'histogram',
    help: 'Seconds until a request to write records was answered, by the topics in it',
    labels: ['topic'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
  },
  kafka_producer_initialised_total: {
    type: 'counter',
    help: 'Producers that were started: one whenever the task starts or wakes up',
    labels: [],
  },
  kafka_producer_init_errors_total: {
    type: 'counter',
    help: 'Producers that could not be started, by the error',
    labels: ['error'],
  },
  kafka_producer_retries_total: {
    type: 'counter',
    help: 'Requests of the producer that were sent again, as the broker was not ready for them',
    labels: [],
  },
  kafka_producer_retries_exhausted_total: {
    type: 'counter',
    help: 'Requests of the producer for which the broker was not ready in time',
    labels: [],
  },
  kafka_producer_errors_total: {
    type: 'counter',
    help: 'Errors that ended a producer, by the error',
    labels: ['error'],
  },
  kafka_producer_serializer_errors_total: {
    type: 'counter',
    help: 'Rows rejected as their key or value could not be converted, by the topic they were for',
    labels: ['topic'],
  },
  kafka_producer_sent_bytes_total: {
    type: 'counter',
    help: 'Bytes of record batches written, before compression',
    labels: [],
  },
  headrace_kafka_throttle_seconds_total: {
    type: 'counter',
    help: 'Seconds for which brokers asked the task to be silent, as a quota was used up',
    labels: [],
  },
  headrace_log_lines_lost_total: {
    type: 'counter',
    help: 'Lines of the log that could not be written; of the worker, without the labels of a task',
    labels: [],
  },
  kafka_producer_transaction_duration_seconds: {
    type: 'histogram',
    help: 'Seconds from the first row of a transaction until its commit was answered',
    labels: [],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60],
  },
  process_start_time_seconds: {
    type: 'gauge',
    help: 'When the process began, in seconds since 1970; of the worker',
    labels: [],
  },
  process_cpu_seconds_total: {
    type: 'counter',
    help: 'Seconds of CPU that the process took, all of its threads; of the worker',
    labels: [],
  },
  process_resident_memory_bytes: {
    type: 'gauge',
    help: 'Memory of the process, all of its threads; of the worker',
    labels: [],
  },
  nodejs_heap_size_used_bytes: {
    type: 'gauge',
    help: "JavaScript's heap of the main thread, as far as it is used; of the worker",
    labels: [],
  },
  nodejs_eventloop_lag_p99_seconds: {
    type: 'gauge',
    help: 'How late the main thread came to what was due, in 99 of 100 looks since it was asked last; of the worker',
    labels: [],
  },
  nodejs_eventloop_lag_max_seconds: {
    type: 'gauge',
    help: 'The same at its worst; of the worker',
    labels: [],
  },
} as const satisfies Record<string, MetricDefinition>;

export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** One line, for Prometheus and docs/metrics.md. */
  readonly help: string;
  /** Beside those that all metrics have. */
  readonly labels: readonly string[];
  /** Upper bounds of a histogram, in seconds. */
  readonly buckets?: readonly number[];
}

/** The metrics of a type. */
export type NameOf<T extends MetricDefinition['type']> = {
  [N in keyof typeof METRICS]: (typeof METRICS)[N]['type'] extends T ? N : never;
}[keyof typeof METRICS];
