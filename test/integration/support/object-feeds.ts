import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { FaultProxy } from '../../support/fault-proxy.ts';
import {
  type HttpFault,
  isListing,
  type Match,
  readOf,
  resetAfter,
  shortBody,
} from '../../support/http-faults.ts';
import { sharedKafka, uniqueName } from '../../support/stack.ts';
import type { TestStore } from '../../support/test-store.ts';
import { FeedFolder } from './feed-folder.ts';
import type { HeadraceProcess, LogLine } from './headrace-process.ts';
import { recordsIn } from './read-topic.ts';

const ROWS = 60_000;
const TIMEOUT_MS = 180_000;

/** A kind of bucket, and how a feed is told of one. */
export interface ObjectService {
  newBucket(): Promise<TestStore & { readonly endpoint: string }>;
  /** The options by which a feed reaches the folder `drop` of a bucket. */
  options(bucket: TestStore, endpoint: string): Readonly<Record<string, string>>;
  /** An error as the service words it. */
  error(status: number, code: string): HttpFault;
}

/** What a feed must do with the objects of every kind of bucket; called once for each by a test file of its own. */
export function carriesObjects(name: string, service: ObjectService): void {
  let bootstrapServers: string;

  beforeAll(async () => {
    ({ bootstrapServers } = await sharedKafka());
  }, TIMEOUT_MS);

  /** A feed on a bucket of its own, behind a proxy. */
  async function newFeed(options: Readonly<Record<string, string | null>> = {}) {
    const bucket = await service.newBucket();
    const proxy = await FaultProxy.before(bucket.endpoint);
    onTestFinished(() => proxy.close());
    const folder = await FeedFolder.make(uniqueName('objects'));
    await folder.worker({ 'bootstrap.servers': bootstrapServers });
    await folder.feed({
      ...service.options(bucket, proxy.url),
      'input.path': null,
      'settle.ms': null,
      'finished.path': 'done',
      'topic.creation.default.partitions': '1',
      ...options,
    });
    const pricesOf = (symbol: string) => prices(bootstrapServers, folder.name, symbol);
    return { folder, bucket, proxy, pricesOf };
  }

  describe(`objects of ${name}`, () => {
    test(
      'come whole, in order and once from a service that fails now and then, and are moved',
      async () => {
        const { folder, bucket, proxy, pricesOf } = await newFeed({ 'tasks.max': '2' });
        await bucket.put('drop/a.csv', rows('A', ROWS));
        await bucket.put('drop/deep/b+c d.csv.gz', gzipSync(rows('B', ROWS)));
        proxy.plan(service.error(503, 'busy'), isListing);
        proxy.plan(resetAfter(100_000), readOf('drop/a.csv'), 2);
        proxy.plan(shortBody(1000), readOf('drop/a.csv'));
        proxy.plan(service.error(500, 'broken'), () => true, 3);
        const daemon = folder.start();
        for (const file of ['a.csv', 'deep/b+c d.csv.gz']) await completed(daemon, file);
        expect(await pricesOf('A')).toEqual(upTo(ROWS));
        expect(await pricesOf('B')).toEqual(upTo(ROWS));
        expect(await bucket.list()).toEqual(['done/a.csv', 'done/deep/b+c d.csv.gz']);
      },
      TIMEOUT_MS,
    );

    test(
      'are read on inside after the worker was killed in the middle of one',
      async () => {
        const { folder, bucket, proxy, pricesOf } = await newFeed();
        await bucket.put('drop/a.csv', rows('A', ROWS));
        const rest = restOf('drop/a.csv');
        proxy.plan(service.error(503, 'busy'), rest, 1000);
        const first = folder.start();
        await first.waitFor((line) => line.msg === 'transaction committed', 60_000);
        await first.kill();
        proxy.mend();
        const second = folder.start();
        const reading = await second.waitFor('file reading', 60_000);
        expect(reading).toMatchObject({ file: 'a.csv', found: 'unfinished' });
        expect(Number(reading.position)).toBeGreaterThan(0);
        await completed(second, 'a.csv');
        expect(await pricesOf('A')).toEqual(upTo(ROWS));
      },
      TIMEOUT_MS,
    );

    test(
      'that are replaced while they are read are loaded as what they are now, and never mixed',
      async () => {
        const { folder, bucket, proxy, pricesOf } = await newFeed({ 'finished.path': null });
        await bucket.put('drop/a.csv', rows('OLD', ROWS));
        const rest = restOf('drop/a.csv');
        proxy.plan(service.error(503, 'busy'), rest, 1000);
        const daemon = folder.start();
        await daemon.waitFor((line) => line.msg === 'file reading', 60_000);
        await bucket.put('drop/a.csv', rows('NEW', ROWS));
        proxy.mend();
        await completed(daemon, 'a.csv');
        expect(await pricesOf('NEW')).toEqual(upTo(ROWS));
        const old = await pricesOf('OLD');
        expect(old).toEqual(upTo(old.length));
        expect(old.length).toBeLessThan(ROWS);
        expect(await bucket.list()).toEqual(['drop/a.csv']);
      },
      TIMEOUT_MS,
    );

    test(
      'wake a task that sleeps beside those that were delivered and stay',
      async () => {
        const { folder, bucket, pricesOf } = await newFeed({ 'finished.path': null, 'tasks.max': '2' });
        await sleepsThrice(folder, (name, content) => bucket.put(`drop/${name}`, content));
        expect(await pricesOf('A')).toEqual(upTo(3));
        expect(await pricesOf('B')).toEqual(upTo(4));
        expect(await bucket.list()).toEqual(['drop/a.csv', 'drop/b.csv']);
      },
      TIMEOUT_MS,
    );

    test(
      'that cannot be parsed are moved with the reason beside them, and hold up no other',
      async () => {
        const options = { 'finished.path': null, 'finished.delete': 'true', 'error.path': 'drop/failed' };
        const { folder, bucket, pricesOf } = await newFeed(options);
        await bucket.put('drop/a.csv', 'symbol,"price"x\nBHP,2\n');
        await bucket.put('drop/b.csv', rows('B', 5));
        const daemon = folder.start();
        await completed(daemon, 'b.csv');
        await daemon.waitFor((line) => line.msg === 'file failed' && line.file === 'a.csv');
        expect(await pricesOf('B')).toEqual(upTo(5));
        expect(await bucket.list()).toEqual(['drop/failed/a.csv', 'drop/failed/a.csv.error.json']);
        const note = JSON.parse((await bucket.read('drop/failed/a.csv.error.json')).toString());
        expect(note).toMatchObject({ file: 'a.csv', state: 'FAILED', code: 'SOURCE_MALFORMED', row: 0 });
      },
      TIMEOUT_MS,
    );
  });
}

