import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { appendFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { dirname } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, onTestFinished, test } from 'vitest';
import { TransactionalProducer } from '../../src/kafka/producer/transactional-producer.ts';
import type { LoadProgress } from '../../src/load/load-progress.ts';
import { bzip2Of, xzOf } from '../connectors/compressors.ts';
import { clientOf } from '../integration/support/read-topic.ts';
import { LoadFolder, MANY, manyQuotes, manyValues, quotes, quoteValues, SCHEMA } from './support.ts';

/** Stops a load after its first commit that is not its last. */
function stopAfterFirstCommit() {
  const stop = new AbortController();
  const onProgress = ({ bytes, totalBytes }: LoadProgress) => {
    if (bytes > 0 && bytes < totalBytes) stop.abort();
  };
  return { signal: stop.signal, onProgress };
}

/** What another load of the folder's job does first. */
async function fence({ bootstrapServers, job }: LoadFolder): Promise<void> {
  const transactionalId = `headrace-standalone-${job}-0`;
  const options = { transactionalId, transactionTimeoutMs: 60_000 };
  const producer = await TransactionalProducer.start(clientOf(bootstrapServers), options);
  await producer.close();
}

describe('a load to a topic', () => {
  test('delivers every row as JSON and tells what it did', async () => {
    const folder = await LoadFolder.make();
    const file = await folder.write('a.csv', quotes(100));
    const result = await folder.load({ files: [file] });
    expect(result).toMatchObject({
      job: folder.job,
      state: 'COMPLETED',
      error: null,
      rows: 100,
      produced: 100,
      filtered: 0,
      rejected: 0,
      bytes: quotes(100).length,
      topics: { [folder.topic]: 100 },
      wasDelivered: false,
    });
    expect(result.run).toEqual({ rows: 100, produced: 100, filtered: 0, rejected: 0, bytes: result.bytes });
    expect(result.files).toEqual([{ file, state: 'COMPLETED', rowLimit: null, ...result.run }]);
    expect(result.rowsPerSecond).toBeGreaterThan(0);
    expect(await folder.values()).toContain('{"symbol":"S0","price":"1"}');
  });

  test('gives columns the types of a schema, and keeps rows that do not fit in a file', async () => {
    const folder = await LoadFolder.make();
    const schema = await folder.write('quote.avsc', SCHEMA);
    const file = await folder.write('a.csv', quotes(10, 4));
    const result = await folder.load({ files: [file], schema, key: 'symbol' });
    expect(result).toMatchObject({ state: 'COMPLETED', rows: 10, produced: 8, rejected: 2 });
    expect(await folder.values()).toEqual(quoteValues(10, 4));
    const [header, first] = readFileSync(folder.at('rejected.csv'), 'utf8').split('\n');
    expect(header).toMatch(/^row_number,error,record/);
    expect(first).toMatch(/^4,"price: expected a double, got ""n\/a""","S3,n\/a"/);
  });

  test('leaves no file for rejected rows behind when there are none, and the files where they are', async () => {
    const folder = await LoadFolder.make();
    const file = await folder.write('a.csv', quotes(3));
    await folder.load({ files: [file] });
    expect(readdirSync(folder.path)).toEqual(['a.csv']);
  });

  test('loads several files and globs in their order, each once, compressed or not', async () => {
    const folder = await LoadFolder.make();
    const [head = '', ...rows] = quotes(9).trimEnd().split('\n');
    const part = (from: number, to: number) => [head, ...rows.slice(from, to), ''].join('\n');
    await folder.write('in/c.csv', part(0, 3));
    await folder.write('in/a.csv.gz', gzipSync(part(3, 6)));
    await folder.write('in/b, b.csv.zst', zstdCompressSync(part(6, 9)));
    await folder.write('in/d.csv.bz2', bzip2Of(part(0, 1)));
    await folder.write('in/e.csv.xz', xzOf(part(0, 1)));
    const result = await folder.load({ files: [folder.at('in/c.csv'), folder.at('in/*')] });
    expect(result.files.map(({ file }) => file.split('/').at(-1))).toEqual([
      'c.csv',
      'a.csv.gz',
      'b, b.csv.zst',
      'd.csv.bz2',
      'e.csv.xz',
    ]);
    expect(result).toMatchObject({ state: 'COMPLETED', rows: 11 });
    expect(await folder.values()).toHaveLength(11);
  });

  test('loads standard input, and leaves nothing of it behind', async () => {
    const folder = await LoadFolder.make();
    const standardInput = Readable.from([Buffer.from('symbol,price\nBHP,'), Buffer.from('1\n')]);
    const result = await folder.load({ files: ['-'], standardInput });
    expect(result).toMatchObject({ state: 'COMPLETED', rows: 1, spool: null });
    expect(result.files).toMatchObject([{ file: 'standard input', state: 'COMPLETED' }]);
    expect(await folder.values()).toEqual(['{"symbol":"BHP","price":"1"}']);
  });

  test('keeps standard input that could not be delivered, and goes on with it by its name', async () => {
    const folder = await LoadFolder.make();
    const schema = await folder.write('quote.avsc', SCHEMA);
    const standardInput = Readable.from([Buffer.from(quotes(10, 5))]);
    const stopped = await folder.load({ files: ['-'], standardInput, schema, maxErrors: 1 });
    expect(stopped).toMatchObject({ state: 'FAILED', rows: 9 });
    const spool = String(stopped.spool);
    onTestFinished(() => rmSync(dirname(spool), { recursive: true }));
    expect(await folder.load({ files: [spool], schema })).toMatchObject({ rows: 10, run: { rows: 1 } });
    expect(await folder.values()).toEqual(quoteValues(10, 5));
  });

  test('forgets standard input that did not come to its end', async () => {
    const folder = await LoadFolder.make();
    const stop = new AbortController();
    const standardInput = new PassThrough();
    standardInput.write('symbol,price\nBHP,1\n');
    const onProgress = ({ totalBytes }: LoadProgress) => totalBytes > 0 && stop.abort();
    const result = await folder.load({ files: ['-'], standardInput, signal: stop.signal, onProgress });
    expect(result).toMatchObject({ state: 'STOPPED', rows: 0, spool: null });
    expect(await folder.values()).toEqual([]);
  });
});

