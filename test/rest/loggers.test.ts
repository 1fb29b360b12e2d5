import { afterAll, expect, test } from 'vitest';
import { addLoggerRoutes } from '../../src/rest/logger-routes.ts';
import { WorkerLog } from '../../src/runtime/events/worker-log.ts';
import { recordedExchanges } from './exchange.ts';
import { openApp } from './open-app.ts';

const lines: string[] = [];
const log = new WorkerLog('info', { write: (line: string) => void lines.push(JSON.parse(line).msg) });
const told = (connector: string) =>
  log.of({ type: 'log', connector, task: 0, level: 'debug', message: '', fields: {} });
const app = openApp();
addLoggerRoutes(app, log);
const url = await app.listen();
afterAll(() => app.close());

const CLASS = 'org.apache.kafka.connect.runtime.WorkerSourceTask';
const CONNECTOR = 'connector.trades';

async function ask(path: string, level?: string) {
  const init = {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ level }),
  };
  const response = await fetch(`${url}/admin/loggers${path}`, level === undefined ? {} : init);
  return response.json();
}

test('loggers are told of and set as Kafka Connect does', async () => {
  told('trades').debug('kept back');
  for (const exchange of recordedExchanges().filter(({ path }) => path.startsWith('/admin/loggers/'))) {
    const { title, method, path, headers, requestBody, status, body } = exchange;
    const response = await fetch(url + path.replace(CLASS, CONNECTOR), {
      method,
      headers,
      body: requestBody,
    });
    expect(response.status, title).toBe(status);
    const recorded = body.replace(/"last_modified":\d+/, '"last_modified":0').replace(CLASS, CONNECTOR);
    const ours = (await response.text()).replace(/"last_modified":\d+/, '"last_modified":0');
    expect(ours, title).toBe(recorded);
    if (title === '203-logger-get-after-put') told('trades').debug('written');
  }
  expect(lines).toEqual(['written']);
  expect(Object.keys((await ask('')) as object)).toEqual([CONNECTOR, 'no.such.logger', 'root']);
});

test('a level is for the loggers below as well, and for those that are yet to come', async () => {
  told('a');
  expect(await ask('/connector', 'off')).toEqual(['connector', 'connector.a', CONNECTOR]);
  told('later').error('silent');
  expect(await ask('/connector.later')).toEqual({ level: 'OFF', last_modified: null });
  log.root.info('heard');
  expect(await ask('/root', 'FATAL')).toContain('root');
  log.root.error('silent as well');
  expect(lines).toEqual(['written', 'heard']);
  expect(await ask('/connector.later')).toMatchObject({ level: 'FATAL' });
});
