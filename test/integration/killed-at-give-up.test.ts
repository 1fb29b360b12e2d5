import { existsSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { FileStatus } from '../../src/offsets/file-status.ts';
import { inProcess } from '../cli/remote/in-process.ts';
import { startRestDaemon } from '../rest/rest-daemon.ts';
import { HeadraceProcess } from './support/headrace-process.ts';

/** The machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

test('a file that was given up is known to lie in error.path, whenever the worker is killed, and one command brings it back', async () => {
  const options = { 'error.path': './failed', 'finished.path': null };
  const { folder, daemon } = await startRestDaemon([options], { 'drop/a.csv': 'symbol,symbol\nBHP,1\n' });
  const { name } = folder;
  const target = folder.at('failed/a.csv');
  const source = folder.at('drop/a.csv');
  while (!existsSync(target) || existsSync(source)) await delay(1);
  await daemon.kill();
  const { stdout } = await inProcess([
    'files',
    'show',
    name,
    'a.csv',
    '--worker',
    folder.at('worker.yaml'),
    '--json',
  ]);
  expect(JSON.parse(stdout).file as FileStatus).toMatchObject({
    state: 'QUARANTINED',
    target,
    error: expect.stringContaining('symbol'),
  });
  const again = HeadraceProcess.start({
    feeds: [folder.at('feed-0.yaml')],
    worker: folder.at('worker.yaml'),
  });
  onTestFinished(() => again.kill());
  const url = String((await again.waitFor('REST listening', 60_000)).address);
  await folder.write('failed/a.csv', 'symbol,price\nBHP,1\n');
  await expect
    .poll(async () => (await inProcess(['files', 'retry', name, 'a.csv', '--url', url])).stdout, {
      timeout: 30_000,
    })
    .toContain('1 file tried again');
  await again.waitFor(({ msg, file }) => msg === 'file completed' && file === 'a.csv', 60_000);
  await again.stop();
});
