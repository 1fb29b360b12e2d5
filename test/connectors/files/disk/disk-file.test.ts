import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, realpathSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openOnDisk } from '../../../../connectors/files/disk/disk-file.ts';
import { temporaryFolder } from '../../support.ts';

const { signal } = new AbortController();

function folders(): { root: string; outside: string } {
  const parent = realpathSync(temporaryFolder());
  const root = join(parent, 'in');
  const outside = join(parent, 'outside');
  mkdirSync(join(root, 'sub'), { recursive: true });
  mkdirSync(outside);
  writeFileSync(join(outside, 'a.csv'), 'secret\n');
  writeFileSync(join(root, 'sub/a.csv'), 'row\n');
  return { root, outside };
}

function open(root: string, place: string) {
  return openOnDisk({ path: place, place, absolute: join(root, place) }, root, signal);
}

test('a regular file below the root is opened', async () => {
  const { root } = folders();
  const file = await open(root, 'sub/a.csv');
  expect(file).toMatchObject({ version: { size: 4 } });
  if (typeof file === 'object') await file.close();
});

test('what took the place of a file since the scan is not opened, and a FIFO does not hold the task', async () => {
  const { root, outside } = folders();
  execFileSync('mkfifo', [join(root, 'pipe')]);
  symlinkSync(join(outside, 'a.csv'), join(root, 'link'));
  expect(await open(root, 'pipe')).toBe('not a regular file');
  expect(await open(root, 'sub')).toBe('not a regular file');
  expect(await open(root, 'link')).toBe('a link');
  expect(await open(root, 'gone')).toBe('gone');
  expect(await open(root, 'sub/a.csv/b')).toBe('gone');
});

test('a folder on the way that became a link since the scan is not followed', async () => {
  const { root, outside } = folders();
  renameSync(join(root, 'sub'), join(root, 'was'));
  symlinkSync(outside, join(root, 'sub'));
  expect(await open(root, 'sub/a.csv')).toBe('a link');
});

test.skipIf(process.getuid?.() === 0)('a file that may not be read is told from others', async () => {
  const { root } = folders();
  chmodSync(join(root, 'sub/a.csv'), 0);
  expect(await open(root, 'sub/a.csv')).toBe('denied');
});