describe('going on', () => {
  test('a load that was stopped goes on with the row after its last commit, and tells both runs from the whole', async () => {
    const folder = await LoadFolder.makeSlow();
    const { file, feed } = await folder.writeMany();
    const options = { files: [file], feed, deadLetterFile: folder.at('rejected.csv') };
    const stopped = await folder.load({ ...options, ...stopAfterFirstCommit() });
    expect(stopped).toMatchObject({ state: 'STOPPED', error: null, files: [{ state: 'READING' }] });
    expect(stopped.rows).toBeGreaterThan(0);
    expect(stopped.rows).toBeLessThan(MANY.rows);
    const resumed = await folder.load(options);
    expect(resumed).toMatchObject({ state: 'COMPLETED', rows: MANY.rows, rejected: MANY.rows / MANY.bad });
    expect(resumed.run.rows).toBe(MANY.rows - stopped.rows);
    expect(resumed.run.bytes).toBe(resumed.bytes - stopped.bytes);
    expect(resumed.topics).toEqual({ [folder.topic]: resumed.run.produced });
    expect(await folder.values()).toEqual(manyValues());
    const rejected = readFileSync(folder.at('rejected.csv'), 'utf8').trimEnd().split('\n');
    expect(rejected).toHaveLength(1 + MANY.rows / MANY.bad);
  }, 120_000);

  test('a load that was finished says so, and reads nothing', async () => {
    const folder = await LoadFolder.make();
    const file = await folder.write('a.csv', quotes(5));
    await folder.load({ files: [file] });
    const again = await folder.load({ files: [file] });
    expect(again).toMatchObject({
      state: 'COMPLETED',
      wasDelivered: true,
      rows: 5,
      run: { rows: 0 },
      topics: {},
    });
    expect(await folder.values()).toHaveLength(5);
  });

  test('one more file beside those that are loaded is all that is read', async () => {
    const folder = await LoadFolder.make();
    await folder.write('a.csv', quotes(5));
    await folder.load({ files: [folder.at('*.csv')] });
    await folder.write('b.csv', quotes(2));
    const result = await folder.load({ files: [folder.at('*.csv')] });
    expect(result).toMatchObject({ state: 'COMPLETED', wasDelivered: false, rows: 7, run: { rows: 2 } });
  });

  test('another job of the same file is another load', async () => {
    const folder = await LoadFolder.make();
    const file = await folder.write('a.csv', quotes(2));
    await folder.load({ files: [file] });
    expect(await folder.load({ files: [file], job: `${folder.job}-2` })).toMatchObject({ run: { rows: 2 } });
  });

  test('restart loads the files from their beginning, and those alone; rejected rows of before are set aside', async () => {
    const folder = await LoadFolder.make();
    const schema = await folder.write('quote.avsc', SCHEMA);
    const [a, b] = [await folder.write('a.csv', quotes(4, 4)), await folder.write('b.csv', quotes(3))];
    await folder.load({ files: [a, b], schema });
    const again = await folder.load({ files: [a], schema, restart: true });
    expect(again).toMatchObject({ state: 'COMPLETED', rows: 4, run: { rows: 4 }, isBegunAnew: true });
    expect(await folder.load({ files: [b], schema })).toMatchObject({ wasDelivered: true });
    expect(await folder.values()).toHaveLength(3 + 3 + 3);
    const rejected = readdirSync(folder.path).filter((name) => name.startsWith('rejected.csv'));
    expect(rejected).toHaveLength(2);
  });

  test('a load that another one of the same job has taken over from fails, and no row is there twice', async () => {
    const folder = await LoadFolder.makeSlow();
    const { file, feed } = await folder.writeMany();
    const options = { files: [file], feed, deadLetterFile: folder.at('rejected.csv') };
    let takesOver = false;
    const onProgress = ({ bytes }: LoadProgress) => {
      if (bytes === 0 || takesOver) return;
      takesOver = true;
      void fence(folder);
    };
    const first = await folder.load({ ...options, onProgress });
    expect(first).toMatchObject({ state: 'FAILED', error: { code: 'KAFKA_FENCED' } });
    const second = await folder.load(options);
    expect(second).toMatchObject({ state: 'COMPLETED', rows: MANY.rows });
    expect(second.run.rows).toBe(MANY.rows - first.rows);
    expect(await folder.values()).toEqual(manyValues());
  }, 120_000);
});

