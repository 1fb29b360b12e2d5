import { expect, test } from 'vitest';
import { ensureTopics } from '../../src/kafka/cluster/topic-creation.ts';
import { readToEnd } from '../../src/kafka/reader/topic-reader.ts';
import { LogReader } from '../chaos/log-reader.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import { clientOf, valuesIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();

async function newFeed(options: Readonly<Record<string, string | null>> = {}): Promise<FeedFolder> {
  const folder = await FeedFolder.make(uniqueName('feed'));
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  await folder.feed(options);
  return folder;
}

const jsonRows = (...rows: [symbol: string, price: number][]) =>
  rows.map(([symbol, price]) => JSON.stringify({ symbol, price })).sort();

test('a bad row reaches the dead-letter queue with where it stood and why; its neighbours arrive', async () => {
  const folder = await newFeed();
  const invalid = Buffer.concat([Buffer.from('C'), Buffer.of(0xff), Buffer.from('A,3\n')]);
  const lines = ['symbol,price\nBHP,1\n', 'RIO\n', 'RIO,2\n', 'CBA,abc\n', invalid, 'BHP,4\n'].map((line) =>
    Buffer.from(line),
  );
  await folder.write('drop/a.csv', Buffer.concat(lines));
  const daemon = folder.start();
  await daemon.waitFor('file completed');
  expect(await valuesIn(bootstrapServers, folder.name)).toEqual(jsonRows(['BHP', 1], ['BHP', 4], ['RIO', 2]));
  const reader = await LogReader.open(bootstrapServers, { [`${folder.name}.dlq`]: 1 }, 'read_committed');
  const letters: { value: Buffer | null; headers: ReadonlyMap<string, string> }[] = [];
  await expect
    .poll(async () => {
      await reader.readAll((record) => letters.push(record));
      return letters.length;
    })
    .toBe(3);
  reader.close();
  const of = (index: number, name: string) => letters[index]?.headers.get(name);
  const common = (index: number) =>
    [
      'file.path',
      'file.row',
      'file.line',
      'file.offset',
      '__connect.errors.stage',
      '__connect.errors.exception.class.name',
      '__connect.errors.exception.message',
    ].map((name) => of(index, name));
  expect(common(0)).toEqual([
    'a.csv',
    '2',
    '3',
    '19',
    'PARSE',
    'TooFewCells',
    'expected 2 cells (symbol, price), got 1',
  ]);
  expect(common(1)).toEqual([
    'a.csv',
    '4',
    '5',
    '29',
    'TRANSFORMATION',
    'InvalidFields',
    'price: expected a double, got "abc"',
  ]);
  expect(common(2).slice(0, 6)).toEqual(['a.csv', '5', '6', '37', 'PARSE', 'InvalidUtf8']);
  expect(letters.map(({ value }) => value)).toEqual([
    Buffer.from('RIO'),
    Buffer.from('CBA,abc'),
    invalid.subarray(0, -1),
  ]);
  expect(of(0, '__connect.errors.connector.name')).toBe(folder.name);
});

test('a row whose topic keeps a pattern of topic.creation busy is rejected alone', async () => {
  const folder = await newFeed({
    'transforms.route.topic': '{symbol}',
    'topic.creation.groups': 'slow',
    'topic.creation.slow.include': '(a+)+b',
  });
  const good = uniqueName('good');
  await folder.write('drop/a.csv', `symbol,price\n${good},1\n${'a'.repeat(100)},2\n${good},3\n`);
  const daemon = folder.start();
  await daemon.waitFor('file completed');
  expect(await valuesIn(bootstrapServers, good)).toEqual(jsonRows([good, 1], [good, 3]));
  const reader = await LogReader.open(bootstrapServers, { [`${folder.name}.dlq`]: 1 }, 'read_committed');
  const reasons: (string | undefined)[] = [];
  await reader.readAll(({ headers }) => reasons.push(headers.get('__connect.errors.exception.class.name')));
  reader.close();
  expect(reasons).toEqual(['PatternTooSlow']);
});

test('two files of one name in two folders both arrive, and are kept apart', async () => {
  const folder = await newFeed();
  await folder.write('drop/asx/t.csv', 'symbol,price\nBHP,1\n');
  await folder.write('drop/nyse/t.csv', 'symbol,price\nIBM,2\n');
  const daemon = folder.start();
  for (const file of ['asx/t.csv', 'nyse/t.csv']) {
    await daemon.waitFor((line) => line.msg === 'file completed' && line.file === file);
  }
  expect(await valuesIn(bootstrapServers, folder.name)).toEqual(jsonRows(['BHP', 1], ['IBM', 2]));
});

