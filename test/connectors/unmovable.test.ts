import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { versionOf } from '../../connectors/files/disk/disk-file.ts';
import { DiskStore } from '../../connectors/files/disk/disk-store.ts';
import { Finisher } from '../../connectors/files/finishing/finisher.ts';
import { PutAway } from '../../connectors/files/finishing/put-away.ts';
import { DropFolder } from './drop-folder.ts';
import { type TestContext, testContext } from './support.ts';

/** Anybody but root: rights mean nothing to root. */
const USER = 65_534;
const isRoot = process.getuid?.() === 0;

afterEach(() => {
  if (isRoot) process.seteuid?.(0);
});

/** From now on this process has the rights of a user who owns these folders. */
function becomeUser(...folders: string[]): void {
  for (const folder of folders) chownSync(folder, USER, USER);
  process.seteuid?.(USER);
}

const ends = ({ states }: TestContext) => states.filter(({ state }) => state === 'COMPLETED').length;
const errorsOf = ({ told }: TestContext) =>
  told.filter(({ level }) => level === 'error').map(({ message, fields }) => [message, fields.file]);

test.runIf(isRoot).each([
  ['in a folder of somebody else', (folder: string) => chmodSync(folder, 0o755)],
  ['in a folder where each may take away only his own', (folder: string) => chmodSync(folder, 0o1777)],
])(
  'a file %s is delivered once and told of once, others go on, and it goes when it may',
  async (_, close) => {
    for (const way of ['moved', 'deleted'] as const) {
      const folder = new DropFolder();
      mkdirSync(folder.done);
      folder.drop('sub/a.csv', '1\n');
      const sub = join(folder.input, 'sub');
      const config = {
        finishedPath: way === 'moved' ? folder.done : null,
        finishedDelete: way === 'deleted',
        scanIntervalMs: 100,
      };
      close(sub);
      becomeUser(folder.input, folder.done, folder.root);
      let hasDropped = false;
      const first = await folder.watch({
        config,
        until: (context) => {
          if (errorsOf(context).length === 1 && !hasDropped) {
            hasDropped = true;
            writeFileSync(join(folder.input, 'b.csv'), '2\n');
          }
          return ends(context) === 1;
        },
      });
      expect(first.delivered.map(({ path }) => path)).toEqual(['sub/a.csv', 'b.csv']);
      expect(errorsOf(first.context)).toEqual([['file could not be put away', 'sub/a.csv']]);
      expect(folder.list('done')).toEqual(way === 'moved' ? ['b.csv'] : []);
      process.seteuid?.(0);
      const second = await folder.watch({
        config,
        until: (context) => {
          if (errorsOf(context).length > 0) {
            process.seteuid?.(0);
            chownSync(sub, USER, USER);
            chmodSync(sub, 0o755);
          }
          return ends(context) === 1;
        },
        onChunk: () => expect.unreachable('it was read again'),
      });
      expect(second.delivered).toEqual([]);
      expect(folder.list('in')).toEqual([]);
      expect(folder.list('done')).toEqual(way === 'moved' ? ['b.csv', 'sub/a.csv'] : []);
    }
  },
);

test('a name that gets too long is cut in whole characters, and keeps its extension', async () => {
  for (const letter of ['x', 'é', '東']) {
    const folder = new DropFolder();
    const config = { finishedPath: folder.done, errorPath: folder.failed, scanIntervalMs: 100 };
    const name = `${letter.repeat(Math.floor(241 / Buffer.byteLength(letter)))}.csv.gz`;
    for (const [age, content] of ['1\n', '2\n', '3\n'].entries()) {
      folder.drop(name.replace('.gz', ''), content, age * 60);
      const { delivered, context } = await folder.watch({ config });
      expect(delivered).toMatchObject([{ lines: [content.trim()] }]);
      expect(errorsOf(context)).toEqual([]);
    }
    const names = folder.list('done');
    expect(names).toHaveLength(3);
    for (const each of names) {
      expect(each).toMatch(new RegExp(`^${letter}+(\\.[0-9a-f]{16})?\\.csv$`));
      expect(Buffer.byteLength(each)).toBeLessThanOrEqual(255);
    }
  }
});

