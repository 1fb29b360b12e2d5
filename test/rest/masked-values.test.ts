import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { recordsIn } from '../integration/support/read-topic.ts';
import { uniqueName } from '../support/stack.ts';
import { bootstrapServers, startRestDaemon } from './rest-daemon.ts';

const CELL = 'CANARY-7Q';
const ROWS = `symbol,price\nBHP,1\nRIO,${CELL}\nCBA,${CELL}\n`;
const MASKED = 'price: expected a double, got text of 9 characters';
const PATHS = (name: string) =>
  ['status', 'files', 'config', 'tasks', ''].map((path) => `/connectors/${name}/${path}`);

test('values of rows are with the dead letters alone where errors.log.include.values is false, and never in metrics', async () => {
  const name = uniqueName('masked');
  const shown = uniqueName('shown');
  const dlq = `${name}.dlq`;
  const rest = await startRestDaemon(
    [
      {
        ...{ name, 'input.path': './masked', 'error.path': './failed', 'errors.log.include.values': 'false' },
        ...{ 'errors.max': '1', 'errors.deadletterqueue.topic.name': dlq },
      },
      {
        ...{ name: shown, 'input.path': './shown', 'errors.tolerance': null },
        'errors.deadletterqueue.topic.name': null,
      },
    ],
    { 'masked/a.csv': ROWS, 'shown/a.csv': ROWS },
  );
  const of = (connector: string, msg: string) =>
    rest.daemon.waitFor((line) => line.msg === msg && line.connector === connector);
  expect(await of(name, 'file failed')).toMatchObject({ error: expect.stringContaining(MASKED) });
  expect(await of(name, 'rows rejected')).toMatchObject({ examples: [{ reason: MASKED }] });
  const { error } = await of(shown, 'task failed');
  expect(error).toEqual({
    code: 'RECORD_REJECTED',
    message: expect.stringContaining(CELL),
    retriable: false,
  });

  expect(JSON.stringify(rest.daemon.lines.filter(({ connector }) => connector === name))).not.toContain(CELL);
  for (const path of PATHS(name)) expect(await (await rest.get(path)).text(), path).not.toContain(CELL);
  expect(await readFile(rest.folder.at('failed/a.csv.error.json'), 'utf8')).toContain(MASKED);
  expect(await (await rest.get(`/connectors/${shown}/status`)).text()).toContain(CELL);
  const metrics = await (await rest.get('/metrics')).text();
  expect(metrics).not.toContain(CELL);
  expect(metrics).toContain(MASKED);

  const [letter] = await recordsIn(bootstrapServers, dlq);
  expect(letter?.value?.toString()).toBe(`RIO,${CELL}`);
  const headers = new Map(letter?.headers.map(([header, value]) => [header, String(value)]));
  expect(headers.get('__connect.errors.exception.message')).toContain(CELL);
});