test('a file dropped again under its name loads anew with other content, and is skipped with the same', async () => {
  const folder = await newFeed();
  const daemon = folder.start();
  const drop = async (content: string, word: string, times: number) => {
    await folder.write('drop/t.csv', content);
    const seen = () => daemon.lines.filter(({ msg }) => msg === word).length;
    await expect.poll(seen, { timeout: 20_000 }).toBe(times);
  };
  await drop('symbol,price\nBHP,1\n', 'file completed', 1);
  await drop('symbol,price\nBHP,2\n', 'file completed', 2);
  await drop('symbol,price\nBHP,2\n', 'file skipped', 1);
  expect(await valuesIn(bootstrapServers, folder.name)).toEqual(jsonRows(['BHP', 1], ['BHP', 2]));
});

test('errors.tolerance: none stops at the bad row, delivers what is before it, and goes on there when it is mended', async () => {
  const folder = await newFeed({ 'errors.tolerance': 'none', 'errors.deadletterqueue.topic.name': null });
  await folder.write('drop/t.csv', 'symbol,price\nBHP,1\nBHP,x\nBHP,3\n');
  const daemon = folder.start();
  const failed = await daemon.waitFor('task failed');
  expect(failed.error).toMatchObject({
    code: 'RECORD_REJECTED',
    message: expect.stringContaining(
      't.csv: row 2 (line 3): price: expected a double, got "x". Mend the row',
    ),
  });
  expect(await valuesIn(bootstrapServers, folder.name)).toEqual(jsonRows(['BHP', 1]));
  await daemon.stop();
  await folder.write('drop/t.csv', 'symbol,price\nBHP,1\nBHP,2\nBHP,3\n');
  await folder.start().waitFor('file completed');
  expect(await valuesIn(bootstrapServers, folder.name)).toEqual(jsonRows(['BHP', 1], ['BHP', 2], ['BHP', 3]));
});

test('a file over its error budget is put away with the reason, and the next file is loaded', async () => {
  const folder = await newFeed({ 'errors.max': '1', 'error.path': './failed' });
  await folder.write('drop/a.csv', 'symbol,price\nBHP,x\nBHP,y\nBHP,3\n');
  await folder.write('drop/b.csv', 'symbol,price\nRIO,1\n');
  const daemon = folder.start();
  const failed = await daemon.waitFor((line) => line.msg === 'file failed' && line.file === 'a.csv');
  expect(JSON.stringify(failed)).toContain('a.csv: 2 of 2 rows are rejected, errors.max allows 1');
  await daemon.waitFor((line) => line.msg === 'file completed' && line.file === 'b.csv');
  expect(await valuesIn(bootstrapServers, folder.name)).toEqual(jsonRows(['RIO', 1]));
  expect(await valuesIn(bootstrapServers, `${folder.name}.dlq`)).toEqual(['BHP,x']);
});

test('a row too large for its topic is a dead letter with its size; its neighbours arrive', async () => {
  const folder = await newFeed({ 'producer.override.compression.type': 'lz4' });
  const config = { 'max.message.bytes': '2000' };
  await ensureTopics(clientOf(bootstrapServers), [
    { topic: folder.name, partitions: 1, replicationFactor: 1, config },
  ]);
  const rows = [
    'BHP,1',
    `${'X'.repeat(3000)},2`,
    ...Array.from({ length: 100 }, (_, index) => `RIO,${index + 3}`),
  ];
  await folder.write('drop/t.csv', `symbol,price\n${rows.join('\n')}\n`);
  const daemon = folder.start();
  await daemon.waitFor('file completed');
  expect(await valuesIn(bootstrapServers, folder.name)).toHaveLength(101);
  const [rejected] = await valuesIn(bootstrapServers, `${folder.name}.dlq`);
  expect(rejected).toBe(rows[1]);
  const { examples } = await daemon.waitFor('rows rejected');
  expect(JSON.stringify(examples)).toMatch(
    /expected a record of at most 2000 bytes \(max\.message\.bytes of .*\), got about 6\d\d\d/,
  );
});

test('with transaction.boundary: file a file becomes visible as a whole', async () => {
  const folder = await newFeed({ 'transaction.boundary': 'file' });
  await folder.write('drop/t.csv', `symbol,price\n${'BHP,1\n'.repeat(50_000)}`);
  const daemon = folder.start();
  await daemon.waitFor('file completed');
  expect(daemon.lines.filter(({ msg }) => msg === 'transaction committed')).toHaveLength(1);
  expect(await valuesIn(bootstrapServers, folder.name)).toHaveLength(50_000);
});

test('with exactly.once.support: disabled rows arrive without transactions', async () => {
  const folder = await newFeed({ 'exactly.once.support': 'disabled' });
  await folder.write('drop/t.csv', 'symbol,price\nBHP,1\nBHP,2\n');
  await folder.start().waitFor('file completed');
  const offsets: bigint[] = [];
  await readToEnd(clientOf(bootstrapServers), folder.name, ({ offset }) => offsets.push(offset));
  // A commit would have left a marker at offset 2.
  expect(offsets).toEqual([0n, 1n]);
  expect(await valuesIn(bootstrapServers, folder.name)).toEqual(jsonRows(['BHP', 1], ['BHP', 2]));
});
