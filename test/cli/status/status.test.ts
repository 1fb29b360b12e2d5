import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { startRestDaemon } from '../../rest/rest-daemon.ts';
import { headrace, type Ran } from '../support/run-command.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

function status(...args: readonly string[]): Promise<Ran> {
  return headrace(['status', ...args], { cwd: import.meta.dirname });
}

/** The address of a web server that is no worker, and what it was asked. */
async function otherServer(answer: string, asked: string[] = []): Promise<string> {
  const server = createServer(({ method, url }, response) => {
    asked.push(`${method} ${url}`);
    response.end(answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

test('status prints connectors, tasks, states and reasons, and its exit code says that a task is in trouble', async () => {
  const rest = await startRestDaemon(
    [
      { name: 'asx trades', 'errors.tolerance': 'none', 'errors.deadletterqueue.topic.name': null },
      { name: 'quotes', 'input.path': './empty' },
    ],
    { 'drop/a.csv': 'symbol,price\nBHP,1\nRIO,abc\n', 'empty/.keep': '' },
  );
  const { error } = await rest.daemon.waitFor('task failed');
  const { code, message } = error as { code: string; message: string };

  const all = await status('--url', rest.url);
  expect(all.code).toBe(1);
  expect(all.stdout.split('\n')).toEqual([
    'connector   task  state    reason',
    'asx trades        RUNNING',
    `asx trades     0  FAILED   ${code}: ${message}`,
    'quotes            RUNNING',
    'quotes         0  RUNNING',
    '',
  ]);
  const one = await status('asx trades', '--url', `${rest.url}/`, '--json');
  expect(JSON.parse(one.stdout)).toEqual({
    connectors: [await rest.json('/connectors/asx%20trades/status')],
    expectations: [],
    group: null,
  });
  expect(one.code).toBe(1);
  expect(await status('quotes', '--url', rest.url)).toMatchObject({ code: 0 });
  expect(await status('nope', '--url', rest.url)).toMatchObject({
    code: 2,
    stderr: 'No status found for connector nope\n',
  });
});

test('status says so when no worker answers', async () => {
  const nobody = await status('--url', 'http://127.0.0.1:1');
  expect(nobody).toMatchObject({ code: 4, stdout: '' });
  expect(nobody.stderr).toMatch(/^--url: no worker answers at http:\/\/127\.0\.0\.1:1: .*listeners.*\n$/);
  const page = await otherServer('<h1>Hello</h1>');
  expect(await status('--url', page)).toMatchObject({
    code: 2,
    stderr: `--url: what answers at ${page} is no worker: HTTP 200 without JSON\n`,
  });
  expect(await status('--url', 'nonsense')).toMatchObject({
    code: 2,
    stderr: `--url: expected a worker's address such as http://127.0.0.1:8083, got "nonsense"\n`,
  });
});

test.each(['{"status":"UP"}', '[]', '"ok"', '3', 'null'])(
  'what answers %s is no worker, and is asked for nothing else',
  async (answer) => {
    const asked: string[] = [];
    const other = await otherServer(answer, asked);
    const stderr = `--url: what answers at ${other} is no worker: HTTP 200 with other JSON\n`;
    for (const command of [['connectors'], ['status'], ['delete', 'trades', '--yes']])
      expect(await headrace([...command, '--url', other], { cwd: import.meta.dirname })).toMatchObject({
        code: 2,
        stderr,
      });
    expect(new Set(asked)).toEqual(new Set(['GET /']));
  },
);
