import type { WorkerConfig } from '../../config/worker-config.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { placed, writeInTransaction } from '../../kafka/producer/write-record.ts';
import { readCommitted } from '../../kafka/reader/topic-reader.ts';
import { decodeOffsetKey, decodeOffsetValue, encodeOffsetKey } from '../../offsets/offset-codec.ts';
import { isDay as isDayOfCalendar } from '../../values/calendar.ts';
import { fileStatusTopic } from '../worker/internal-topics.ts';
import type { CameFile, KeptExpectation } from './expected-feed.ts';

const TRANSACTION_TIMEOUT_MS = 10_000;

/** Beside the states of files, whose keys have a file where this has none. */
const PARTITION = { expects: 'files' } as const;

type Kept = KeptExpectation & {
  /** ISO 8601: the topic may have got partitions, so that an older record lies behind a newer one. */
  readonly changed: string;
};

/**
 * What was told of expected files, by connector.
 *
 * @throws HeadraceError KAFKA_UNAVAILABLE or KAFKA_DENIED
 */
export async function readExpectations(
  client: KafkaClient,
  worker: WorkerConfig,
): Promise<ReadonlyMap<string, KeptExpectation>> {
  const found = new Map<string, Kept>();
  await readCommitted(client, worker.fileStatusStorageTopic, ({ key, value }) => {
    const of = key === null ? null : decodeOffsetKey(key);
    if (of === null || of.partition.expects !== PARTITION.expects) return;
    const kept = value === null ? null : decoded(value);
    const before = found.get(of.connector);
    if (kept === null) found.delete(of.connector);
    else if (before === undefined || before.changed <= kept.changed) found.set(of.connector, kept);
  });
  return found;
}

/**
 * Writes what is told, in one transaction under an id of the worker's group; null forgets it.
 *
 * @throws HeadraceError TOPIC_INVALID, and those of Kafka
 */
export async function writeExpectations(
  client: KafkaClient,
  worker: WorkerConfig,
  kept: readonly (readonly [connector: string, kept: KeptExpectation | null])[],
): Promise<void> {
  const topic = await fileStatusTopic(client, worker);
  const changed = new Date().toISOString();
  const records = kept.map(([connector, one]) => ({
    key: encodeOffsetKey(connector, PARTITION),
    value: one === null ? null : Buffer.from(JSON.stringify({ ...one, changed })),
  }));
  const producer = {
    transactionalId: `${worker.groupId}-expectations`,
    transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
  };
  await writeInTransaction(client, producer, topic.name, () => placed(records, topic));
}

/**
 * Tells every file that is delivered to its end, by what the offsets say and when they were written.
 *
 * @throws HeadraceError KAFKA_UNAVAILABLE or KAFKA_DENIED
 */
export async function readCameFiles(
  client: KafkaClient,
  worker: WorkerConfig,
  onCame: (connector: string, file: CameFile) => void,
): Promise<void> {
  await readCommitted(client, worker.offsetStorageTopic, ({ key, value, timestamp }) => {
    const of = key === null ? null : decodeOffsetKey(key);
    const offset = of === null || value === null ? null : decodeOffsetValue(value);
    if (of === null || offset?.eof !== true) return;
    const { file } = of.partition;
    if (typeof file !== 'string') return;
    const rows = typeof offset.row === 'number' ? offset.row : 0;
    onCame(of.connector, { file, rows, atMs: timestamp });
  });
}

/** null for a value that is none: others may write to the topic too. */
function decoded(value: Buffer): Kept | null {
  try {
    const { upTo, late, met, small, changed } = JSON.parse(value.toString());
    const areRight = [upTo, ...late, ...met].every(isDay) && Object.values(small).every(Array.isArray);
    return areRight && typeof changed === 'string' ? { upTo, late, met, small, changed } : null;
  } catch {
    return null;
  }
}

function isDay(value: unknown): boolean {
  return typeof value === 'string' && isDayOfCalendar(value);
}
