import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { cached, cacheRoot } from '../../scripts/stack/cache.ts';

beforeEach(async () => {
  vi.stubEnv('XDG_CACHE_HOME', await mkdtemp(join(tmpdir(), 'headrace-cache-test-')));
});

afterEach(async () => {
  await rm(join(cacheRoot(), '..'), { recursive: true, force: true });
  vi.unstubAllEnvs();
});

test('a folder that several want at once is built once', async () => {
  const build = vi.fn((folder: string) => writeFile(join(folder, 'a.jar'), ''));

  const folders = await Promise.all([1, 2, 3].map(() => cached('kafka-1', build)));

  expect(build).toHaveBeenCalledOnce();
  expect(new Set(folders.map((folder) => basename(folder)))).toEqual(new Set(['kafka-1']));
  expect(await readdir(folders[0] as string)).toEqual(['a.jar']);
});

test('a build that fails leaves nothing, and the next one may succeed', async () => {
  await expect(cached('kafka-1', () => Promise.reject(new Error('no network')))).rejects.toThrow(
    'no network',
  );
  expect(await readdir(cacheRoot())).toEqual([]);

  await cached('kafka-1', () => Promise.resolve());
  expect(await readdir(cacheRoot())).toEqual(['kafka-1']);
});

test('the lock of a process that has died is taken over', async () => {
  await cached('other', () => Promise.resolve());
  // No system gives out an id this high.
  await writeFile(join(cacheRoot(), 'fetch.lock'), String(2 ** 30));

  await cached('kafka-1', () => Promise.resolve());

  expect(await readdir(cacheRoot())).toEqual(['kafka-1', 'other']);
});
