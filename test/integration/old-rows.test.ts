import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureTopics } from '../../src/kafka/cluster/topic-creation.ts';
import { offsetsAt } from '../../src/kafka/reader/spans.ts';
import { type KafkaCluster, startKafka, uniqueName } from '../support/stack.ts';
import { FeedFolder } from './support/feed-folder.ts';
import type { HeadraceProcess } from './support/headrace-process.ts';
import { clientOf, valuesIn } from './support/read-topic.ts';

const ROWS = 20_000;
const TIMEOUT_MS = 120_000;
const DAY_MS = 86_400_000;
/** As large as the smallest segment that Kafka has, with the headers of every record. */
const NOTE = 'x'.repeat(100);

/** A broker that looks for what is to be deleted every second. */
let kafka: KafkaCluster;

beforeAll(async () => {
  kafka = await startKafka({
    properties: {
      'log.retention.check.interval.ms': '1000',
      'log.initial.task.delay.ms': '1000',
      'log.segment.bytes': '1048576',
    },
  });
});
afterAll(() => kafka.stop());

async function oldRows(choice: string | null): Promise<{ folder: FeedFolder; daemon: HeadraceProcess }> {
  const folder = await FeedFolder.make(uniqueName('feed'));
  await folder.worker({ 'bootstrap.servers': kafka.bootstrapServers });
  await folder.feed({
    'transforms.validate.fields.price': null,
    'transforms.validate.fields.ts': 'timestamp',
    'transforms.validate.fields.note': 'string',
    'transforms.route.timestamp': 'ts',
    'expired.timestamps': choice,
  });
  await ensureTopics(clientOf(kafka.bootstrapServers), [
    { topic: folder.name, partitions: 1, replicationFactor: 1 },
  ]);
  const from = Date.now() - 300 * DAY_MS;
  const rows = Array.from(
    { length: ROWS },
    (_, index) => `S${index % 50},${new Date(from + index).toISOString()},${NOTE}\n`,
  );
  await folder.write('drop/t.csv', `symbol,ts,note\n${rows.join('')}`);
  const daemon = folder.start();
  await daemon.waitFor('file completed', 60_000);
  return { folder, daemon };
}

function firstOffset(topic: string): Promise<number> {
  return clientOf(kafka.bootstrapServers).withConnection(async (connection) => {
    const starts = await offsetsAt(connection, [{ topic, partition: 0 }], 'start');
    return Number([...starts.values()][0]);
  });
}

const expiredIn = ({ lines }: HeadraceProcess) =>
  lines.reduce((sum, { msg, expired }) => sum + (msg === 'transaction committed' ? Number(expired) : 0), 0);

test(
  'rows of ten months ago are told of before the first is sent, and are still there when Kafka has looked for old ones',
  async () => {
    const kept = await oldRows('keep');
    const { folder, daemon } = await oldRows(null);
    // Kafka has looked: what was written with its old time, before the other, begins to go.
    await expect.poll(() => firstOffset(kept.folder.name), { timeout: 60_000 }).toBeGreaterThan(0);
    expect(await valuesIn(kafka.bootstrapServers, folder.name)).toHaveLength(ROWS);
    expect(await firstOffset(folder.name)).toBe(0);
    const told = daemon.lines.findIndex(
      ({ msg, reason }) =>
        msg === 'rows are older than their topic keeps' &&
        reason ===
          `topic ${folder.name} deletes records whose time is more than 7 days ago (retention.ms=604800000), and rows are 300 days old: such rows get the time of writing instead (expired.timestamps: now; the others are keep and reject)`,
    );
    expect(told).toBeGreaterThan(-1);
    expect(daemon.lines.findIndex(({ msg }) => msg === 'transaction committed')).toBeGreaterThan(told);
    expect([expiredIn(daemon), expiredIn(kept.daemon)]).toEqual([ROWS, ROWS]);
    expect(kept.daemon.lines.map(({ reason }) => reason)).toContainEqual(
      expect.stringContaining(
        'and are deleted soon after they are delivered; set it to now, or raise retention.ms',
      ),
    );
  },
  TIMEOUT_MS,
);

test(
  'rows of ten months ago are rejected where the feed wants that',
  async () => {
    const { folder } = await oldRows('reject');
    expect(await valuesIn(kafka.bootstrapServers, folder.name)).toEqual([]);
    await expect
      .poll(() => valuesIn(kafka.bootstrapServers, `${folder.name}.dlq`), { timeout: 10_000 })
      .toHaveLength(ROWS);
  },
  TIMEOUT_MS,
);
