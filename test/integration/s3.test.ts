import { gzipSync } from 'node:zlib';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { FaultProxy } from '../support/fault-proxy.ts';
import { isListing, readOf, resetAfter, s3Error, shortBody } from '../support/http-faults.ts';
import { newS3Bucket, type S3Bucket, sharedS3 } from '../support/s3.ts';
import { newSqsQueue } from '../support/sqs.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import type { HeadraceProcess } from './support/headrace-process.ts';
import { sleepsThrice } from './support/object-feeds.ts';
import { recordsIn } from './support/read-topic.ts';

const ROWS = 40_000;
const TIMEOUT_MS = 180_000;

let bootstrapServers: string;
let bucket: S3Bucket;
let proxy: FaultProxy;

beforeAll(async () => {
  await sharedS3();
  ({ bootstrapServers } = await sharedKafka());
});

/** A feed on a bucket of its own, behind a proxy. */
async function bucketFeed(options: Readonly<Record<string, string | null>> = {}): Promise<FeedFolder> {
  bucket = await newS3Bucket('feed');
  proxy = await FaultProxy.before(bucket.endpoint);
  onTestFinished(() => proxy.close());
  const folder = await FeedFolder.make(uniqueName('s3'));
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  await folder.feed({
    'connector.class': 's3',
    's3.bucket': bucket.name,
    's3.prefix': 'drop',
    's3.endpoint': proxy.url,
    's3.path.style': 'true',
    's3.access.key.id': 'tests',
    's3.secret.access.key': 'any',
    'input.path': null,
    'settle.ms': null,
    'finished.path': 'done',
    'topic.creation.default.partitions': '1',
    ...options,
  });
  return folder;
}

/** Rows whose prices count from `first` on. */
function rows(symbol: string, first: number, count: number): string {
  const lines = Array.from({ length: count }, (_, index) => `${symbol},${first + index}\n`);
  return `symbol,price\n${lines.join('')}`;
}

function completed(daemon: HeadraceProcess, file: string) {
  return daemon.waitFor((line) => line.msg === 'file completed' && line.file === file, TIMEOUT_MS);
}

/** The prices that came, by their symbol, in the order in which they came. */
async function pricesIn(topic: string): Promise<Record<string, number[]>> {
  const prices: Record<string, number[]> = {};
  for (const { value } of await recordsIn(bootstrapServers, topic)) {
    const { symbol, price } = JSON.parse(String(value)) as { symbol: string; price: number };
    prices[symbol] ??= [];
    prices[symbol].push(price);
  }
  return prices;
}

const upTo = (count: number, first = 0) => Array.from({ length: count }, (_, index) => first + index);

test(
  'objects of a bucket that fails now and then come whole, in order and once, though the worker is killed',
  async () => {
    const folder = await bucketFeed({ 'tasks.max': '2' });
    await bucket.put('drop/a.csv', rows('A', 0, ROWS));
    await bucket.put('drop/deep/b+c d.csv.gz', gzipSync(rows('B', 0, ROWS)));
    await bucket.put('drop/c.csv', rows('C', 0, 3));
    const isPlain = readOf('drop/a.csv');
    proxy.plan(s3Error(503, 'SlowDown'), isListing, 1);
    proxy.plan(resetAfter(100_000), isPlain, 2);
    proxy.plan(shortBody(1000), isPlain, 1);
    proxy.plan(s3Error(500, 'InternalError'), () => true, 3);
    const first = folder.start();
    await first.waitFor('transaction committed', TIMEOUT_MS);
    await first.kill();
    folder.start();
    const done = ['done/a.csv', 'done/c.csv', 'done/deep/b+c d.csv.gz'];
    await expect.poll(() => bucket.list(), { timeout: TIMEOUT_MS, interval: 500 }).toEqual(done);
    expect(await pricesIn(folder.name)).toEqual({ A: upTo(ROWS), B: upTo(ROWS), C: upTo(3) });
  },
  TIMEOUT_MS,
);

test(
  'an object that is replaced while it is read is loaded as what it is now, and never mixed',
  async () => {
    const folder = await bucketFeed({ 'finished.path': null });
    await bucket.put('drop/a.csv', rows('OLD', 0, ROWS));
    proxy.plan(
      { kind: 'delay', ms: 2000 },
      (request) => readOf('drop/a.csv')(request) && request.range !== 'bytes=0-262143',
    );
    const daemon = folder.start();
    await daemon.waitFor(
      (line) => line.msg === 'file reading' || line.msg === 'file begun' || line.file === 'a.csv',
      60_000,
    );
    await bucket.put('drop/a.csv', rows('NEW', 0, ROWS));
    await completed(daemon, 'a.csv');
    const { NEW, OLD = [] } = await pricesIn(folder.name);
    expect(NEW).toEqual(upTo(ROWS));
    expect(OLD).toEqual(upTo(OLD.length));
    expect(await bucket.list()).toEqual(['drop/a.csv']);
  },
  TIMEOUT_MS,
);

test(
  'an object that may not be read is FAILED and holds up no other; one with another content under its name is loaded',
  async () => {
    const folder = await bucketFeed({ 'finished.path': null, 'finished.tag.state': 'delivered' });
    await bucket.put('drop/a.csv', rows('A', 0, 5));
    await bucket.put('drop/b.csv', rows('B', 0, 5));
    proxy.plan(s3Error(403, 'AccessDenied'), readOf('drop/a.csv'), 1000);
    const daemon = folder.start();
    await completed(daemon, 'b.csv');
    const failed = await daemon.waitFor((line) => line.msg === 'file failed' && line.file === 'a.csv');
    expect(failed.error).toMatch(/may not be read/);
    proxy.mend();
    await completed(daemon, 'a.csv');
    await bucket.put('drop/b.csv', rows('B', 5, 5));
    const prices = () => pricesIn(folder.name);
    await expect.poll(prices, { timeout: TIMEOUT_MS, interval: 500 }).toEqual({ A: upTo(5), B: upTo(10) });
  },
  TIMEOUT_MS,
);

test(
  'objects wake a task that sleeps beside those that were delivered and stay',
  async () => {
    const folder = await bucketFeed({ 'finished.path': null, 'tasks.max': '2' });
    await sleepsThrice(folder, (name, content) => bucket.put(`drop/${name}`, content));
    expect(await bucket.list()).toEqual(['drop/a.csv', 'drop/b.csv']);
  },
  TIMEOUT_MS,
);

test(
  'a message of its queue wakes a task that sleeps',
  async () => {
    const queue = await newSqsQueue();
    const folder = await bucketFeed({ 'scan.interval.ms': '3600000', 's3.events.queue.url': queue.url });
    const daemon = folder.start({ AWS_ACCESS_KEY_ID: 'tests', AWS_SECRET_ACCESS_KEY: 'any' });
    await daemon.waitFor('fell asleep', TIMEOUT_MS);
    await bucket.put('drop/a.csv', rows('A', 0, 3));
    await queue.send('an object came');
    await completed(daemon, 'a.csv');
    await daemon.stop();
  },
  TIMEOUT_MS,
);