test('the reason beside a file that is given up replaces a link of its name, and is not written through it', async () => {
  const folder = new DropFolder();
  const theirs = join(folder.root, 'theirs');
  writeFileSync(theirs, 'of somebody');
  mkdirSync(folder.failed);
  const note = join(folder.failed, 'q.csv.gz.error.json');
  symlinkSync(theirs, note);
  folder.drop('q.csv.gz', 'not compressed');
  const isFailed = ({ states }: TestContext) => states.some(({ state }) => state === 'FAILED');
  await folder.watch({ config: { errorPath: folder.failed }, until: isFailed }).catch(() => {});
  expect(readFileSync(theirs, 'utf8')).toBe('of somebody');
  expect(readFileSync(note, 'utf8')).toContain('is no gzip file');
  expect(folder.list('failed')).toEqual(['q.csv.gz', 'q.csv.gz.error.json']);
});

test('the reason beside a file may be read by whoever may read the file', async () => {
  const folder = new DropFolder();
  mkdirSync(folder.failed);
  chmodSync(folder.drop('q.csv.gz', 'not compressed'), 0o600);
  const isFailed = ({ states }: TestContext) => states.some(({ state }) => state === 'FAILED');
  await folder.watch({ config: { errorPath: folder.failed }, until: isFailed }).catch(() => {});
  expect(lstatSync(join(folder.failed, 'q.csv.gz.error.json')).mode & 0o777).toBe(0o600);
});

test('no file goes through a link out of the folder that it is moved to', async () => {
  const folder = new DropFolder();
  const theirs = join(folder.root, 'theirs');
  mkdirSync(theirs);
  mkdirSync(folder.done);
  symlinkSync(theirs, join(folder.done, 'sub'));
  const absolute = folder.drop('sub/deep/a.csv', '1\n');
  const version = versionOf(lstatSync(absolute, { bigint: true }));
  const found = { path: 'sub/deep/a.csv', place: 'sub/deep/a.csv', absolute };
  const context = testContext();
  const finisher = new Finisher(new DiskStore(), {
    finishedPath: folder.done,
    finishedDelete: false,
    errorPath: null,
  });
  const putAway = new PutAway(finisher, { late: null, watches: true, log: context.log });
  expect(await putAway.finish(found, version, 'g')).toMatchObject({ action: 'left', tries: 1 });
  expect(errorsOf(context)).toEqual([['file could not be put away', 'sub/deep/a.csv']]);
  expect(
    JSON.stringify(context.told, (_key, inner) => (inner instanceof Error ? inner.message : inner)),
  ).toContain('is a link that leads out of');
  expect(readdirSync(theirs)).toEqual([]);
  unlinkSync(join(folder.done, 'sub'));
  mkdirSync(join(folder.done, 'own'));
  symlinkSync('own', join(folder.done, 'sub'));
  expect(await putAway.finish(found, version, 'g')).toMatchObject({ action: 'moved' });
  expect(readdirSync(join(folder.done, 'own/deep'))).toEqual(['a.csv']);
});

test('a file that is given up and cannot be put away waits, and goes without being read when it can', async () => {
  const folder = new DropFolder();
  const absolute = folder.drop('q.csv', '1\n');
  const found = { path: 'q.csv', place: 'q.csv', absolute };
  const version = versionOf(lstatSync(absolute, { bigint: true }));
  writeFileSync(folder.failed, 'in the way');
  const context = testContext();
  const finisher = new Finisher(new DiskStore(), {
    finishedPath: null,
    finishedDelete: false,
    errorPath: folder.failed,
  });
  const putAway = new PutAway(finisher, { late: null, watches: true, log: context.log });
  expect(await putAway.fail(found, version, 'g', 'bad')).toMatchObject({ action: 'left', tries: 1 });
  expect(errorsOf(context)).toEqual([['file could not be put away', 'q.csv']]);
  expect(putAway.isWaiting('q.csv', version)).toBe(true);
  expect(putAway.isWaiting('q.csv', { ...version, size: 3 })).toBe(false);
  expect(await putAway.again('q.csv', version)).toMatchObject({ action: 'left', tries: 2 });
  unlinkSync(folder.failed);
  expect(await putAway.again('q.csv', version)).toMatchObject({ action: 'moved' });
  expect(folder.list('failed')).toEqual(['q.csv', 'q.csv.error.json']);
  expect(putAway.isWaiting('q.csv', version)).toBe(false);
  expect(errorsOf(context)).toHaveLength(1);
});