describe('too many rejected rows', () => {
  test('stop the load at the row; the file is FAILED, and what is before that row is delivered', async () => {
    const folder = await LoadFolder.make();
    const schema = await folder.write('quote.avsc', SCHEMA);
    const file = await folder.write('a.csv', quotes(100, 10));
    const result = await folder.load({ files: [file], schema, maxErrors: 2 });
    expect(result).toMatchObject({
      state: 'FAILED',
      error: { code: 'ERROR_BUDGET_EXCEEDED' },
      rejected: 2,
      rows: 29,
    });
    expect(result.files).toMatchObject([{ state: 'FAILED' }]);
    const more = await folder.load({ files: [file], schema, maxErrors: 10 });
    expect(more).toMatchObject({ state: 'COMPLETED', rows: 100, rejected: 10 });
    expect(await folder.values()).toEqual(quoteValues(100, 10));
  });

  test('are counted over all files when the limit is a number', async () => {
    const folder = await LoadFolder.make();
    const schema = await folder.write('quote.avsc', SCHEMA);
    for (const name of ['a', 'b', 'c']) await folder.write(`${name}.csv`, quotes(20, 10));
    const result = await folder.load({ files: [folder.at('*.csv')], schema, maxErrors: 3 });
    expect(result).toMatchObject({ state: 'FAILED', error: { code: 'ERROR_BUDGET_EXCEEDED' } });
    expect(result.error?.message).toMatch(/rows are rejected in all, --max-errors allows 3/);
  });

  test('may be a share of the rows', async () => {
    const folder = await LoadFolder.make();
    const schema = await folder.write('quote.avsc', SCHEMA);
    const file = await folder.write('a.csv', quotes(100, 50));
    expect(await folder.load({ files: [file], schema, maxErrors: '1%' })).toMatchObject({ state: 'FAILED' });
    expect(await folder.load({ files: [file], schema, maxErrors: '2%' })).toMatchObject({
      state: 'COMPLETED',
    });
  });
});

