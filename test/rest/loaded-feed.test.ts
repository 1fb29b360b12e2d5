import { expect, test } from 'vitest';
import { startRestDaemon } from './rest-daemon.ts';
import { samplesOf } from './samples.ts';

const ROWS = 500;
const GOOD = `symbol,price\n${Array.from({ length: ROWS }, (_, row) => `BHP,${row}\n`).join('')}`;
const MIXED = 'symbol,price\nBHP,1\nRIO,x\nCBA,\nBHP,4\n';

test('what is counted are the rows of the files, by what became of them', async () => {
  const rest = await startRestDaemon([{}], { 'drop/good.csv': GOOD, 'drop/mixed.csv': MIXED });
  const { name } = rest.folder;
  const isDone = (file: string) =>
    rest.daemon.waitFor((line) => line.msg === 'file completed' && line.file === file);
  await Promise.all(['good.csv', 'mixed.csv'].map(isDone));

  const files = (await rest.json(`/connectors/${name}/files`)) as { file: string }[];
  const byName = files.toSorted((a, b) => (a.file < b.file ? -1 : 1));
  const of = (read: number, rejected: number) => ({ read, produced: read - rejected, filtered: 0, rejected });
  const common = { task: 0, state: 'COMPLETED', error: null };
  expect(byName).toMatchObject([
    { file: 'good.csv', ...common, position: GOOD.length, size: GOOD.length, rows: of(ROWS, 0) },
    { file: 'mixed.csv', ...common, position: MIXED.length, size: MIXED.length, rows: of(4, 2) },
  ]);

  const response = await rest.get('/metrics');
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const metrics = await response.text();
  const labels = `connector="${name}",task="0"`;
  const task = { [`{${labels}}`]: 0 };
  const only = (value: number) => Object.fromEntries(Object.keys(task).map((key) => [key, value]));
  const total = ROWS + 4;
  expect(samplesOf(metrics, 'connect_source_record_poll_total')).toEqual(only(total));
  expect(samplesOf(metrics, 'connect_source_record_write_total')).toEqual(only(total - 2));
  expect(samplesOf(metrics, 'connect_task_error_total_records_skipped')).toEqual(only(2));
  expect(samplesOf(metrics, 'connect_task_error_deadletterqueue_produce_requests')).toEqual(only(2));
  expect(samplesOf(metrics, 'headrace_file_bytes_total')).toEqual(only(GOOD.length + MIXED.length));
  expect(samplesOf(metrics, 'ingest_csv_duration_seconds_count')).toEqual(only(2));
  expect(samplesOf(metrics, 'ingest_csv_lines_total')).toEqual({
    [`{${labels},status="read"}`]: total,
    [`{${labels},status="processed"}`]: total - 2,
    [`{${labels},status="error"}`]: 2,
  });
  expect(samplesOf(metrics, 'kafka_producer_messages_produced_total')).toEqual({
    [`{${labels},topic="${name}"}`]: total - 2,
    [`{${labels},topic="${name}.dlq"}`]: 2,
  });
  expect(samplesOf(metrics, 'headrace_files_total')).toEqual({ [`{${labels},state="completed"}`]: 2 });
  expect(samplesOf(metrics, 'connect_connector_task_status')).toMatchObject({
    [`{${labels},status="running"}`]: 1,
  });
});
