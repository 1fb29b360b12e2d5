import { expect, test } from 'vitest';
import type { LogLine } from '../integration/support/headrace-process.ts';
import { startRestDaemon } from './rest-daemon.ts';

const ROWS = 200_000;
const TABLE = `symbol,price\n${Array.from({ length: ROWS }, (_, row) => `BHP,${row === 7 ? 'x' : row}\n`).join('')}`;

test('a long file is told of while it is read, and each line says which content and transaction it is of', async () => {
  const rest = await startRestDaemon(
    [{ 'transaction.boundary': 'poll' }],
    { 'drop/a.csv': TABLE },
    { 'log.progress.interval.ms': '1', 'log.time.format': 'iso', 'log.level': 'info' },
  );
  const { daemon, folder } = rest;
  await daemon.waitFor('file completed');
  const of = (msg: string) => daemon.lines.find((line) => line.msg === msg) as LogLine;
  const generation = of('file reading').generation;
  const name = /^\d+-\d+-\d+$/;
  expect(generation).toEqual(expect.any(String));
  expect(of('file progress')).toMatchObject({
    ...{ connector: folder.name, task: 0, file: 'a.csv', generation, size: TABLE.length },
    ...{ rows: expect.any(Number), position: expect.any(Number), rowsPerSecond: expect.any(Number) },
    ...{ durationMs: expect.any(Number), transaction: expect.stringMatching(name) },
  });
  expect(of('rows rejected').transaction).toMatch(name);
  const took = { durationMs: expect.any(Number), rowsPerSecond: expect.any(Number) };
  const delivered = of('file delivered');
  expect(delivered).toMatchObject({ generation, rows: ROWS, ...took });
  expect(delivered.transaction).toMatch(name);
  expect(of('file completed')).toMatchObject({
    ...{ generation, rows: ROWS, durationMs: delivered.durationMs },
  });
  for (const { time } of daemon.lines) expect(new Date(String(time)).toISOString()).toBe(time);
});

test('what is told of a component can be more or less while the worker runs, down to its task', async () => {
  const rest = await startRestDaemon([{}], {}, { 'log.level': 'info' });
  const { daemon, folder, url } = rest;
  await daemon.waitFor('task running');
  const set = (logger: string, level: string) =>
    fetch(`${url}/admin/loggers/connector.${folder.name}${logger}`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ level }),
    });
  await folder.write('drop/a.csv', 'symbol,price\nBHP,1\n');
  await daemon.waitFor('file completed');
  await set('.transactions', 'debug');
  await set('.files', 'error');
  await folder.write('drop/b.csv', 'symbol,price\nBHP,1\n');
  const committed = await daemon.waitFor('transaction committed');
  expect(committed).toMatchObject({ level: 20, files: [{ path: 'b.csv', generation: expect.any(String) }] });
  expect(committed.transaction).toMatch(/^\d+-\d+-\d+$/);
  const toldOf = (file: string) => daemon.lines.filter((line) => line.file === file).length;
  const files = async () => await (await fetch(`${url}/connectors/${folder.name}/files`)).json();
  const done = expect.objectContaining({ file: 'b.csv', state: 'COMPLETED' });
  await expect.poll(files, { timeout: 20_000 }).toContainEqual(done);
  await set('', 'info');
  await folder.write('drop/c.csv', 'symbol,price\nBHP,1\n');
  await daemon.waitFor(({ msg, file }) => msg === 'file completed' && file === 'c.csv');
  expect(toldOf('b.csv')).toBe(0);
  expect(daemon.lines.filter(({ msg }) => msg === 'transaction committed')).toHaveLength(1);
});
