import { expect, it } from 'vitest';
import { TransactionalProducer } from '../../src/kafka/producer/transactional-producer.ts';
import { writeRecord } from '../../src/kafka/producer/write-record.ts';
import { encodeOffsetKey } from '../../src/offsets/offset-codec.ts';
import { bootstrapServers, newFeed } from '../cli/support/loaded-feed.ts';
import { withAdmin } from '../support/kafka-admin.ts';
import { clientOf, recordsIn, valuesIn } from './support/read-topic.ts';

const HEADER = 'symbol,price\n';
const row = (price: number) => `BHP,${price}\n`;
const value = (price: number) => JSON.stringify({ symbol: 'BHP', price });
const IN_PLACE = { 'finished.path': null };

async function grow(topic: string, count: number): Promise<void> {
  await withAdmin(bootstrapServers, (admin) =>
    admin.createPartitions({ topicPartitions: [{ topic, count }] }),
  );
}

it('a topic of offsets that grows does not bring back what was stored before', {
  timeout: 60_000,
}, async () => {
  const feed = await newFeed(IN_PLACE);
  const names = Array.from({ length: 6 }, (_, file) => `${file}.csv`);
  for (const name of names) await feed.folder.write(`drop/${name}`, HEADER + row(1));
  const loaded = (rows: number) =>
    expect
      .poll(async () => (await valuesIn(bootstrapServers, feed.name)).length, { timeout: 60_000 })
      .toBe(names.length * rows);
  const start = async (rows: number) => {
    const daemon = feed.folder.start();
    await loaded(rows);
    return daemon;
  };
  await (await start(1)).stop();
  await grow(feed.offsetTopic, 7);
  for (const name of names) await feed.folder.write(`drop/${name}`, HEADER + row(1) + row(2));
  const running = await start(2);
  await grow(feed.offsetTopic, 11);
  for (const name of names) await feed.folder.write(`drop/${name}`, HEADER + row(1) + row(2) + row(3));
  await loaded(3);
  await running.stop();
  const places = new Set(
    (await recordsIn(bootstrapServers, feed.offsetTopic)).map(({ partition }) => partition),
  );
  expect(places.size).toBeGreaterThan(1);

  for (const name of names)
    await feed.folder.write(`drop/${name}`, HEADER + row(1) + row(2) + row(3) + row(4));
  await (await start(4)).stop();
  const expected = names.flatMap(() => [1, 2, 3, 4].map(value)).sort();
  expect(await valuesIn(bootstrapServers, feed.name)).toEqual(expected);

  const { stdout } = await feed.run('offsets', 'reset', feed.name, '--worker', 'worker.yaml');
  expect(stdout).toBe(`${feed.name}: ${await keptRecords(feed.offsetTopic)} offsets forgotten\n`);
});

/** Places that hold an offset before the reset: each gets a tombstone. */
async function keptRecords(topic: string): Promise<number> {
  const records = await recordsIn(bootstrapServers, topic);
  return new Set(records.map(({ key, partition }) => `${partition} ${key}`)).size;
}

it('an offset that cannot be read is an error of its file; the others go on', {
  timeout: 60_000,
}, async () => {
  const feed = await newFeed(IN_PLACE);
  await feed.load('a.csv', HEADER + row(1));
  const key = (await recordsIn(bootstrapServers, feed.offsetTopic))[0]?.key as Buffer;
  expect(String(key)).toMatch(String(encodeOffsetKey(feed.name, { file: 'a.csv' })).slice(0, -2));
  const producer = await TransactionalProducer.start(clientOf(bootstrapServers), {
    transactionalId: null,
    transactionTimeoutMs: 60_000,
  });
  await writeRecord(
    producer,
    { name: feed.offsetTopic, partitions: 1 },
    { key, value: Buffer.from('{"pos') },
  );
  await producer.close();
  await feed.folder.write('drop/b.csv', HEADER + row(2));
  const daemon = feed.folder.start();
  const failed = await daemon.waitFor('file failed');
  expect(failed).toMatchObject({ file: 'a.csv', error: expect.stringContaining('headrace offsets reset') });
  await daemon.waitFor(({ msg, file }) => msg === 'file completed' && file === 'b.csv');
  expect(await valuesIn(bootstrapServers, feed.name)).toEqual([value(1), value(2)]);
});
