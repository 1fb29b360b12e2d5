import { describe, expect, test } from 'vitest';
import type { WorkerMetrics } from '../../src/metrics/worker-metrics.ts';
import type { ErrorReport } from '../../src/runtime/events/events.ts';
import type { TaskState } from '../../src/runtime/worker/states.ts';
import { samplesOf } from '../rest/samples.ts';
import { feed, metricsOf } from './feed.ts';

const of = { connector: 'trades', task: 0 };
const TASK = 'connector="trades",task="0"';
const DENIED: ErrorReport = { code: 'KAFKA_DENIED', message: 'no "write"\non trades', retriable: false };
const AWAY: ErrorReport = { code: 'KAFKA_UNAVAILABLE', message: 'no answer', retriable: true };

function moved(metrics: WorkerMetrics, previous: TaskState, state: TaskState, error?: ErrorReport): void {
  const event = { type: 'task.state', ...of, previous, state } as const;
  metrics.apply(error === undefined ? event : { ...event, error });
}

async function samples(metrics: WorkerMetrics, name: string): Promise<Record<string, number>> {
  return samplesOf(await metrics.text(), name);
}

describe('the metrics of a worker', () => {
  test('say why a task is failed for as long as it is', async () => {
    const metrics = metricsOf([feed('trades')]);
    moved(metrics, 'RUNNING', 'FAILED', DENIED);
    expect(await samples(metrics, 'headrace_task_failure_info')).toEqual({
      [`{${TASK},code="KAFKA_DENIED",reason="no \\"write\\"\\non trades"}`]: 1,
    });
    moved(metrics, 'FAILED', 'STOPPED');
    expect(await samples(metrics, 'headrace_task_failure_info')).toEqual({});
    expect(await samples(metrics, 'connect_connector_task_status')).toMatchObject({
      [`{${TASK},status="stopped"}`]: 1,
      [`{${TASK},status="failed"}`]: 0,
    });
  });

  test('count restarts and the errors before them', async () => {
    const metrics = metricsOf([feed('trades')]);
    moved(metrics, 'UNASSIGNED', 'RUNNING');
    for (let time = 0; time < 2; time++) {
      moved(metrics, 'RUNNING', 'RESTARTING', AWAY);
      moved(metrics, 'RESTARTING', 'RUNNING');
    }
    expect(await samples(metrics, 'headrace_task_restarts_total')).toEqual({ [`{${TASK}}`]: 2 });
    expect(await samples(metrics, 'headrace_task_errors_total')).toEqual({
      [`{${TASK},code="KAFKA_UNAVAILABLE"}`]: 2,
    });
    expect(await samples(metrics, 'headrace_task_failure_info')).toEqual({});
  });

  test('begin at zero, so that the first rows are seen as an increase', async () => {
    const metrics = metricsOf([feed('trades')]);
    moved(metrics, 'UNASSIGNED', 'RUNNING');
    expect(await samples(metrics, 'connect_source_record_poll_total')).toEqual({ [`{${TASK}}`]: 0 });
  });

  test('of a feed that is made later have all of its labels, as it is configured now', async () => {
    const feeds = [feed('trades', { exchange: 'nyse' })];
    const metrics = metricsOf(feeds);
    moved(metrics, 'UNASSIGNED', 'RUNNING');
    const running = {
      type: 'task.state',
      connector: 'quotes',
      task: 0,
      previous: 'UNASSIGNED',
      state: 'RUNNING',
    } as const;
    feeds.push(feed('quotes', { exchange: 'asx', venue: 'x' }));
    metrics.apply(running);
    const trades = { [`{exchange="nyse",${TASK}}`]: 0 };
    expect(await samples(metrics, 'headrace_task_restarts_total')).toEqual({
      ...trades,
      '{exchange="asx",venue="x",connector="quotes",task="0"}': 0,
    });
    feeds[1] = feed('quotes', { desk: 'equities' });
    metrics.apply(running);
    expect(await samples(metrics, 'headrace_task_restarts_total')).toEqual({
      ...trades,
      '{desk="equities",connector="quotes",task="0"}': 0,
    });
  });

  test('of a connector that is deleted are gone, whatever its tasks do to end', async () => {
    const feeds = [feed('trades'), feed('quotes')];
    const metrics = metricsOf(feeds);
    moved(metrics, 'UNASSIGNED', 'RUNNING');
    moved(metrics, 'RUNNING', 'FAILED', DENIED);
    feeds.shift();
    metrics.apply({ type: 'connector.changed', connector: 'trades', change: 'deleted' });
    moved(metrics, 'FAILED', 'STOPPED');
    expect(await metrics.text()).not.toContain('trades');
  });

  test('do not count as a restart what somebody has asked for', async () => {
    const metrics = metricsOf([feed('trades')]);
    moved(metrics, 'RUNNING', 'RESTARTING');
    moved(metrics, 'RESTARTING', 'RUNNING');
    expect(await samples(metrics, 'headrace_task_restarts_total')).toEqual({ [`{${TASK}}`]: 0 });
  });

  test('have the labels of their own feed only', async () => {
    const metrics = metricsOf([
      feed('trades', { exchange: 'asx', constructor: 'x' }),
      feed('quotes', { desk: 'equities' }),
    ]);
    moved(metrics, 'UNASSIGNED', 'RUNNING');
    metrics.apply({
      type: 'task.state',
      connector: 'quotes',
      task: 1,
      previous: 'UNASSIGNED',
      state: 'RUNNING',
    });
    expect(await samples(metrics, 'headrace_task_restarts_total')).toEqual({
      [`{exchange="asx",constructor="x",${TASK}}`]: 0,
      '{desk="equities",connector="quotes",task="1"}': 0,
    });
  });

  test('take the time of files that were delivered, and of no others', async () => {
    const metrics = metricsOf([feed('trades')]);
    const told = (
      file: string,
      state: 'READING' | 'DELIVERED' | 'COMPLETED' | 'SKIPPED' | 'FAILED',
      detail = {},
    ) => metrics.apply({ type: 'file.state', ...of, file, state, detail });
    told('a', 'READING');
    told('a', 'DELIVERED', { durationMs: 1500 });
    told('a', 'DELIVERED', { error: 'it cannot be put away yet' });
    told('a', 'COMPLETED', { durationMs: 1500 });
    told('b', 'READING');
    told('b', 'FAILED');
    told('c', 'SKIPPED');
    expect(await samples(metrics, 'ingest_csv_duration_seconds_count')).toEqual({ [`{${TASK}}`]: 1 });
    expect(await samples(metrics, 'ingest_csv_duration_seconds_sum')).toEqual({ [`{${TASK}}`]: 1.5 });
    expect(await samples(metrics, 'headrace_files_total')).toEqual({
      [`{${TASK},state="completed"}`]: 1,
      [`{${TASK},state="skipped"}`]: 1,
      [`{${TASK},state="failed"}`]: 1,
    });
  });

  test('tell of what producers do, and what topics there are beyond the first hundred together', async () => {
    const metrics = metricsOf([feed('trades')]);
    const change = {
      ...{ initialised: 1, initErrors: { NOT_COORDINATOR: 2 }, retries: 3, retriesExhausted: 4 },
      errors: { KAFKA_FENCED: 5 },
      produceSeconds: Object.fromEntries(Array.from({ length: 102 }, (_, n) => [`t${n}`, [0.02, 0.2]])),
    };
    metrics.apply({ type: 'producer.told', ...of, change });
    expect(await samples(metrics, 'kafka_producer_initialised_total')).toEqual({ [`{${TASK}}`]: 1 });
    expect(await samples(metrics, 'kafka_producer_retries_total')).toEqual({ [`{${TASK}}`]: 3 });
    expect(await samples(metrics, 'kafka_producer_retries_exhausted_total')).toEqual({ [`{${TASK}}`]: 4 });
    expect(await samples(metrics, 'kafka_producer_init_errors_total')).toEqual({
      [`{${TASK},error="NOT_COORDINATOR"}`]: 2,
    });
    expect(await samples(metrics, 'kafka_producer_errors_total')).toEqual({
      [`{${TASK},error="KAFKA_FENCED"}`]: 5,
    });
    const counts = await samples(metrics, 'kafka_producer_produce_duration_seconds_count');
    expect(Object.keys(counts)).toHaveLength(101);
    expect(counts).toMatchObject({ [`{${TASK},topic="t99"}`]: 2, [`{${TASK},topic="(others)"}`]: 4 });
    const buckets = await samples(metrics, 'kafka_producer_produce_duration_seconds_bucket');
    expect(buckets).toMatchObject({
      [`{le="0.01",${TASK},topic="t0"}`]: 0,
      [`{le="0.025",${TASK},topic="t0"}`]: 1,
      [`{le="0.25",${TASK},topic="t0"}`]: 2,
    });
  });

  test('count rows that could not be converted by the topic that they were for', async () => {
    const metrics = metricsOf([feed('trades')]);
    const rejected = { type: 'rows.rejected', ...of, count: 3, plugins: { avro: 3 }, examples: [] } as const;
    metrics.apply({ ...rejected, unserialized: { trades: 2 } });
    metrics.apply({ ...rejected, unserialized: {} });
    expect(await samples(metrics, 'kafka_producer_serializer_errors_total')).toEqual({
      [`{${TASK},topic="trades"}`]: 2,
    });
  });

  test('tell what the process takes', async () => {
    const metrics = metricsOf([]);
    const text = await metrics.text();
    metrics.close();
    const value = (name: string) => Number(new RegExp(`^${name} (.+)$`, 'm').exec(text)?.[1]);
    expect(value('process_cpu_seconds_total')).toBeGreaterThan(0);
    expect(value('process_resident_memory_bytes')).toBeGreaterThan(value('nodejs_heap_size_used_bytes'));
    expect(value('nodejs_heap_size_used_bytes')).toBeGreaterThan(0);
    expect(value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0);
    expect(value('nodejs_eventloop_lag_max_seconds')).toBeGreaterThanOrEqual(0);
    expect(value('process_start_time_seconds')).toBeLessThanOrEqual(Date.now() / 1000);
  });
});
