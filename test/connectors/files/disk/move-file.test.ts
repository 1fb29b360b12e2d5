import {
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { partIn } from '../../../../connectors/files/disk/copy-file.ts';
import { moveInto } from '../../../../connectors/files/disk/move-file.ts';

function dropped(): { root: string; found: Parameters<typeof moveInto>[1] } {
  const root = mkdtempSync(join(tmpdir(), 'headrace-move-'));
  onTestFinished(() => rmSync(root, { recursive: true }));
  mkdirSync(join(root, 'done'));
  writeFileSync(join(root, 'x.csv'), 'a\n1\n');
  return { root, found: { path: 'x.csv', absolute: join(root, 'x.csv'), place: 'x.csv' } };
}

test('a move that a kill cut short in the middle is done by the next attempt, and leaves one file', async () => {
  const { root, found } = dropped();
  linkSync(found.absolute, join(root, 'done/x.csv'));
  expect(await moveInto(join(root, 'done'), found, 'g')).toBe(join(root, 'done/x.csv'));
  expect(readdirSync(root)).toEqual(['done']);
  expect(readdirSync(join(root, 'done'))).toEqual(['x.csv']);
});

test('another file of that name stays, even when it has the same content', async () => {
  const { root, found } = dropped();
  writeFileSync(join(root, 'done/x.csv'), 'a\n1\n');
  expect(await moveInto(join(root, 'done'), found, 'g')).toBe(join(root, 'done/x.g.csv'));
  expect(readdirSync(join(root, 'done')).sort()).toEqual(['x.csv', 'x.g.csv']);
  expect(readFileSync(join(root, 'done/x.g.csv'), 'utf8')).toBe('a\n1\n');
});

const isOtherDisk = existsSync('/dev/shm') && statSync('/dev/shm').dev !== statSync(tmpdir()).dev;

/** What a kill leaves of a move to another disk, by how far it came. */
const LEFT: Record<string, (from: string, done: string, part: string) => void> = {
  'half a copy': (_, __, part) => writeFileSync(part, 'a\n'),
  'a copy without its name': (from, _, part) => copyWithTime(from, part),
  'a copy with its name and the hidden one': (from, done, part) => {
    copyWithTime(from, part);
    linkSync(part, join(done, 'x.csv'));
  },
  'a copy, and the file': (from, done) => copyWithTime(from, join(done, 'x.csv')),
};

test.runIf(isOtherDisk).each(Object.entries(LEFT))(
  'a move to another disk that a kill cut short, leaving %s, is done by the next attempt, and leaves one file',
  async (_, leave) => {
    const { root, found } = dropped();
    const done = mkdtempSync('/dev/shm/headrace-move-');
    onTestFinished(() => rmSync(done, { recursive: true }));
    leave(found.absolute, done, partIn(done, 'x.csv', 'g'));
    expect(await moveInto(done, found, 'g')).toBe(join(done, 'x.csv'));
    expect(readdirSync(root)).toEqual(['done']);
    expect(readdirSync(done)).toEqual(['x.csv']);
    expect(readFileSync(join(done, 'x.csv'), 'utf8')).toBe('a\n1\n');
  },
);

test.runIf(isOtherDisk)('another file of that name on another disk stays, however much alike', async () => {
  const { found } = dropped();
  const done = mkdtempSync('/dev/shm/headrace-move-');
  onTestFinished(() => rmSync(done, { recursive: true }));
  writeFileSync(join(done, 'x.csv'), 'a\n2\n');
  utimesSync(join(done, 'x.csv'), statSync(found.absolute).atime, statSync(found.absolute).mtime);
  expect(await moveInto(done, found, 'g')).toBe(join(done, 'x.g.csv'));
  expect(readdirSync(done).sort()).toEqual(['x.csv', 'x.g.csv']);
});

function copyWithTime(from: string, to: string): void {
  copyFileSync(from, to);
  const { atime, mtime } = statSync(from);
  utimesSync(to, atime, mtime);
}
