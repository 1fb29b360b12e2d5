import type { WorkerConfig } from '../../config/worker-config.ts';
import type { DeadLetter } from '../../dead-letters/dead-letter.ts';
import { readFileQueue } from '../../dead-letters/file-queue.ts';
import { queueFiles } from '../../dead-letters/queue-files.ts';
import { ReplayMarks, replayName } from '../../dead-letters/replay-marks.ts';
import { isSelected, type Selection } from '../../dead-letters/selection.ts';
import { readTopicQueue } from '../../dead-letters/topic-queue.ts';
import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/client.ts';
import type { Feed } from '../../runtime/feed.ts';
import { readFeeds } from '../../runtime/feed-files.ts';
import { readCommitted } from '../../storage/committed-topic.ts';
import { OffsetTable } from '../../storage/offset-table.ts';
import { quietClient, workerOption } from '../worker-option.ts';

export interface QueueFlags {
  readonly feed?: string;
  readonly topic?: string;
  readonly file?: string;
  readonly reason?: string;
  readonly sourceFile?: string;
  readonly connector?: string;
  readonly worker?: string;
}

/** Where dead letters are. */
export type QueuePlace = { readonly topic: string } | { readonly files: readonly string[] };

/** Where Kafka is; without it, nobody knows what is replayed. */
export interface Cluster {
  readonly worker: WorkerConfig;
  readonly client: KafkaClient;
}

/** A dead-letter queue as it is now. */
export interface OpenQueue {
  readonly place: QueuePlace;
  /** Those that are selected. */
  readonly letters: readonly DeadLetter[];
  /** Of other feeds, which the selection has left out, by connector. */
  readonly others: ReadonlyMap<string, number>;
  /** Records in the topic that are no dead letters of Headrace. */
  readonly foreign: number;
  readonly isReplayed: (letter: DeadLetter) => boolean;
  readonly feed: Feed | null;
  readonly cluster: Cluster | null;
}

/** @throws HeadraceError CONFIG_INVALID, TOPIC_INVALID, KAFKA_UNAVAILABLE or KAFKA_DENIED */
export async function openQueue(flags: QueueFlags): Promise<OpenQueue> {
  if (flags.topic !== undefined && flags.file !== undefined) {
    throw new HeadraceError('CONFIG_INVALID', 'expected --topic or --file, got both');
  }
  const cluster = clusterOf(flags);
  const feed = await feedOf(flags, cluster);
  const place = await placeOf(flags, feed);
  const table = new OffsetTable();
  if (cluster !== null) await readOffsets(cluster, table);
  const { letters, foreign } = await read(place, cluster, table);
  const selection = selectionOf(flags, feed);
  const { connectors: _, ...ofAnyone } = selection;
  const others = letters.filter((letter) => isSelected(letter, ofAnyone) && !isSelected(letter, selection));
  const marks = new ReplayMarks(table);
  return {
    place,
    letters: letters.filter((letter) => isSelected(letter, selection)),
    others: new Map(
      [...Map.groupBy(others, ({ connector }) => connector ?? '')].map(([name, { length }]) => [
        name,
        length,
      ]),
    ),
    foreign,
    isReplayed: (letter) => marks.has(letter),
    feed,
    cluster,
  };
}

/** The queue's name for people. */
export function nameOfPlace(place: QueuePlace): string {
  return 'topic' in place ? place.topic : place.files.join(', ');
}

/** A file of dead letters can be looked at where there is no Kafka. */
function clusterOf({ file, feed, worker }: QueueFlags): Cluster | null {
  const isNamed = worker !== undefined || process.env.HEADRACE_BOOTSTRAP_SERVERS !== undefined;
  if (file !== undefined && feed === undefined && !isNamed) return null;
  const config = workerOption(worker);
  return { worker: config, client: quietClient(config) };
}

async function feedOf({ feed }: QueueFlags, cluster: Cluster | null): Promise<Feed | null> {
  if (feed === undefined || cluster === null) return null;
  return (await readFeeds([feed], cluster.worker))[0] ?? null;
}

async function placeOf({ topic, file, feed: path }: QueueFlags, feed: Feed | null): Promise<QueuePlace> {
  if (topic !== undefined) return { topic };
  if (file !== undefined) return { files: [file] };
  if (feed === null) {
    throw new HeadraceError(
      'CONFIG_INVALID',
      'which dead letters? Give --feed FEED, --topic TOPIC or --file FILE',
    );
  }
  const { deadLetterTopic, deadLetterFile } = feed.config.errors;
  if (deadLetterTopic !== null) return { topic: deadLetterTopic };
  if (deadLetterFile !== null) return { files: await queueFiles(deadLetterFile) };
  throw new HeadraceError(
    'CONFIG_INVALID',
    `${path} names no dead-letter queue; give --topic TOPIC or --file FILE, or set errors.deadletterqueue.topic.name`,
  );
}

async function read(
  place: QueuePlace,
  cluster: Cluster | null,
  table: OffsetTable,
): Promise<{ letters: readonly DeadLetter[]; foreign: number }> {
  if ('topic' in place) return readTopicQueue((cluster as Cluster).client, place.topic);
  const letters: DeadLetter[] = [];
  for (const file of place.files) letters.push(...(await readFileQueue(file, committedLength(table, file))));
  return { letters, foreign: 0 };
}

/** What a task wrote behind its last commit is cut off when it starts again, and is no dead letter yet. */
function committedLength(table: OffsetTable, path: string): number | null {
  for (const name of table.connectors()) {
    const mark = table.of(name).find(({ partition }) => partition['errors.deadletterqueue.file'] === path);
    if (mark !== undefined) return Number(mark.offset.length);
  }
  return null;
}

async function readOffsets({ client, worker }: Cluster, table: OffsetTable): Promise<void> {
  await readCommitted(client, worker.offsetStorageTopic, (record) => table.apply(record));
}

function selectionOf({ reason, sourceFile, connector }: QueueFlags, feed: Feed | null): Selection {
  const { name } = feed?.config ?? {};
  const ofFeed = name === undefined ? undefined : [name, replayName(name), `${name}-load`];
  return { reason, sourceFile, connectors: connector === undefined ? ofFeed : [connector] };
}
