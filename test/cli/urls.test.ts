import { describe, expect, test, vi } from 'vitest';
import { FaultProxy } from '../support/fault-proxy.ts';
import { newS3Bucket } from '../support/s3.ts';
import { s3Environment, s3Keys } from '../support/storage-feeds.ts';
import { newFeed } from './support/loaded-feed.ts';
import { headrace } from './support/run-command.ts';

/** Each command is a process of its own, and the machine may be busy. */
vi.setConfig({ testTimeout: 120_000 });

/** Of feeds that watch a folder, and mean nothing in a bucket. */
const NO_FOLDER = { 'input.path': null, 'settle.ms': null, 'finished.path': null };
const ROWS = 'symbol,price\nBHP,1\nCBA,2\n';

/** A feed that watches a bucket, and the command that runs in its folder. */
async function bucketFeed(options: Readonly<Record<string, string | null>> = {}) {
  const bucket = await newS3Bucket();
  const feed = await newFeed({ ...NO_FOLDER, ...s3Keys(bucket), 's3.prefix': 'in', ...options });
  return { bucket, feed, url: (key: string) => `s3://${bucket.name}/${key}` };
}

describe('headrace load', () => {
  test('loads the object that the environment of a job names, and offsets show tells what came of it', async () => {
    const { bucket, feed } = await bucketFeed();
    await bucket.put('asx/trades.csv', ROWS);
    const job = { S3_BUCKET: bucket.name, S3_KEY: 'asx/trades.csv' };
    const args = [
      'load',
      `s3://${job.S3_BUCKET}/${job.S3_KEY}`,
      '--feed',
      'feed.yaml',
      '--worker',
      'worker.yaml',
      '--json',
    ];
    const { code, stdout, stderr } = await feed.run(...args);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      state: 'COMPLETED',
      produced: 2,
      files: [{ file: `s3://${bucket.name}/asx/trades.csv`, rows: 2 }],
    });
    const shown = await feed.run('offsets', 'show', `${feed.name}-load`, '--worker', 'worker.yaml');
    const [header = '', line = ''] = shown.stdout.split('\n').map((text) => text.split(/ {2,}/));
    const told = Object.fromEntries([...header].map((name, index) => [name, line[index]]));
    expect(told).toMatchObject({
      file: `s3://${bucket.name}/asx/trades.csv`,
      state: 'delivered',
      'last line': '3',
      produced: '2',
      'last commit': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/),
    });
  });
});

describe('headrace preview', () => {
  test('shows the first object that the feed would load, and leaves those that are put away', async () => {
    const { bucket, feed, url } = await bucketFeed({
      'finished.path': 'in/done',
      'input.file.pattern': '*.csv',
    });
    await bucket.put('in/b.csv', ROWS);
    await bucket.put('in/a.txt', 'not wanted');
    await bucket.put('in/done/a.csv', ROWS);
    await bucket.put('a.csv', ROWS);
    const { code, stdout, stderr } = await feed.run('preview', 'feed.yaml');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(new RegExp(`^${url('in/b.csv')} through ${feed.name}: `));
    expect(stdout).toContain('all 2 rows: 2 would be sent');
    await bucket.remove('in/b.csv');
    const none = await feed.run('preview', 'feed.yaml');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain(`no file in ${url('in/')} matches *.csv; name a file`);
  });

  test('shows an object that is named, under the path that the feed would know it by', async () => {
    const { bucket, feed, url } = await bucketFeed();
    await bucket.put('in/sub/b.csv', ROWS);
    const { stdout } = await feed.run('preview', 'feed.yaml', url('in/sub/*.csv'), '--json');
    expect(JSON.parse(stdout)).toMatchObject({ file: url('in/sub/b.csv'), rows: [{ line: 2 }, { line: 3 }] });
    const missing = await feed.run('preview', 'feed.yaml', url('in/sub/c.csv'));
    expect(missing.code).toBe(2);
    expect(missing.stderr).toBe(`${url('in/sub/c.csv')}: no such file; did you mean b.csv?\n`);
  });

  test('guesses a feed from an object, of which it reads no more than the beginning', async () => {
    const { bucket, feed, url } = await bucketFeed();
    await bucket.put('asx/big.csv', `symbol;price\n${'BHP;1\n'.repeat(4_000_000)}`);
    const proxy = await FaultProxy.before(bucket.endpoint);
    const env = s3Environment({ endpoint: proxy.url });
    const run = (...args: string[]) => headrace(['preview', ...args], { cwd: feed.folder.path, env });
    const { code, stdout } = await run(url('asx/big.csv'), '--save', 'guessed.yaml');
    expect(code).toBe(0);
    expect(stdout).toContain('symbol');
    const asked = proxy.requests.flatMap(({ range }) => (range === undefined ? [] : [bytesOf(range)]));
    expect(asked.reduce((sum, bytes) => sum + bytes, 0)).toBeLessThan(12_000_000);
    expect((await run('guessed.yaml')).stdout).toContain(`${url('asx/big.csv')} through big`);
    proxy.close();
  });
});

