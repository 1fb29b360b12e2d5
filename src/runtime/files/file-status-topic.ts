import type { WorkerConfig } from '../../config/worker-config.ts';
import { describeTopics } from '../../kafka/cluster/topics.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import type { TransactionalProducerOptions } from '../../kafka/producer/transactional-producer.ts';
import { type PlacedRecord, placed, writeInTransaction } from '../../kafka/producer/write-record.ts';
import { readCommitted } from '../../kafka/reader/topic-reader.ts';
import {
  decodeFileKey,
  encodeFileStatus,
  type FileStatus,
  fileStatusKey,
} from '../../offsets/file-status.ts';
import { fileStatusTopic } from '../worker/internal-topics.ts';
import { statusWriterId } from '../worker/status-topic.ts';

const TRANSACTION_TIMEOUT_MS = 60_000;

/** What is to be kept of a file, or forgotten. */
export type FileChange =
  | { readonly connector: string; readonly status: FileStatus }
  /** `forget`: a file's path; null, every file of the connector. */
  | { readonly connector: string; readonly forget: string | null };

export interface FileChangesOptions {
  /** Of which of these connectors states may be written, asked once nobody else writes under the id. */
  readonly mayTell?: (connectors: ReadonlySet<string>) => Promise<ReadonlySet<string>>;
  /** Of a group whose workers write at the same time, each under an id of its own; null: there is one. */
  readonly member?: string | null;
}

/**
 * Writes changes to the topic of file states, in their order and in one transaction, under an id of the worker's group.
 *
 * @throws HeadraceError TOPIC_INVALID, and those of Kafka
 */
export async function writeFileChanges(
  client: KafkaClient,
  worker: WorkerConfig,
  changes: readonly FileChange[],
  { mayTell = async (all) => all, member = null }: FileChangesOptions = {},
): Promise<void> {
  const topic = await fileStatusTopic(client, worker);
  const producer: TransactionalProducerOptions = {
    transactionalId: statusWriterId(worker, 'file-statuses', member),
    transactionTimeoutMs: TRANSACTION_TIMEOUT_MS,
  };
  await writeInTransaction(client, producer, topic.name, async () => {
    const { forgotten, states } = settled(changes);
    const told = await mayTell(new Set(states.map(({ connector }) => connector)));
    const records = states
      .filter(({ connector }) => told.has(connector))
      .map(({ connector, status }) => ({
        key: fileStatusKey(connector, status.file),
        value: encodeFileStatus(status),
      }));
    return [...(await tombstonesFor(client, topic.name, forgotten)), ...placed(records, topic)];
  });
}

/**
 * Has nothing known any more of files of a connector; all of them when none are given. Where there is no topic nothing is.
 *
 * @throws HeadraceError TOPIC_INVALID, and those of Kafka
 */
export async function forgetFiles(
  client: KafkaClient,
  worker: WorkerConfig,
  connector: string,
  files: readonly string[] | null,
): Promise<void> {
  const topic = worker.fileStatusStorageTopic;
  if (!(await describeTopics(client, [topic])).has(topic)) return;
  const forgotten = files === null ? [null] : files;
  await writeFileChanges(
    client,
    worker,
    forgotten.map((forget) => ({ connector, forget })),
  );
}

/** Files and whole connectors of which nothing is to be known any more. */
class Forgotten {
  readonly #connectors = new Set<string>();
  readonly #files = new Set<string>();

  get isEmpty(): boolean {
    return this.#connectors.size + this.#files.size === 0;
  }

  add({ connector, forget }: Extract<FileChange, { forget: unknown }>): void {
    if (forget === null) this.#connectors.add(connector);
    else this.#files.add(String(fileStatusKey(connector, forget)));
  }

  has(connector: string, file: string): boolean {
    return this.#connectors.has(connector) || this.#files.has(String(fileStatusKey(connector, file)));
  }
}

/** What is to be forgotten of what was before these changes, and the states that are not forgotten by a later one. */
function settled(changes: readonly FileChange[]) {
  const forgotten = new Forgotten();
  const states: Extract<FileChange, { status: unknown }>[] = [];
  for (const change of changes.toReversed()) {
    if ('forget' in change) forgotten.add(change);
    else if (!forgotten.has(change.connector, change.status.file)) states.push(change);
  }
  return { forgotten, states };
}

/** A tombstone wherever a state is kept of what is to be forgotten, since the topic may have got partitions. */
async function tombstonesFor(
  client: KafkaClient,
  topic: string,
  forgotten: Forgotten,
): Promise<PlacedRecord[]> {
  const found = new Map<string, PlacedRecord>();
  if (forgotten.isEmpty) return [];
  await readCommitted(client, topic, ({ key, value, partition }) => {
    const of = key === null ? null : decodeFileKey(key);
    if (key === null || of === null || !forgotten.has(of.connector, of.file)) return;
    const place = `${partition} ${key.toString('latin1')}`;
    if (value === null) found.delete(place);
    else found.set(place, { partition, key: Buffer.from(key), value: null });
  });
  return [...found.values()];
}
