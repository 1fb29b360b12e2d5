import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { crc32c } from '@node-rs/crc32';
import { afterEach, describe, expect, test } from 'vitest';
import type { FileStore, ListedFile, ListFilter, StoredFile } from '../../connectors/files/file-store.ts';
import { isSameVersion, isUntouched } from '../../connectors/files/file-version.ts';
import { Finisher } from '../../connectors/files/finishing/finisher.ts';
import { readRange } from '../../connectors/files/reading/content.ts';
import { DEFAULT_LIMITS } from '../../connectors/files/reading/decompression-limits.ts';
import { openFile } from '../../connectors/files/reading/open-file.ts';
import { ReadyFiles } from '../../connectors/files/ready/ready-files.ts';
import { byBytes, type TestStore } from '../support/test-store.ts';
import { zipOf } from './zip-archive.ts';

/** A place that one test has to itself. */
export interface StoreUnderTest {
  /** The files below the root of the stores that `open` gives, by the server's own means. */
  readonly files: TestStore;
  /** A store on that root. */
  open(): Promise<FileStore>;
  /** What a user would write in `finished.path` for this folder beside or below the root. */
  destination(folder: string): string;
  /** What is in that folder, by their paths in it. */
  moved(folder: string): TestStore;
  /** Makes a file one that may not be read. */
  deny?(path: string): Promise<void>;
  tagsOf?(path: string): Promise<Record<string, string>>;
  close?(): Promise<void>;
}

export interface ConformanceOptions {
  /** Enough files that they do not come in one page. */
  readonly filesOfPages?: number;
  /** Names beside the usual odd ones that the store must take. */
  readonly oddNames?: readonly string[];
}

const MIB = 1024 * 1024;
const SILENT = { debug() {}, info() {}, warn() {}, error() {} };
export const EVERYTHING: ListFilter = { isFolderWanted: () => true, isFileWanted: () => true };
const NEVER = new AbortController().signal;

export const ODD_NAMES = [
  ' begins and ends with blanks ',
  'a+b%20c%.csv',
  'a#b?c=d&e;f.csv',
  'quo\'te"d.csv',
  '<tag>&amp;.csv',
  'ünï/çødé/日本語.csv',
  '👍.csv',
  '.hidden.csv',
  '..twice.csv',
  '{a,b}[c]*~.csv',
  'back\\slash.csv',
  `${'long-'.repeat(40)}.csv`,
  'no extension',
];

