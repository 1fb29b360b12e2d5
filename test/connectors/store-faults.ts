import { randomBytes } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { FileStore } from '../../connectors/files/file-store.ts';
import type { FaultProxy } from '../support/fault-proxy.ts';
import {
  type HttpFault,
  IGNORE_RANGE,
  isListing,
  type Match,
  readOf,
  resetAfter,
  shortBody,
} from '../support/http-faults.ts';
import type { TestStore } from '../support/test-store.ts';
import { contentOf, listed, opened } from './store-conformance.ts';
import { type TestContext, testContext } from './support.ts';

/** A bucket behind a proxy that makes it fail. */
export interface FaultyStore {
  readonly files: TestStore;
  readonly proxy: FaultProxy;
  open(context: TestContext): Promise<FileStore>;
  /** An error as the service words it. */
  error(status: number, code: string): HttpFault;
}

export interface FaultsOptions {
  /** What the service says to whom it lets in, and not do this. */
  readonly denied: string;
}

/** What every store of a bucket must bear; called once for each by a test file of its own. */
export function bearsFaults(
  name: string,
  setUp: () => Promise<FaultyStore>,
  { denied }: FaultsOptions,
): void {
  const ends: (() => unknown)[] = [];

  afterEach(async () => {
    for (const end of ends.splice(0).reverse()) await end();
  });

  async function oneFile(content: string | Buffer) {
    const at = await setUp();
    ends.push(() => at.proxy.close());
    const context = testContext();
    const store = await at.open(context);
    ends.push(() => store.close());
    await at.files.put('in/a.csv', content);
    const [file] = await listed(store);
    if (file === undefined) throw new Error('the file is not listed');
    return { ...at, context, store, file };
  }

  describe(`${name} that fails`, () => {
    test('for a moment is asked again, whatever it was asked', async () => {
      const { store, file, proxy, error } = await oneFile('one\ntwo\n');
      for (const [status, code] of [
        [503, 'busy'],
        [500, 'broken'],
      ] as const)
        proxy.plan(error(status, code), () => true);
      expect(await listed(store)).toHaveLength(1);
      proxy.plan(error(503, 'busy'), () => true);
      expect(await store.stat(file)).toEqual(file.version);
      proxy.plan(error(429, 'slower'), () => true);
      expect(await store.remove(file, file.version)).toBe('done');
    });

    test('in the middle of a file is read on from there, so that no byte is missing or comes twice', async () => {
      const content = randomBytes(3_000_000);
      const { store, file, proxy, error } = await oneFile(content);
      proxy.plan(resetAfter(100_000), readOf('in/a.csv'));
      proxy.plan(shortBody(70_000), readOf('in/a.csv'));
      proxy.plan(error(503, 'busy'), readOf('in/a.csv'));
      expect((await contentOf(store, file)).equals(content)).toBe(true);
      expect(rangesFrom(proxy, 0)).toBe(1);
    });

    test('to know ranges is asked again, and its other bytes are not taken', async () => {
      const content = randomBytes(1_000_000);
      const { store, file, proxy } = await oneFile(content);
      const isLater: Match = (request) =>
        readOf('in/a.csv')(request) && !request.range?.startsWith('bytes=0-');
      proxy.plan(IGNORE_RANGE, isLater);
      expect((await contentOf(store, file)).equals(content)).toBe(true);
    });

    test('never gives bytes of a file that was replaced while it was read', async () => {
      const { store, file, files } = await oneFile(Buffer.alloc(30_000_000, 'a'));
      const open = await opened(store, file);
      ends.push(() => open.close());
      await open.read(Buffer.alloc(1000), 0);
      await files.put('in/a.csv', Buffer.alloc(30_000_000, 'b'));
      await expect(open.read(Buffer.alloc(1000), 29_000_000)).rejects.toMatchObject({
        code: 'SOURCE_CHANGED',
        message: expect.stringMatching(/^"in\/a\.csv" was replaced/),
      });
    });

    test('to let a file be read passes it over, and says once why', async () => {
      const { store, file, proxy, error, context } = await oneFile('one\n');
      const isLook: Match = ({ path }) => path.endsWith('in/a.csv');
      proxy.plan(error(403, denied), isLook, 2);
      expect(await store.open(file, context.signal)).toBe('denied');
      expect(await store.open(file, context.signal)).toBe('denied');
      const told = context.told.filter(({ level }) => level === 'warn');
      expect(told).toHaveLength(1);
      expect(told[0]?.fields).toMatchObject({ file: 'in/a.csv', error: expect.stringContaining('403') });
    });

    test('to let it be listed says what was asked, what it answered and how to mend it, and is asked once', async () => {
      const { store, proxy, error } = await oneFile('one\n');
      const before = proxy.count(isListing);
      proxy.plan(error(403, denied), isListing);
      await expect(listed(store)).rejects.toMatchObject({
        code: 'SOURCE_UNREADABLE',
        message: expect.stringMatching(/^could not list [^;]+\(403 [^;]+\); .+$/),
      });
      expect(proxy.count(isListing)).toBe(before + 1);
    });

    test('between the copy and the removal of a move ends with one file under one name at the next attempt', async () => {
      const { store, file, proxy, error, files, context } = await oneFile('one\n');
      const target = await store.prepareDestination('finished.path', 'done', context.log);
      const move = () => store.moveInto(target, file, file.version, 'gen');
      proxy.plan(error(403, denied), ({ method }) => method === 'DELETE');
      await expect(move()).rejects.toThrow('could not delete');
      expect(await files.list()).toEqual(['done/in/a.csv', 'in/a.csv']);
      expect(await move()).toEqual({ target: expect.stringMatching(/\/done\/in\/a\.csv$/) });
      expect(await files.list()).toEqual(['done/in/a.csv']);
    });
  });
}

/** How often bytes from a place on were asked for. */
function rangesFrom(proxy: FaultProxy, from: number): number {
  return proxy.count(({ range }) => range?.startsWith(`bytes=${from}-`) === true);
}
