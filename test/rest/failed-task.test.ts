import { expect, test } from 'vitest';
import { startRestDaemon } from './rest-daemon.ts';
import { samplesOf } from './samples.ts';

const TIME = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

test('a task that failed says why, in which file and row, in status, files, metric and log', async () => {
  const rest = await startRestDaemon(
    [
      {
        'errors.tolerance': 'none',
        'errors.deadletterqueue.topic.name': null,
        'metrics.labels.exchange': 'asx',
      },
    ],
    { 'drop/a.csv': 'symbol,price\nBHP,1\nRIO,abc\nCBA,3\n' },
  );
  const { name } = rest.folder;
  const logged = await rest.daemon.waitFor('task failed');
  const reason = (logged.error as { message: string }).message;
  expect(reason).toMatch(/^a\.csv: row 2 \(line 3\): .*price.*abc/);
  const trace = `RECORD_REJECTED: ${reason}`;

  expect(await rest.json(`/connectors/${name}/status`)).toMatchObject({
    connector: { state: 'RUNNING' },
    tasks: [{ id: 0, state: 'FAILED', trace }],
  });
  expect(await rest.json(`/connectors/${name}/tasks/0/status`)).toMatchObject({ state: 'FAILED', trace });
  const rows = { read: 1, produced: 1, filtered: 0, rejected: 0 };
  expect(await rest.json(`/connectors/${name}/files`)).toEqual([
    {
      ...{ file: 'a.csv', task: 0, state: 'READING', position: 19, size: 33, rows, error: reason },
      ...{ target: null, generation: expect.any(String), discovered: TIME, started: TIME },
      ...{ finished: null, changed: TIME },
    },
  ]);
  const metrics = await (await rest.get('/metrics')).text();
  const task = `connector="${name}",task="0"`;
  const masked = reason.replace('"abc"', 'text of 3 characters').replaceAll('"', '\\"');
  const why = `code="RECORD_REJECTED",reason="${masked}"`;
  expect(Object.keys(samplesOf(metrics, 'headrace_task_failure_info'))).toEqual([
    `{exchange="asx",${task},${why}}`,
  ]);
  expect(samplesOf(metrics, 'connect_connector_task_status')).toMatchObject({
    [`{exchange="asx",${task},status="failed"}`]: 1,
    [`{exchange="asx",${task},status="running"}`]: 0,
  });
  expect(samplesOf(metrics, 'connect_task_error_total_record_failures')).toEqual({
    [`{exchange="asx",${task}}`]: 1,
  });
  expect(samplesOf(metrics, 'connect_source_record_poll_total')).toEqual({ [`{exchange="asx",${task}}`]: 1 });
  expect(await rest.daemon.stop()).toBe(0);
});

test('a task that waits for its next try says what for, and its password is hidden', async () => {
  const rest = await startRestDaemon([
    {
      'input.path': './nowhere',
      'errors.retry.delay.ms': '60000',
      'value.converter': 'avro',
      'value.converter.schema.registry.url': 'http://127.0.0.1:1',
      'value.converter.basic.auth.user.info': 'me:hunter2',
    },
  ]);
  const { name } = rest.folder;
  await rest.daemon.waitFor('task restarting');
  const trace = expect.stringMatching(/^SOURCE_UNREADABLE: .*nowhere/);
  expect(await rest.json(`/connectors/${name}/tasks/0/status`)).toMatchObject({ state: 'RESTARTING', trace });
  const metrics = await (await rest.get('/metrics')).text();
  expect(samplesOf(metrics, 'headrace_task_errors_total')).toEqual({
    [`{connector="${name}",task="0",code="SOURCE_UNREADABLE"}`]: 1,
  });
  for (const path of ['', '/config', '/tasks']) {
    const text = await (await rest.get(`/connectors/${name}${path}`)).text();
    expect(text, path).toContain('"value.converter.basic.auth.user.info":"[hidden]"');
    expect(text, path).not.toContain('hunter2');
  }
});
