import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { BUILT_COMMAND } from '../../support/built-command.ts';
import { newFeed } from '../support/loaded-feed.ts';

const ROWS = 'symbol,price\nBHP,1\n';

test('SIGHUP, as of a terminal that closes, stops the worker like SIGTERM, and is told', async () => {
  const { folder } = await newFeed();
  const daemon = folder.start();
  await daemon.waitFor('worker started');
  daemon.signal('SIGHUP');
  daemon.signal('SIGHUP');
  expect(await daemon.exited).toBe(129);
  expect(await daemon.waitFor('stopping')).toMatchObject({ signal: 'SIGHUP' });
  await daemon.waitFor('worker stopped');
});

test('a log that has no room stops no feed, and says later how many lines it lacks', async () => {
  const { folder } = await newFeed();
  const log = folder.at('log.json');
  const fd = openSync(log, 'a');
  const args = [BUILT_COMMAND, 'run', 'feed.yaml', '--worker', 'worker.yaml'];
  const child = spawn(process.execPath, args, { cwd: folder.path, stdio: ['ignore', 'ignore', fd] });
  closeSync(fd);
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = async () => (await readFile(log, 'utf8')).split('\n').slice(0, -1);
  const logged = async () => (await lines()).map((line) => (JSON.parse(line) as { msg: string }).msg);
  const limit = (bytes: string | number) =>
    execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${bytes}:`]);
  await expect.poll(logged, { timeout: 20_000 }).toContain('worker started');
  limit((await stat(log)).size + 10);
  await folder.write('drop/a.csv', ROWS);
  const done = () => readdir(folder.at('done')).catch(() => []);
  await expect.poll(done, { timeout: 20_000 }).toEqual(['a.csv']);
  expect((await readFile(log, 'utf8')).endsWith('\n')).toBe(false);
  limit('unlimited');
  await folder.write('drop/b.csv', ROWS);
  await expect.poll(done, { timeout: 20_000 }).toEqual(['a.csv', 'b.csv']);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
  const whole = (await lines()).filter((line) => line.endsWith('}'));
  const lost = whole.map((line) => JSON.parse(line)).filter(({ msg }) => msg === 'log lines lost');
  expect(lost).toEqual([expect.objectContaining({ level: 40, reason: expect.stringContaining('EFBIG') })]);
  expect(lost[0].count).toBeGreaterThan(2);
  expect(JSON.parse(whole.at(-1) as string)).toMatchObject({ msg: 'worker stopped' });
});
