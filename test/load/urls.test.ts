import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { EXIT, exitCodeOfLoad } from '../../src/cli/exit-codes.ts';
import { azureConnectionString, newAzureContainer } from '../support/azure.ts';
import { FaultProxy } from '../support/fault-proxy.ts';
import { gcsServes, newGcsBucket } from '../support/gcs.ts';
import { answer, type SeenRequest } from '../support/http-faults.ts';
import { newS3Bucket, type S3Bucket } from '../support/s3.ts';
import { newSftpFolder, type SharedSftp, sharedSftp } from '../support/sftp.ts';
import { s3Environment, s3Keys } from '../support/storage-feeds.ts';
import { LoadFolder, MANY, manyQuotes, quotes, quoteValues, SCHEMA } from './support.ts';

/** The first transactions of a new job take their time, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

const STAGES = {
  transforms: 'parse,validate,route',
  'transforms.parse.type': 'csv',
  'transforms.validate.type': 'schema',
  'transforms.validate.fields.symbol': 'string',
  'transforms.validate.fields.price': 'double',
  'transforms.route.type': 'route',
};

/** A feed that watches a bucket, to a topic of its name. */
function s3Feed(name: string, bucket: S3Bucket, more: Readonly<Record<string, string>> = {}): string {
  const source = { ...s3Keys(bucket), 's3.prefix': 'elsewhere', 'input.file.pattern': 'quotes*.csv*' };
  return yaml({
    name,
    ...source,
    'finished.path': 'done',
    ...STAGES,
    'transforms.route.topic': name,
    ...more,
  });
}

/** The same for a folder on a server. */
function sftpFeed(name: string, { host, user, password }: SharedSftp): string {
  const login = { 'sftp.host': host, 'sftp.user': user, 'sftp.password': password };
  const source = { ...login, 'sftp.known.hosts': './known_hosts', 'input.path': '/elsewhere' };
  return yaml({ name, 'connector.class': 'sftp', ...source, ...STAGES, 'transforms.route.topic': name });
}

function yaml(keys: Readonly<Record<string, string>>): string {
  const lines = Object.entries(keys).map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`);
  return lines.join('');
}

async function setUp() {
  const [folder, bucket] = await Promise.all([LoadFolder.make(), newS3Bucket()]);
  for (const [name, value] of Object.entries(s3Environment(bucket))) vi.stubEnv(name, value);
  const feed = await folder.write('feed.yaml', s3Feed(folder.topic, bucket));
  return { folder, bucket, feed, url: (key: string) => `s3://${bucket.name}/${key}` };
}

