import { readdir } from 'node:fs/promises';
import { expect, test, vi } from 'vitest';
import type { FileStatus } from '../../../src/offsets/file-status.ts';
import { startRestDaemon } from '../../rest/rest-daemon.ts';
import { inProcess } from '../remote/in-process.ts';

/** The machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const WAIT = { timeout: 60_000 };

test('what failed is tried again while the worker runs; files are looked at, and forgotten, without it', async () => {
  const { folder, url, daemon } = await startRestDaemon(
    [{ 'errors.tolerance': 'none', 'errors.deadletterqueue.topic.name': null, 'finished.path': null }],
    { 'drop/a.csv': 'symbol,price\nBHP,1\nRIO,abc\n' },
  );
  const { name } = folder;
  const files = async (...args: string[]) => {
    const { stdout, stderr, code } = await inProcess(['files', ...args]);
    return { said: stdout + stderr, code };
  };
  const asked = (command: string, ...args: string[]) => files(command, name, ...args, '--url', url);
  const shown = async (file: string) =>
    JSON.parse((await asked('show', file, '--json')).said).file as FileStatus;

  await daemon.waitFor('task failed', 60_000);
  expect(await shown('a.csv')).toMatchObject({ state: 'READING', error: expect.stringContaining('"abc"') });
  await folder.write('drop/a.csv', 'symbol,price\nBHP,1\nRIO,2.5\n');
  expect(await asked('retry', 'a.csv')).toEqual({ code: 0, said: `${name}: 1 task tried again\n` });
  await expect.poll(async () => (await shown('a.csv')).state, WAIT).toBe('COMPLETED');

  await folder.write('drop/b.csv', 'symbol,symbol\nBHP,1\n');
  await daemon.waitFor('file failed', 60_000);
  const first = await shown('b.csv');
  expect(first).toMatchObject({ state: 'FAILED', error: expect.stringContaining('symbol') });
  expect(await asked('retry')).toEqual({ code: 0, said: `${name}: 1 file tried again\n` });
  const later = async () => {
    const { state, started } = await shown('b.csv');
    return state === 'FAILED' && started !== first.started;
  };
  await expect.poll(later, WAIT).toBe(true);

  expect(await asked('retry', 'a.csv')).toEqual({
    code: 2,
    said: 'a.csv is COMPLETED; only what is FAILED or QUARANTINED, or waits for a task that has failed, can be tried again\n',
  });
  expect(await asked('retry', 'c.csv')).toEqual({ code: 2, said: `${name} has met no file "c.csv"\n` });
  expect((await asked('forget', 'a.csv')).said).toContain('must be in the STOPPED state');
  const live = JSON.parse((await asked('list', '--json')).said);
  await daemon.stop();

  const offline = (command: string, ...args: string[]) =>
    files(command, name, ...args, '--worker', folder.at('worker.yaml'));
  expect(JSON.parse((await offline('list', '--json')).said)).toEqual(live);
  expect((await offline('list', '--state', 'FAILED', '--newer', '1h')).said).toMatch(/\nb\.csv +0 +FAILED /);
  expect((await offline('list', '--older', '1h')).said).toBe(`${name} has met no file, of that age\n`);
  expect((await offline('show', 'b.csv')).said).toMatch(/^file: +b\.csv\nstate: +FAILED\nreason: /);
  expect((await offline('show', 'b.cvs')).said).toMatch(/did you mean "?b\.csv"?\?/);
  expect(await offline('forget', 'a.csv')).toMatchObject({ code: 0 });
  const left = JSON.parse((await offline('list', '--json')).said).files as readonly FileStatus[];
  expect(left.map(({ file }) => file)).toEqual(['b.csv']);
});

test('a file that was put away is mended there, and one command has it loaded', async () => {
  const { folder, url, daemon } = await startRestDaemon([{ 'error.path': './failed' }], {
    'drop/sub/b.csv': 'symbol,symbol\nBHP,1\n',
  });
  const { name } = folder;
  const shown = async () => {
    const { stdout } = await inProcess(['files', 'show', name, 'sub/b.csv', '--json', '--url', url]);
    return JSON.parse(stdout).file as FileStatus;
  };
  await daemon.waitFor('file failed', 60_000);
  await expect.poll(async () => (await shown()).state, WAIT).toBe('QUARANTINED');
  await folder.write('failed/sub/b.csv', 'symbol,price\nBHP,1\n');
  const { stdout } = await inProcess(['files', 'retry', name, 'sub/b.csv', '--url', url]);
  expect(stdout).toBe(`${name}: 1 file tried again\n`);
  await daemon.waitFor('file brought back', 60_000);
  await expect.poll(shown, WAIT).toMatchObject({ state: 'COMPLETED', rows: { produced: 1 } });
  expect(await readdir(folder.at('failed/sub'))).toEqual([]);
});
