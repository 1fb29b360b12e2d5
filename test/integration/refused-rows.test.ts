import kafkajs from 'kafkajs';
import { expect, test, vi } from 'vitest';
import { ensureTopics } from '../../src/kafka/cluster/topic-creation.ts';
import { LogReader } from '../chaos/log-reader.ts';
import { withAdmin } from '../support/kafka-admin.ts';
import { sharedKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import { clientOf, valuesIn } from './support/read-topic.ts';

const { bootstrapServers } = await sharedKafka();
const HOUR_MS = 3_600_000;
const PATIENCE_MS = 60_000;
/** The machine may be busy. */
vi.setConfig({ testTimeout: 2 * PATIENCE_MS });
/** A commit is answered before its markers are in all partitions. */
const SOON = { timeout: 10_000, interval: 100 };

async function newFeed(
  options: Readonly<Record<string, string | null>>,
  topic: Readonly<Record<string, string>> = {},
): Promise<FeedFolder> {
  const folder = await FeedFolder.make(uniqueName('feed'));
  await folder.worker({ 'bootstrap.servers': bootstrapServers });
  await folder.feed({
    'transforms.validate.fields.price': null,
    'transforms.validate.fields.ts': 'timestamp',
    'transforms.validate.fields.px': 'long',
    'transforms.route.timestamp': 'ts',
    ...options,
  });
  await ensureTopics(clientOf(bootstrapServers), [
    { topic: folder.name, partitions: 2, replicationFactor: 1, config: topic },
  ]);
  return folder;
}

/** Changes the topic behind the back of those who have looked at it. */
async function alter(topic: string, config: Readonly<Record<string, string>>): Promise<void> {
  const configEntries = Object.entries(config).map(([name, value]) => ({ name, value }));
  const resources = [{ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic, configEntries }];
  await withAdmin(bootstrapServers, (admin) => admin.alterConfigs({ validateOnly: false, resources }));
}

const LETTER = ['file.row', 'file.line', '__connect.errors.stage', '__connect.errors.exception.message'];

const csv = (...rows: readonly string[]) => `symbol,ts,px\n${rows.map((row) => `${row}\n`).join('')}`;
const timeIn = (ms: number) => new Date(Date.now() + ms).toISOString();

async function prices(topic: string): Promise<number[]> {
  const values = await valuesIn(bootstrapServers, topic);
  return values.map((value) => Number(JSON.parse(value).px)).sort((one, other) => one - other);
}

/** Row, line, error and reason of each dead letter, in order. */
async function letters(folder: FeedFolder): Promise<string[][]> {
  const reader = await LogReader.open(bootstrapServers, { [`${folder.name}.dlq`]: 1 }, 'read_committed');
  const found: string[][] = [];
  await reader.readAll(({ headers }) => found.push(LETTER.map((name) => headers.get(name) ?? '')));
  reader.close();
  return found;
}

test('a typed year of 2099 goes to the dead letters alone, with its line and the limit', async () => {
  const folder = await newFeed({});
  const rows = ['A,2026-01-02T00:00:00Z,1', 'C,2099-12-31T00:00:00Z,3', 'D,2026-01-02T00:00:02Z,4'];
  await folder.write('drop/t.csv', csv(...rows));
  await folder.start().waitFor('file completed', PATIENCE_MS);
  await expect.poll(() => prices(folder.name), SOON).toEqual([1, 4]);
  await expect
    .poll(() => letters(folder), SOON)
    .toEqual([
      [
        '2',
        '3',
        'KAFKA_PRODUCE',
        `expected a time at most ${HOUR_MS} ms ahead (message.timestamp.after.max.ms of ${folder.name}), got 2099-12-31T00:00:00.000Z`,
      ],
    ]);
});

test('microseconds taken for milliseconds, and a local time read as UTC, are rejected, and rows around them arrive', async () => {
  const folder = await newFeed({ 'transforms.validate.fields.ts': 'long' });
  const [micros, local] = [Date.now() * 1000, Date.now() + 11 * HOUR_MS];
  await folder.write(
    'drop/t.csv',
    csv(`A,${Date.now()},1`, `B,${micros},2`, `C,${local},3`, `D,${Date.now()},4`),
  );
  await folder.start().waitFor('file completed', PATIENCE_MS);
  await expect.poll(() => prices(folder.name), SOON).toEqual([1, 4]);
  await expect
    .poll(async () => (await letters(folder)).map(([row, , , reason]) => [row, reason]), SOON)
    .toEqual([
      ['2', expect.stringContaining(`milliseconds since 1970 are expected, not ${micros}`)],
      ['3', expect.stringContaining(`got ${new Date(local).toISOString()}`)],
    ]);
});

test('a row without a key is rejected before a compacted topic refuses it, and all around it', async () => {
  const folder = await newFeed({ 'transforms.route.key': null }, { 'cleanup.policy': 'compact' });
  await folder.write('drop/t.csv', csv(`A,${timeIn(0)},1`));
  await folder.start().waitFor('file completed', PATIENCE_MS);
  await expect.poll(() => prices(folder.name), SOON).toEqual([]);
  await expect
    .poll(async () => (await letters(folder)).map(([row, , , reason]) => [row, reason]), SOON)
    .toEqual([['1', `expected a record with a key, as ${folder.name} has cleanup.policy=compact, got none`]]);
});

test('errors.tolerance: none stops at the row that Kafka would not take, after those before it', async () => {
  const folder = await newFeed({ 'errors.tolerance': 'none', 'errors.deadletterqueue.topic.name': null });
  await folder.write('drop/t.csv', csv(`A,${timeIn(0)},1`, `B,${timeIn(2 * HOUR_MS)},2`, `C,${timeIn(0)},3`));
  const { error } = await folder.start().waitFor('task failed', PATIENCE_MS);
  expect(error).toMatchObject({
    code: 'RECORD_REJECTED',
    message: expect.stringMatching(/t\.csv.*row 2 \(line 3\).*message\.timestamp\.after\.max\.ms/),
  });
  await expect.poll(() => prices(folder.name), SOON).toEqual([1]);
});

/** A limit that is lowered when the topic has been looked at: only the broker knows it. */
async function surprised(options: Readonly<Record<string, string | null>>) {
  const folder = await newFeed(options, { 'message.timestamp.after.max.ms': String(100 * HOUR_MS) });
  const daemon = folder.start();
  await folder.write('drop/first.csv', csv(`A,${timeIn(0)},0`));
  await daemon.waitFor('file completed', PATIENCE_MS);
  await alter(folder.name, { 'message.timestamp.after.max.ms': String(HOUR_MS) });
  return { folder, daemon };
}

test.each(['none', 'gzip'])(
  'rows that only the broker refuses go to the dead letters alone (compression %s)',
  async (compression) => {
    const { folder, daemon } = await surprised({ 'producer.override.compression.type': compression });
    const isAhead = (row: number) => row % 1000 === 7;
    const rows = Array.from({ length: 20_000 }, (_, index) => {
      const row = index + 1;
      return `S${row % 50},${timeIn(isAhead(row) ? 3 * HOUR_MS : 0)},${row}`;
    });
    await folder.write('drop/second.csv', csv(...rows));
    await daemon.waitFor((line) => line.msg === 'file completed' && line.file === 'second.csv', PATIENCE_MS);
    const refused = rows.flatMap((_, index) => (isAhead(index + 1) ? [index + 1] : []));
    await expect.poll(async () => (await letters(folder)).map(([row]) => Number(row)), SOON).toEqual(refused);
    const delivered = rows.flatMap((_, index) => (isAhead(index + 1) ? [] : [index + 1]));
    await expect.poll(() => prices(folder.name), SOON).toEqual([0, ...delivered]);
    expect(daemon.lines.filter(({ msg }) => msg === 'task failed' || msg === 'task restarting')).toEqual([]);
  },
);
