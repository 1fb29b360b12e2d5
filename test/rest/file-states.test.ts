import { expect, onTestFinished, test, vi } from 'vitest';
import type { FileStatus } from '../../src/offsets/file-status.ts';
import { HeadraceProcess } from '../integration/support/headrace-process.ts';
import { type RestDaemon, startRestDaemon } from './rest-daemon.ts';

vi.setConfig({ testTimeout: 60_000 });

const GOOD = 'symbol,price\nBHP,1\nRIO,2\n';

async function states(url: string, name: string): Promise<readonly FileStatus[]> {
  const answer = await fetch(`${url}/connectors/${name}/files`);
  return (await answer.json()) as readonly FileStatus[];
}

const byName = (files: readonly FileStatus[]) =>
  files.toSorted((one, other) => (one.file < other.file ? -1 : 1));

/** The same worker once more, on a port of its own. */
async function startAgain({ folder }: RestDaemon): Promise<{ url: string; daemon: HeadraceProcess }> {
  const daemon = HeadraceProcess.start({
    feeds: [folder.at('feed-0.yaml')],
    worker: folder.at('worker.yaml'),
  });
  onTestFinished(() => daemon.kill());
  const url = String((await daemon.waitFor('REST listening')).address);
  await daemon.waitFor('worker started');
  return { url, daemon };
}

test('files are in the same states after a restart, those that failed with their reasons, and after a kill as their offsets say', async () => {
  const rest = await startRestDaemon([{ 'finished.path': './done', 'error.path': './failed' }], {
    'drop/a.csv': GOOD,
    'drop/b.csv': 'symbol,symbol\nBHP,1\n',
  });
  const { name } = rest.folder;
  await rest.daemon.waitFor('file failed');
  await rest.daemon.waitFor('file completed');
  const told = byName(await states(rest.url, name));
  expect(told).toMatchObject([
    { file: 'a.csv', state: 'COMPLETED', rows: { read: 2, produced: 2 }, error: null },
    { file: 'b.csv', state: 'QUARANTINED', error: expect.stringContaining('symbol') },
  ]);
  expect(told.map(({ target }) => target)).toEqual([
    expect.stringMatching(/done\/a\.csv$/),
    expect.stringMatching(/failed\/b\.csv$/),
  ]);
  expect(await rest.daemon.stop()).toBe(0);

  const second = await startAgain(rest);
  expect(byName(await states(second.url, name))).toEqual(told);
  await rest.folder.write('drop/c.csv', GOOD);
  await second.daemon.waitFor('file completed');
  // What it would have told within a second it does not tell any more.
  await second.daemon.kill();

  const third = await startAgain(rest);
  const files = byName(await states(third.url, name));
  expect(files.slice(0, 2)).toEqual(told);
  expect(files[2]).toMatchObject({ file: 'c.csv', state: 'COMPLETED', rows: { read: 2, produced: 2 } });
});