/**
 * A feed of two tasks on an empty bucket sleeps; the task of an object that comes wakes and delivers it, and sleeps beside it
 * when it begins anew, until another one comes.
 */
export async function sleepsThrice(
  folder: FeedFolder,
  put: (name: string, content: string) => Promise<unknown>,
): Promise<void> {
  const isAsleep = (task: number) => (line: LogLine) => line.msg === 'fell asleep' && line.task === task;
  const first = folder.start();
  for (const task of [0, 1]) await first.waitFor(isAsleep(task), TIMEOUT_MS);
  await put('a.csv', rows('A', 3));
  const { task } = await completed(first, 'a.csv');
  expect(first.lines.filter(({ msg }) => msg === 'woke up').map((line) => line.task)).toEqual([task]);
  await first.stop();
  const second = folder.start();
  for (const each of [0, 1]) await second.waitFor(isAsleep(each), TIMEOUT_MS);
  await put('b.csv', rows('B', 4));
  await completed(second, 'b.csv');
  expect(second.lines.filter(({ msg, file }) => msg === 'file reading' && file === 'a.csv')).toEqual([]);
  await second.stop();
}

/** Reads of an object behind its first range. */
function restOf(path: string): Match {
  return (request) => readOf(path)(request) && request.range?.startsWith('bytes=0-') !== true;
}

/** Rows whose prices count from 0 on. */
function rows(symbol: string, count: number): string {
  return `symbol,price\n${upTo(count)
    .map((price) => `${symbol},${price}\n`)
    .join('')}`;
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

function completed(daemon: HeadraceProcess, file: string) {
  return daemon.waitFor((line) => line.msg === 'file completed' && line.file === file, 60_000);
}

/** The prices that came for a symbol, in the order in which they came. */
async function prices(bootstrapServers: string, topic: string, symbol: string): Promise<number[]> {
  const records = await recordsIn(bootstrapServers, topic);
  const values = records.map(({ value }) => JSON.parse(String(value)) as { symbol: string; price: number });
  return values.filter((value) => value.symbol === symbol).map(({ price }) => price);
}