describe('a load of objects', () => {
  test('goes through a feed that says how the bucket is reached, and leaves them where they are', async () => {
    const { folder, bucket, feed, url } = await setUp();
    await bucket.put('in/a b.csv', quotes(1000));
    const bad = folder.at('bad.csv');
    const result = await folder.load({ files: [url('in/a b.csv')], feed, deadLetterFile: bad });
    expect(result).toMatchObject({
      state: 'COMPLETED',
      rows: 1000,
      files: [{ file: url('in/a b.csv'), state: 'COMPLETED' }],
    });
    expect(await folder.values()).toEqual(quoteValues(1000));
    expect(await bucket.list()).toEqual(['in/a b.csv']);
    expect(await folder.load({ files: [url('in/a b.csv')], feed, deadLetterFile: bad })).toMatchObject({
      wasDelivered: true,
      rows: 1000,
      run: { rows: 0 },
    });
  });

  test('to a topic is reached as the environment says', async () => {
    const { folder, bucket, url } = await setUp();
    await bucket.put('a.csv', quotes(10));
    const schema = await folder.write('quote.avsc', SCHEMA);
    expect(await folder.load({ files: [url('a.csv')], schema })).toMatchObject({
      state: 'COMPLETED',
      rows: 10,
    });
    expect(await folder.values()).toEqual(quoteValues(10));
  });

  test('takes globs, objects, globs of this disk and its files, in the order they are given', async () => {
    const { folder, bucket, url } = await setUp();
    await bucket.put('asx/2026-02/x.csv.gz', gzipSync(quotes(3)));
    await bucket.put('asx/2026-01/x.csv.zst', zstdCompressSync(quotes(2)));
    await bucket.put('asx/2025-12/x.csv', quotes(100));
    await bucket.put('asx/2026-01/x.txt', 'not wanted\n');
    await bucket.put('b.csv', quotes(1));
    const local = await folder.write('c.csv', quotes(4));
    const files = [url('b.csv'), url('asx/2026-*/*.csv{,.gz,.zst}'), folder.at('*.csv')];
    const result = await folder.load({ files });
    expect(result.files.map(({ file, rows }) => [file, rows])).toEqual([
      [url('b.csv'), 1],
      [url('asx/2026-01/x.csv.zst'), 2],
      [url('asx/2026-02/x.csv.gz'), 3],
      [local, 4],
    ]);
    expect(await folder.values()).toHaveLength(10);
  });

  test('takes an object whose name looks like a glob', async () => {
    const { folder, bucket, url } = await setUp();
    await bucket.put('a[1]*.csv', quotes(1));
    await bucket.put('a1.csv', quotes(2));
    expect(await folder.load({ files: [url('a[1]*.csv')] })).toMatchObject({ rows: 1 });
  });

  test('goes on where an earlier one ended, and behind its limit', async () => {
    const { folder, bucket, url } = await setUp();
    await bucket.put('a.csv', quotes(100));
    const files = [url('a.csv')];
    expect(await folder.load({ files, limit: 30 })).toMatchObject({ rows: 30, run: { rows: 30 } });
    expect(await folder.load({ files })).toMatchObject({ rows: 100, run: { rows: 70 } });
    expect(await folder.load({ files, restart: true })).toMatchObject({ rows: 100, run: { rows: 100 } });
    expect(await folder.values()).toHaveLength(200);
  });

  test('may have several tasks', async () => {
    const { folder, bucket, feed, url } = await setUp();
    for (let file = 0; file < 6; file++) await bucket.put(`${file}.csv`, quotes(10));
    await folder.write('feed.yaml', s3Feed(folder.topic, bucket, { 'tasks.max': '3' }));
    const deadLetterFile = folder.at('bad.csv');
    expect(await folder.load({ files: [url('*.csv')], feed, deadLetterFile })).toMatchObject({ rows: 60 });
  });

  test("picks them from a folder by the feed's pattern", async () => {
    const { folder, bucket, feed, url } = await setUp();
    await bucket.put('drop/sub/quotes-1.csv', quotes(2));
    await bucket.put('drop/trades-1.csv', quotes(3));
    await bucket.put('drop/.hidden/quotes.csv', quotes(4));
    await bucket.put('other/quotes-2.csv', quotes(5));
    const deadLetterFile = folder.at('bad.csv');
    for (const dataDir of [url('drop/'), url('drop')]) {
      const { files } = await folder.load({ dataDir, feed, deadLetterFile });
      expect(files).toMatchObject([{ file: url('drop/sub/quotes-1.csv'), rows: 2 }]);
    }
    await expect(folder.load({ dataDir: url('none'), feed })).rejects.toThrow(
      `no file in ${url('none')} is wanted by a feed: expected quotes*.csv*`,
    );
  });

  test('can be tried first', async () => {
    const { folder, bucket, feed, url } = await setUp();
    await bucket.put('a.csv', quotes(10, 5));
    const result = await folder.load({ files: [url('a.csv')], feed, dryRun: true });
    expect(result).toMatchObject({ state: 'COMPLETED', produced: 8, rejected: 2 });
    expect(result.dryRun?.examples).toMatchObject([{ file: url('a.csv'), row: 5 }, { row: 10 }]);
  });

  test('guesses what stands between their cells', async () => {
    const { folder, bucket, url } = await setUp();
    await bucket.put('a.csv', 'symbol;price\nBHP;1\n');
    await folder.load({ files: [url('a.csv')] });
    expect(await folder.values()).toEqual(['{"symbol":"BHP","price":"1"}']);
  });
});

describe('nothing is read', () => {
  test('when something is wrong with what is named, which is told at once', async () => {
    const { folder, bucket, url } = await setUp();
    await bucket.put('a.csv', quotes(10));
    const loading = folder.load({
      files: [
        url('a.csv'),
        url('b%20c.csv'),
        url('none-*.csv'),
        's3://no-such-bucket-here/x.csv',
        's3a://b/x',
        's3:/b/x',
      ],
    });
    await expect(loading).rejects.toMatchObject({ code: 'SOURCE_UNREADABLE', retriable: false });
    const lines = await loading.catch((error: Error) => error.message.split('\n'));
    expect(lines).toEqual([
      `${url('b%20c.csv')}: no such file; % is part of the name: write the name as it is, without escapes`,
      `${url('none-*.csv')}: no file matches`,
      expect.stringContaining('make the bucket "no-such-bucket-here", or check its name'),
      's3a://b/x: cannot be read: expected s3://, gs://, az:// or sftp://; did you mean s3://?',
      's3:/b/x: no such file; did you mean s3://b/x?',
    ]);
    expect(await folder.values().catch(() => [])).toEqual([]);
  });

  test('when S3 does not answer, and the same call goes on once it does', async () => {
    const { folder, bucket, url } = await setUp();
    await bucket.put('a.csv', quotes(10));
    vi.stubEnv('AWS_ENDPOINT_URL', 'http://127.0.0.1:9');
    await expect(folder.load({ files: [url('a.csv')] })).rejects.toMatchObject({
      code: 'SOURCE_UNREADABLE',
      retriable: true,
    });
    vi.stubEnv('AWS_ENDPOINT_URL', bucket.endpoint);
    expect(await folder.load({ files: [url('a.csv')] })).toMatchObject({ rows: 10 });
  });
});