describe('progress', () => {
  test.each([
    ['plain', (text: string) => Buffer.from(text), 'a.csv'],
    ['gzip', (text: string) => gzipSync(text), 'a.csv.gz'],
    ['zstd', (text: string) => zstdCompressSync(text), 'a.csv.zst'],
    ['bzip2', (text: string) => bzip2Of(text, 1), 'a.csv.bz2'],
  ])(
    'of a %s file counts acknowledged bytes of it, up to all of them and no further',
    async (_, pack, name) => {
      const folder = await LoadFolder.make();
      const content = pack(manyQuotes());
      const { file, feed } = await folder.writeMany(name, content);
      const seen: LoadProgress[] = [];
      const onProgress = (progress: LoadProgress) => seen.push(progress);
      await folder.load({ files: [file], feed, deadLetterFile: folder.at('rejected.csv'), onProgress });
      const bytes = seen.map((progress) => progress.bytes);
      expect(bytes).toEqual(bytes.toSorted((a, b) => a - b));
      expect(bytes.some((done) => done > 0 && done < content.length)).toBe(true);
      expect(seen.at(-1)).toMatchObject({ bytes: content.length, totalBytes: content.length, filesDone: 1 });
      expect(seen[0]).toMatchObject({ phase: 'STARTING', bytes: 0 });
    },
  );
});

test('Kafka that does not answer is waited for, and given up, with nothing lost', async () => {
  const folder = await LoadFolder.make({ bootstrapServers: '127.0.0.1:1' });
  const file = await folder.write('a.csv', quotes(1));
  const phases = new Set<string>();
  const result = await folder.load({
    files: [file],
    patience: { startMs: 200 },
    onProgress: ({ phase }) => phases.add(phase),
  });
  expect(result).toMatchObject({ state: 'FAILED', error: { code: 'KAFKA_UNAVAILABLE' }, rows: 0 });
  expect(phases).toContain('WAITING');
  expect(existsSync(file)).toBe(true);
});

test('Kafka that takes a connection and says nothing is given up as well', async () => {
  const silent = createServer(() => {});
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void silent.close());
  const { port } = silent.address() as AddressInfo;
  const folder = await LoadFolder.make({ bootstrapServers: `127.0.0.1:${port}` });
  const file = await folder.write('a.csv', quotes(1));
  const result = await folder.load({ files: [file], patience: { startMs: 200 } });
  expect(result).toMatchObject({ state: 'FAILED', error: { code: 'KAFKA_UNAVAILABLE' } });
  expect(result.error?.message).toMatch(
    /^Kafka did not answer within 0\.2 s: bootstrap\.servers "127\.0\.0\.1:/,
  );
});

describe('a file that cannot be parsed', () => {
  test('holds up no other: they arrive, the exit code says that one is missing, and mended it is all', async () => {
    const folder = await LoadFolder.make();
    await folder.write('a.csv', 'a,b\n1,2\n3,4\n');
    await folder.write('b.csv', 'a,"b"x\n1,2\n');
    await folder.write('c.csv', 'a,b\n5,6\n');
    const args = ['a.csv', 'b.csv', 'c.csv', '--topic', folder.topic];
    const first = await folder.run(args);
    expect(first.code).toBe(1);
    expect(await folder.values()).toEqual(['{"a":"1","b":"2"}', '{"a":"3","b":"4"}', '{"a":"5","b":"6"}']);
    expect(first.stdout).toMatch(/failed {2}.*: 2 of 3 files loaded[\s\S]*failed +b\.csv/);
    expect(first.stderr).toMatch(
      /b\.csv: the header on line 1 goes on after the closing quote[\s\S]*Once every file that failed is mended/,
    );
    await folder.write('b.csv', 'a,b\n7,8\n');
    expect(await folder.run(args)).toMatchObject({ code: 0 });
    expect(await folder.values()).toHaveLength(4);
  });

  test('holds up no task beside its own', async () => {
    const folder = await LoadFolder.make();
    const { feed } = await folder.writeMany('b.csv');
    await appendFile(feed, 'tasks.max: 2\n');
    for (const name of ['a', 'c', 'd']) await folder.write(`${name}.csv`, 'symbol,"price"x\n');
    const files = ['a', 'b', 'c', 'd'].map((name) => folder.at(`${name}.csv`));
    const result = await folder.load({ files, feed, deadLetterFile: folder.at('rejected.csv') });
    expect(result.files.map(({ state }) => state)).toEqual(['FAILED', 'COMPLETED', 'FAILED', 'FAILED']);
    expect(await folder.values()).toEqual(manyValues());
  });
});
