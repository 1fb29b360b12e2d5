import { mkdtempSync, realpathSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadWorkerConfig } from '../../src/config/worker-file.ts';
import { offlineWorker } from '../../src/dry-run/offline-worker.ts';
import { workerOf } from '../../src/load/load-worker.ts';
import { readFeedOutlines, readFeeds } from '../../src/runtime/worker/feed-files.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'headrace-other-kind-')));
const feed = join(folder, 'feed.yaml');
const worker = join(folder, 'worker.yaml');
writeFileSync(feed, 'name: f\nconnector.class: local\ninput.path: x\ntransforms: parse\n');
writeFileSync(worker, 'bootstrap.servers: a:1\ngroup.id: g\n');

test('a feed in the place of a worker is told as that, and none of its keys', async () => {
  const message = `CONFIG_INVALID ${feed}: is a feed; expected a worker's configuration (with bootstrap.servers)`;
  const told = (read: Promise<unknown>) => read.catch((error) => `${error.code} ${error.message}`);
  expect(await told(loadWorkerConfig(feed, {}))).toBe(message);
  expect(await told(workerOf({ files: [], worker: feed, bootstrapServers: 'a:1' } as never))).toBe(message);
});

test('a worker in the place of a feed is told as that, beside the mistakes of others', async () => {
  const own = await offlineWorker(null, {});
  const message = `${worker}: is a worker's configuration; expected a feed, and the worker after --worker`;
  await expect(readFeeds([worker], own)).rejects.toThrow(new RegExp(`^${message}$`));
  const missing = join(folder, 'none.yaml');
  await expect(readFeedOutlines([worker, missing], own)).rejects.toThrow(
    `${message}\n${missing}: no such file`,
  );
});