/** What every store of files must do, whatever it is; called once for each by a test file of its own. */
export function conformsAsFileStore(
  name: string,
  setUp: () => Promise<StoreUnderTest>,
  { filesOfPages = 1100, oddNames = ODD_NAMES }: ConformanceOptions = {},
): void {
  const ends: (() => Promise<unknown> | undefined)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function begin(files: Readonly<Record<string, string | Buffer>> = {}) {
    const place = await setUp();
    ends.push(() => place.close?.());
    for (const [path, content] of Object.entries(files)) await place.files.put(path, content);
    const store = await place.open();
    ends.push(() => store.close());
    return { ...place, place, store };
  }

  async function oneFile(content: string | Buffer = 'one\ntwo\n', path = 'in/a.csv') {
    const at = await begin({ [path]: content });
    const [file] = await listed(at.store);
    if (file === undefined) throw new Error('the file is not listed');
    return { ...at, file };
  }

  describe(`${name} lists`, () => {
    test('every file below the root with its size, under the path it was put by', async () => {
      const { store } = await begin({
        'a.csv': 'a',
        'in/b.csv': 'bb',
        'in/deep/er/c.csv': 'ccc',
        'in/empty': '',
      });
      const found = await listed(store);
      expect(found.map(({ path, version }) => [path, version.size])).toEqual([
        ['a.csv', 1],
        ['in/b.csv', 2],
        ['in/deep/er/c.csv', 3],
        ['in/empty', 0],
      ]);
      expect(found.map(({ place }) => place)).toEqual(found.map(({ path }) => path));
    });

    test('nothing where there is nothing', async () => {
      const { store } = await begin();
      expect(await listed(store)).toEqual([]);
    });

    test('page after page, each file once', async () => {
      const names = Array.from({ length: filesOfPages }, (_, i) => `p/${i % 7}/${i}.csv`);
      const { store, place } = await begin();
      await inParallel(names, (path) => place.files.put(path, path));
      const pages = await pagesOf(store);
      expect(pages.length).toBeGreaterThan(1);
      const paths = pages.flat().map(({ path }) => path);
      expect(byBytes(paths)).toEqual(byBytes(names));
      if (store.promises.listsInOrder) expect(paths).toEqual(byBytes(names));
    });

    test('what the filter wants, and looks into no other folder', async () => {
      const { store } = await begin({
        'a/1.csv': '',
        'a/2.txt': '',
        'b/3.csv': '',
        'b/c/4.csv': '',
        'd.csv': '',
      });
      const asked: string[] = [];
      const found = await listed(store, {
        isFolderWanted: (folder) => folder !== 'b',
        isFileWanted: (path) => asked.push(path) > 0 && path.endsWith('.csv'),
      });
      expect(found.map(({ path }) => path)).toEqual(['a/1.csv', 'd.csv']);
      expect(asked.filter((path) => path.startsWith('b/'))).toEqual([]);
    });

    test('odd names as they are, which open, are looked at and moved like others', async () => {
      const { store, destination, moved } = await begin(
        Object.fromEntries(oddNames.map((path) => [path, path])),
      );
      const found = await listed(store);
      expect(byBytes(found.map(({ path }) => path))).toEqual(byBytes(oddNames));
      const target = await store.prepareDestination('finished.path', destination('done'), SILENT);
      for (const file of found) {
        expect(isUntouched((await store.stat(file)) ?? file.version, file.version)).toBe(true);
        expect((await contentOf(store, file)).toString()).toBe(file.path);
        await store.moveInto(target, file, file.version, 'gen');
      }
      expect(await moved('done').list()).toEqual(byBytes(oddNames));
      expect(await listed(store, below('done'))).toEqual([]);
    });

    test('every file that is there throughout, whatever comes and goes meanwhile', async () => {
      const stay = Array.from({ length: filesOfPages }, (_, i) => `p/${i}-stays.csv`);
      const go = Array.from({ length: 20 }, (_, i) => `p/${i * 50}-goes.csv`);
      const { store, place } = await begin();
      await inParallel([...stay, ...go], (path) => place.files.put(path, ''));
      const paths: string[] = [];
      for await (const page of pagesIn(store)) {
        paths.push(...page.map(({ path }) => path));
        await inParallel(go, (path) => place.files.remove(path));
        await inParallel(go, (path) => place.files.put(`${path}-new`, ''));
      }
      expect(byBytes(paths.filter((path) => path.endsWith('-stays.csv')))).toEqual(byBytes(stay));
    });

    test('until it is told to stop, which it tells of', async () => {
      const { store } = await begin({ 'a.csv': '' });
      const reason = new Error('the task is to stop');
      await expect(store.list(EVERYTHING, AbortSignal.abort(reason)).next()).rejects.toThrow(reason.message);
    });
  });

  describe(`${name} tells versions`, () => {
    test('that are the same from a listing, a look and an open file', async () => {
      const { store, file } = await oneFile();
      expect(isUntouched(file.version, (await store.stat(file)) ?? fail())).toBe(true);
      const open = await opened(store, file);
      expect(isUntouched(file.version, open.version)).toBe(true);
      expect(isUntouched(file.version, await open.stat())).toBe(true);
      expect(Math.abs(Number(file.version.mtimeNs / 1_000_000n) - Date.now())).toBeLessThan(3_600_000);
      await open.close();
    });

    test('that differ once a file has other content, and are null once it is gone', async () => {
      const { store, file, files } = await oneFile();
      await files.put(file.path, 'other content');
      const now = (await store.stat(file)) ?? fail();
      expect(isSameVersion(file.version, now)).toBe(false);
      await files.remove(file.path);
      expect(await store.stat(file)).toBeNull();
    });
  });

  describe(`${name} opens a file`, () => {
    test('that is read from its beginning to its end', async () => {
      const content = randomBytes(3 * MIB + 17);
      const { store, file } = await oneFile(content);
      expect((await contentOf(store, file)).equals(content)).toBe(true);
    });

    test('that is read from any byte on, forwards and back', async () => {
      const content = randomBytes(2 * MIB);
      const { store, file } = await oneFile(content);
      const open = await opened(store, file);
      for (const position of [MIB, 0, 2 * MIB - 5, 77, 2 * MIB, 3 * MIB]) {
        const wanted = content.subarray(position, position + 1000);
        expect((await readExactly(open, position, 1000)).equals(wanted)).toBe(true);
      }
      await open.close();
    });

    test('that is empty', async () => {
      const { store, file } = await oneFile('');
      const open = await opened(store, file);
      expect(open.version.size).toBe(0);
      expect(await open.read(Buffer.alloc(10), 0)).toBe(0);
      await open.close();
    });

    test('several times at once, each for itself', async () => {
      const { store, file } = await oneFile('0123456789');
      const [one, other] = [await opened(store, file), await opened(store, file)];
      expect((await readExactly(one, 0, 5)).toString()).toBe('01234');
      await one.close();
      expect((await readExactly(other, 5, 5)).toString()).toBe('56789');
      await other.close();
    });

    test('and says that it is gone when it is', async () => {
      const { store, file, files } = await oneFile();
      await files.remove(file.path);
      expect(await store.open(file, NEVER)).toBe('gone');
    });

    test('and says that it may not be read when it may not', async () => {
      const { store, file, place } = await oneFile();
      if (place.deny === undefined) return;
      await place.deny(file.path);
      expect(await store.open(file, NEVER)).toBe('denied');
    });

    test('of which never bytes of two versions are taken for one', async () => {
      const { store, file, files } = await oneFile(Buffer.alloc(20 * MIB, 'a'));
      const open = await opened(store, file);
      await readExactly(open, 0, MIB);
      await files.put(file.path, Buffer.alloc(20 * MIB, 'b'));
      const rest = readToEnd(open, MIB);
      if (store.promises.hasVersions) {
        const outcome = await rest.then(
          (bytes) => bytes.equals(Buffer.alloc(19 * MIB, 'a')),
          (error) => error.code,
        );
        expect([true, 'SOURCE_CHANGED']).toContain(outcome);
      } else {
        // Who writes it in place cuts it short first, which a read may meet.
        const outcome = await rest.then(
          () => 'read',
          (error) => error.code,
        );
        expect(['read', 'SOURCE_CHANGED']).toContain(outcome);
        expect(isUntouched(open.version, await open.stat())).toBe(false);
      }
      await open.close();
    });

    test('whose checksum, if it keeps one, is that of its bytes', async () => {
      const content = randomBytes(100_000);
      const { store, file } = await oneFile(content);
      const open = await opened(store, file);
      if (open.checksum !== undefined) {
        const { algorithm, value } = open.checksum;
        expect(value >>> 0).toBe((algorithm === 'crc32' ? crc32 : crc32c)(content));
      }
      await open.close();
    });

    test('and ends a read with the reason of an abort', async () => {
      const { store, file } = await oneFile(randomBytes(9 * MIB));
      const stopping = new AbortController();
      const open = await store.open(file, stopping.signal);
      if (typeof open === 'string') return fail();
      await readExactly(open, 0, 1000);
      const reading = readToEnd(open, 1000);
      stopping.abort(new Error('the task is to stop'));
      await expect(reading).rejects.toThrow('the task is to stop');
      await open.close();
    });
  });

  describe(`${name} removes a file`, () => {
    test('once, and says so', async () => {
      const { store, file, files } = await oneFile();
      expect(await store.remove(file, file.version)).toBe('done');
      expect(await files.list()).toEqual([]);
      expect(await store.remove(file, file.version)).toBe('gone');
    });

    test('only in the version that is meant', async () => {
      const { store, file, files } = await oneFile();
      await files.put(file.path, 'other content');
      expect(await store.remove(file, file.version)).toBe('replaced');
      expect((await files.read(file.path)).toString()).toBe('other content');
    });
  });

  describe(`${name} moves a file`, () => {
    async function toBeMoved(content: string | Buffer = 'one\ntwo\n') {
      const at = await oneFile(content);
      const target = await at.store.prepareDestination('finished.path', at.destination('done'), SILENT);
      return {
        ...at,
        target,
        done: at.moved('done'),
        move: () => at.store.moveInto(target, at.file, at.file.version, 'gen'),
      };
    }

    test('keeping its path and content', async () => {
      const { move, done, files, file, store } = await toBeMoved();
      expect(await move()).toMatchObject({ target: expect.stringContaining('in/a.csv') });
      expect(await done.list()).toEqual(['in/a.csv']);
      expect((await done.read('in/a.csv')).toString()).toBe('one\ntwo\n');
      expect(await files.list()).not.toContain('in/a.csv');
      expect(await store.stat(file)).toBeNull();
    });

    test('and replaces nothing: where its name is taken, the generation goes before the extension', async () => {
      const { move, done, store, file, files, target } = await toBeMoved();
      await done.put('in/a.csv', 'another one');
      await move();
      await files.put('in/a.csv', 'a third one');
      const again = (await store.stat(file)) ?? fail();
      await store.moveInto(target, file, again, 'gen');
      expect(await done.list()).toEqual(['in/a.csv', 'in/a.gen-2.csv', 'in/a.gen.csv']);
      expect((await done.read('in/a.csv')).toString()).toBe('another one');
      expect((await done.read('in/a.gen.csv')).toString()).toBe('one\ntwo\n');
      expect((await done.read('in/a.gen-2.csv')).toString()).toBe('a third one');
    });

    test('to one place, when an attempt before was cut short between copy and removal', async () => {
      const { move, done, files, store } = await toBeMoved();
      if (store.promises.hasAtomicMoves) return;
      await done.put('in/a.csv', 'one\ntwo\n');
      expect(await move()).toMatchObject({ target: expect.stringContaining('in/a.csv') });
      expect(await done.list()).toEqual(['in/a.csv']);
      expect(await files.list()).not.toContain('in/a.csv');
    });

    test('only in the version that is meant, and says when it is gone', async () => {
      const { move, done, files } = await toBeMoved();
      await files.put('in/a.csv', 'other content');
      expect(await move()).toBe('replaced');
      expect(await done.list()).toEqual([]);
      expect((await files.read('in/a.csv')).toString()).toBe('other content');
      await files.remove('in/a.csv');
      expect(await move()).toBe('gone');
    });

    test('that is empty', async () => {
      const { move, done } = await toBeMoved('');
      await move();
      expect(await done.list()).toEqual(['in/a.csv']);
    });

    test('and writes a note beside it, replacing an earlier one', async () => {
      const { move, done, store } = await toBeMoved();
      const moved = await move();
      if (typeof moved === 'string') return fail();
      await store.writeNote(moved.target, 'an earlier reason');
      await store.writeNote(moved.target, 'the reason, with ünïcödé');
      expect(await done.list()).toEqual(['in/a.csv', 'in/a.csv.error.json']);
      expect((await done.read('in/a.csv.error.json')).toString()).toBe('the reason, with ünïcödé');
    });
  });

  test(`${name} has archives whose files are read from any byte on`, async () => {
    const members = ['one', 'two', 'three'].map((member) => ({
      name: member,
      content: member.repeat(100_000),
    }));
    const { store, file } = await oneFile(zipOf(members), 'in/a.zip');
    const open = await openFile(store, file, NEVER);
    if (typeof open === 'string') throw new Error(open);
    try {
      const found = (await open.members?.()) ?? [];
      expect(found.map((member) => member.name)).toEqual(['one', 'two', 'three']);
      for (const { name: member, from, to } of found.toReversed()) {
        expect(to - from).toBe(member.length * 100_000);
        expect((await readRange(open.content, from + member.length, to)).toString()).toBe(
          member.repeat(99_999),
        );
      }
    } finally {
      await open.file.close();
    }
  });

  test(`${name} has files wait for what is to lie beside them, and both are put away by the month`, async () => {
    const { store, file, place, destination, moved } = await oneFile('one\ntwo,1\n');
    const options = { readyMarker: '{name}.done', readyChecksum: 'md5', readyPattern: 't*{rows}' } as const;
    const ready = new ReadyFiles(store, { ...options, limits: DEFAULT_LIMITS });
    const waitsFor: string[] = [];
    const look = () =>
      ready.look(file, { isEnded: false, isContinued: false }, NEVER, (reason) => waitsFor.push(reason));
    expect(await look()).toBeNull();
    await place.files.put('in/a.csv.done', '');
    ready.begin();
    expect(await look()).toBeNull();
    expect(waitsFor.map((text) => text.split('"')[1])).toEqual(['a.csv.done', 'a.csv.md5']);
    const hex = createHash('md5').update('one\ntwo,1\n').digest('hex');
    await place.files.put('in/a.csv.md5', `${hex}  a.csv\n`);
    expect(await look()).toMatchObject({
      claims: { checksum: { algorithm: 'md5', hex }, trailer: { position: 4, rows: 1 } },
    });
    const finisher = new Finisher(store, {
      ...options,
      ...{ finishedPath: `${destination('done')}/{yyyy}/{MM}`, finishedDelete: false, errorPath: null },
    });
    await finisher.prepare(SILENT);
    expect(await finisher.finish(file, file.version, 'gen')).toMatchObject({ action: 'moved' });
    const paths = (await moved('done').list()).map((path) => path.replace(/^20\d\d\/[01]\d\//, 'month/'));
    expect(paths).toEqual(['month/in/a.csv', 'month/in/a.csv.done', 'month/in/a.csv.md5']);
    expect(await listed(store, below('done'))).toEqual([]);
  });

  test(`${name} brings back a file that was given up, with what lies beside it, and takes the note away`, async () => {
    const { store, file, place, destination, moved } = await oneFile();
    expect(store.at?.(file.path)).toEqual({ path: file.path, place: file.place, absolute: file.absolute });
    await place.files.put('in/a.csv.done', '');
    const finisher = new Finisher(store, {
      ...{ finishedPath: null, finishedDelete: false, errorPath: destination('failed') },
      ...{ readyMarker: '{name}.done', readyChecksum: null },
    });
    await finisher.prepare(SILENT);
    const failed = moved('failed');
    const announced = await finisher.targetOf(file, 'gen');
    const { target = '' } = await finisher.fail(file, file.version, 'gen', 'the reason', SILENT);
    expect(target).toBe(announced);
    expect(await finisher.targetOf(file, 'gen')).toBe(target.replace('a.csv', 'a.gen.csv'));
    expect(await failed.list()).toEqual(['in/a.csv', 'in/a.csv.done', 'in/a.csv.error.json']);
    await failed.put('in/a.csv', 'mended\n');

    const bringBack = () => finisher.bringBack({ path: file.path, target });
    await place.files.put('in/a.csv', 'another one');
    expect(await bringBack()).toBe('another file is under its path');
    expect((await failed.read('in/a.csv')).toString()).toBe('mended\n');
    await place.files.remove('in/a.csv');
    expect(await bringBack()).toBeNull();
    expect((await place.files.read('in/a.csv')).toString()).toBe('mended\n');
    expect(await failed.list()).toEqual([]);
    expect(await place.files.list()).toEqual(expect.arrayContaining(['in/a.csv', 'in/a.csv.done']));
    await place.files.remove('in/a.csv');
    expect(await bringBack()).toBe(`it is not in ${target} any more`);
  });

  test(`${name} tags a file, if it has tags, only in the version that is meant`, async () => {
    const { store, file, files, place } = await oneFile();
    if (store.tag === undefined || place.tagsOf === undefined) return;
    expect(await store.tag(file, file.version, { headrace: 'delivered' })).toBe('done');
    expect(await place.tagsOf(file.path)).toMatchObject({ headrace: 'delivered' });
    await files.put(file.path, 'other content');
    expect(await store.tag(file, file.version, { headrace: 'delivered' })).toBe('replaced');
    await files.remove(file.path);
    expect(await store.tag(file, file.version, { headrace: 'delivered' })).toBe('gone');
  });
}

async function* pagesIn(store: FileStore, filter = EVERYTHING): AsyncGenerator<readonly ListedFile[]> {
  const pages = store.list(filter, NEVER);
  for (;;) {
    const page = await pages.next();
    if (page.done) {
      expect(page.value).toBe(true);
      return;
    }
    yield page.value;
  }
}

async function pagesOf(store: FileStore, filter = EVERYTHING): Promise<(readonly ListedFile[])[]> {
  const pages: (readonly ListedFile[])[] = [];
  for await (const page of pagesIn(store, filter)) pages.push(page);
  return pages;
}

/** In the order of their paths. */
export async function listed(store: FileStore, filter = EVERYTHING): Promise<ListedFile[]> {
  const files = (await pagesOf(store, filter)).flat();
  const order = byBytes(files.map(({ path }) => path));
  return files.sort((a, b) => order.indexOf(a.path) - order.indexOf(b.path));
}

/** All but one folder. */
function below(excluded: string): ListFilter {
  return { isFolderWanted: (folder) => folder !== excluded, isFileWanted: () => true };
}

export async function opened(store: FileStore, file: ListedFile): Promise<StoredFile> {
  const open = await store.open(file, NEVER);
  if (typeof open === 'string') throw new Error(`${file.path} is not opened: ${open}`);
  return open;
}

export async function contentOf(store: FileStore, file: ListedFile): Promise<Buffer> {
  const open = await opened(store, file);
  try {
    return await readToEnd(open, 0);
  } finally {
    await open.close();
  }
}

async function readToEnd(open: StoredFile, from: number): Promise<Buffer> {
  return await readExactly(open, from, Number.MAX_SAFE_INTEGER);
}

/** Fewer bytes where the file ends before. */
async function readExactly(open: StoredFile, from: number, length: number): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for (let left = length, position = from; left > 0; ) {
    const into = Buffer.alloc(Math.min(left, 300_000));
    const bytes = await open.read(into, position);
    if (bytes === 0) break;
    pieces.push(into.subarray(0, bytes));
    position += bytes;
    left -= bytes;
  }
  return Buffer.concat(pieces);
}

async function inParallel(paths: readonly string[], act: (path: string) => Promise<unknown>): Promise<void> {
  const left = [...paths];
  const worker = async () => {
    for (let path = left.pop(); path !== undefined; path = left.pop()) await act(path);
  };
  await Promise.all(Array.from({ length: 16 }, worker));
}

function fail(): never {
  throw new Error('it is not there');
}