function bytesOf(range: string): number {
  const [from, to] = range.replace('bytes=', '').split('-').map(Number);
  return (to as number) - (from as number) + 1;
}

describe('headrace doctor', () => {
  const lineOf = (stdout: string, key: string) =>
    stdout
      .split('\n')
      .find((line) => line.includes(`${key}: `))
      ?.trim();
  const doctor = async (options: Readonly<Record<string, string | null>> = {}) => {
    const { bucket, feed, url } = await bucketFeed(options);
    await bucket.put('in/a.csv', ROWS);
    const { stdout, code } = await feed.run('doctor', 'feed.yaml', '--worker', 'worker.yaml');
    return { code, url, said: (key: string) => lineOf(stdout, key) };
  };

  test('lists the bucket and reads of the first object that matches, and says what it does not look at', async () => {
    const { said, url, code } = await doctor({ 'finished.path': 'done', 'error.path': 'failed' });
    expect(said('s3.bucket')).toBe(`✓ s3.bucket: ${url('in/')} can be listed`);
    expect(said('input.file.pattern')).toBe(`✓ input.file.pattern: ${url('in/a.csv')} can be read, 25 B`);
    expect(said('finished.path')).toBe(
      '! finished.path: not looked at, as it would change something: it needs the right to write to done and delete what was read',
    );
    expect(said('error.path')).toContain('not looked at');
    expect(code).toBe(0);
  });

  test('tells a bucket that is missing, and one that does not answer', async () => {
    const missing = await doctor({ 's3.bucket': 'no-such-bucket-here' });
    expect(missing.said('s3.bucket')).toMatch(
      /^✗ s3\.bucket: .*make the bucket "no-such-bucket-here", or check its name/,
    );
    expect(missing.code).toBe(2);
    const away = await doctor({ 's3.endpoint': 'http://127.0.0.1:9' });
    expect(away.said('s3.bucket')).toMatch(/^✗ s3\.bucket: .*check the network and s3\.endpoint/);
    expect(away.code).toBe(4);
  });

  test('notes that nothing matches yet', async () => {
    const { said, code } = await doctor({ 'input.file.pattern': '*.parquet' });
    expect(said('input.file.pattern')).toBe('! input.file.pattern: no file matches *.parquet yet');
    expect(code).toBe(0);
  });

  test('asks for what a feed for files that are there names, and so does validate --probe', async () => {
    const bucket = await newS3Bucket();
    const { 's3.bucket': _, ...connection } = s3Keys(bucket);
    const url = `s3://${bucket.name}/a.csv`;
    const feed = await newFeed({
      ...{ ...NO_FOLDER, 'scan.interval.ms': null },
      ...{ ...connection, 'connector.class': 'local', 'input.path': url },
    });
    const probed = await feed.run('validate', 'feed.yaml', 'worker.yaml', '--probe');
    expect(probed.stderr).toMatch(/^feed\.yaml:\d+: input\.path: s3:.*a\.csv: no such file\n$/);
    expect(probed.code).toBe(2);
    await bucket.put('a.csv', ROWS);
    expect((await feed.run('validate', 'feed.yaml', 'worker.yaml', '--probe')).code).toBe(0);
  });
});
