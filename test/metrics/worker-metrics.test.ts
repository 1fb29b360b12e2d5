import { describe, expect, test } from 'vitest';
import { WorkerMetrics } from '../../src/metrics/worker-metrics.ts';
import type { ErrorReport } from '../../src/runtime/events/events.ts';
import type { TaskState } from '../../src/runtime/worker/states.ts';
import { samplesOf } from '../rest/samples.ts';
import { feed } from './feed.ts';

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
    const metrics = new WorkerMetrics([feed('trades')]);
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
    const metrics = new WorkerMetrics([feed('trades')]);
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
    const metrics = new WorkerMetrics([feed('trades')]);
    moved(metrics, 'UNASSIGNED', 'RUNNING');
    expect(await samples(metrics, 'connect_source_record_poll_total')).toEqual({ [`{${TASK}}`]: 0 });
  });

  test('of a feed that is made later have the labels that were known from the start, as it is configured now', async () => {
    const later = feed('quotes', { exchange: 'asx', venue: 'x' });
    const metrics = new WorkerMetrics([feed('trades', { exchange: 'nyse' })], (name) =>
      name === 'quotes' ? later.config : null,
    );
    metrics.apply({
      type: 'task.state',
      connector: 'quotes',
      task: 0,
      previous: 'UNASSIGNED',
      state: 'RUNNING',
    });
    expect(await samples(metrics, 'headrace_task_restarts_total')).toEqual({
      '{exchange="asx",connector="quotes",task="0"}': 0,
    });
  });

  test('have the labels of their own feed only', async () => {
    const metrics = new WorkerMetrics([
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
    const metrics = new WorkerMetrics([feed('trades')]);
    const told = (file: string, state: 'READING' | 'DELIVERED' | 'COMPLETED' | 'SKIPPED' | 'FAILED') =>
      metrics.apply({ type: 'file.state', ...of, file, state, detail: {} });
    told('a', 'READING');
    told('a', 'DELIVERED');
    told('a', 'COMPLETED');
    told('b', 'READING');
    told('b', 'FAILED');
    told('c', 'SKIPPED');
    expect(await samples(metrics, 'ingest_csv_duration_seconds_count')).toEqual({ [`{${TASK}}`]: 1 });
    expect(await samples(metrics, 'headrace_files_total')).toEqual({
      [`{${TASK},state="completed"}`]: 1,
      [`{${TASK},state="skipped"}`]: 1,
      [`{${TASK},state="failed"}`]: 1,
    });
  });
});