test('a bucket that goes away under way ends the load with 4, and the same call goes on where it was', async () => {
  const { folder, bucket, url } = await setUp();
  await bucket.put('a.csv', manyQuotes());
  const proxy = await FaultProxy.before(bucket.endpoint);
  onTestFinished(() => proxy.close());
  const isBehind = ({ range }: SeenRequest) => Number(/^bytes=(\d+)/.exec(range ?? '')?.[1] ?? 0) > 4_000_000;
  proxy.plan(answer({ status: 503 }), isBehind, Number.POSITIVE_INFINITY);
  vi.stubEnv('AWS_ENDPOINT_URL', proxy.url);
  const stopped = await folder.load({ files: [url('a.csv')], patience: { outageMs: 500 } });
  expect(stopped).toMatchObject({ state: 'FAILED', error: { code: 'SOURCE_UNREADABLE' } });
  expect(stopped.rows).toBeGreaterThan(0);
  expect(exitCodeOfLoad(stopped)).toBe(EXIT.outage);
  proxy.mend();
  expect(await folder.load({ files: [url('a.csv')] })).toMatchObject({ state: 'COMPLETED', rows: MANY.rows });
  expect(await folder.values()).toHaveLength(MANY.rows);
});

test('files on a server go through a feed that says who logs in, and plain ones beside them', async () => {
  const [folder, server, drop] = await Promise.all([LoadFolder.make(), sharedSftp(), newSftpFolder()]);
  await drop.put('in/b.csv', quotes(2));
  await drop.put('in/sub/c.csv.gz', gzipSync(quotes(3)));
  await drop.put('a.csv', quotes(1));
  const feed = await folder.write('feed.yaml', sftpFeed(folder.topic, server));
  await folder.write('known_hosts', `${server.knownHostsLine}\n`);
  const base = `sftp://${server.user}@${server.host}:${server.port}${drop.path}`;
  const files = [`${base}/a.csv`, `${base}/in/**/*.csv{,.gz}`, await folder.write('d.csv', quotes(4))];
  const deadLetterFile = folder.at('bad.csv');
  const result = await folder.load({ files, feed, deadLetterFile });
  expect(result.files.map(({ file, rows }) => [file, rows])).toEqual([
    [`${base}/a.csv`, 1],
    [`${base}/in/b.csv`, 2],
    [`${base}/in/sub/c.csv.gz`, 3],
    [folder.at('d.csv'), 4],
  ]);
  expect(await folder.load({ files, feed, deadLetterFile })).toMatchObject({ wasDelivered: true });
  const missing = folder.load({ files: [`${base}/in/d.csv`], feed, deadLetterFile });
  await expect(missing).rejects.toThrow(`${base}/in/d.csv: no such file`);
});

test('blobs are reached as the environment says', async () => {
  const [folder, container] = await Promise.all([LoadFolder.make(), newAzureContainer()]);
  vi.stubEnv('AZURE_STORAGE_CONNECTION_STRING', azureConnectionString(container.endpoint));
  await container.put('in/b.csv.gz', gzipSync(quotes(2)));
  await container.put('in/a.csv', quotes(1));
  const base = `az://${container.name}`;
  const result = await folder.load({ files: [`${base}/in/*.csv{,.gz}`] });
  expect(result.files).toMatchObject([
    { file: `${base}/in/a.csv`, rows: 1 },
    { file: `${base}/in/b.csv.gz`, rows: 2 },
  ]);
  await expect(folder.load({ files: [`${base}/in/c.csv`] })).rejects.toThrow('no such file');
  vi.stubEnv('AZURE_STORAGE_CONNECTION_STRING', undefined);
  await expect(folder.load({ files: [`${base}/in/a.csv`] })).rejects.toThrow(`${base}/: of which account?`);
});

describe.runIf(await gcsServes())('objects of Google Cloud Storage', () => {
  test('go through a feed that says how the bucket is reached', async () => {
    const [folder, bucket] = await Promise.all([LoadFolder.make(), newGcsBucket()]);
    await bucket.put('in/a.csv', quotes(1));
    await bucket.put('in/b.csv', quotes(2));
    const source = { 'connector.class': 'gcs', 'gcs.bucket': 'another', 'gcs.endpoint': bucket.endpoint };
    const keys = { name: folder.topic, ...source, ...STAGES, 'transforms.route.topic': folder.topic };
    const feed = await folder.write('feed.yaml', yaml(keys));
    const files = [`gs://${bucket.name}/in/*.csv`];
    expect(await folder.load({ files, feed, deadLetterFile: folder.at('bad.csv') })).toMatchObject({
      state: 'COMPLETED',
      rows: 3,
    });
  });
});
