import { existsSync } from 'node:fs';
import type { ConfigEntries } from '../../config/read/config-entry.ts';
import { namesBrokers } from '../../config/read/environment.ts';
import type { WorkerConfig } from '../../config/worker-config.ts';
import type { DeadLetter } from '../../dead-letters/dead-letter.ts';
import { readFileQueue } from '../../dead-letters/file-queue.ts';
import { queueFiles } from '../../dead-letters/queue-files.ts';
import { isReplay, ReplayMarks, replayName } from '../../dead-letters/replay-marks.ts';
import { isSelected, type Selection } from '../../dead-letters/selection.ts';
import { readTopicQueue } from '../../dead-letters/topic-queue.ts';
import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { readCommitted } from '../../kafka/reader/topic-reader.ts';
import { topicName } from '../../load/job-feed.ts';
import { workerOf } from '../../load/load-worker.ts';
import { OffsetTable } from '../../offsets/offset-table.ts';
import { withLetterFile } from '../../runtime/dead-letter-file/letter-place.ts';
import type { Feed } from '../../runtime/worker/feed.ts';
import { readFeeds } from '../../runtime/worker/feed-files.ts';
import type { LetterContent } from '../../sink/letter-content.ts';
import { quietClient, workerOption } from '../worker-option.ts';
import { feedOfTopic, type TopicFlags } from './topic-feed.ts';

export interface QueueFlags extends TopicFlags {
  readonly feed?: string;
  readonly topic?: string;
  readonly file?: string;
  readonly reason?: string;
  readonly sourceFile?: string;
  readonly connector?: string;
  readonly worker?: string;
  readonly bootstrapServer?: string;
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
  /** Everything that is in it, replayed or not; of a file of rows that came back, also what they were before. */
  readonly all: readonly DeadLetter[];
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
  requireOneFeed(flags);
  const cluster = await clusterOf(flags);
  const feed = await feedOf(flags, cluster);
  const place = await placeOf(flags, feed);
  const table = new OffsetTable();
  if (cluster !== null) await readOffsets(cluster, table);
  const content = feed?.config.errors.deadLetterContent ?? 'row';
  const { letters, foreign } = await read(place, cluster, table, content);
  const selection = selectionOf(flags, feed);
  const { connectors: _, ...ofAnyone } = selection;
  const others = letters.filter((letter) => isSelected(letter, ofAnyone) && !isSelected(letter, selection));
  const marks = new ReplayMarks(table);
  return {
    place,
    letters: letters.filter((letter) => isSelected(letter, selection)),
    all: [...letters, ...(await lettersBefore(place, content))],
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
async function clusterOf({ file, feed, to, worker, bootstrapServer }: QueueFlags): Promise<Cluster | null> {
  const isNamed = worker !== undefined || namesBrokers(process.env);
  const mayDoWithout = file !== undefined && feed === undefined && to === undefined;
  if (mayDoWithout && !isNamed && bootstrapServer === undefined) return null;
  const config =
    bootstrapServer === undefined
      ? await workerOption(worker)
      : await workerOf({ bootstrapServers: bootstrapServer, ...(worker !== undefined && { worker }) });
  return { worker: config, client: quietClient(config) };
}

/** A feed that leaves it to the command line where rejected rows are has them in the file that is named. */
async function feedOf(flags: QueueFlags, cluster: Cluster | null): Promise<Feed | null> {
  const { feed, to, file } = flags;
  if (cluster === null) return null;
  if (to !== undefined) return feedOfTopic(flags, cluster.worker, lettersOf(flags));
  if (feed === undefined) return null;
  const change = (entries: ConfigEntries) =>
    file === undefined ? entries : withLetterFile(entries, file, 'command line');
  return (await readFeeds([feed], cluster.worker, change))[0] ?? null;
}

/** The file that a load to a topic puts rejected rows into. */
function lettersOf({ file, to = '' }: QueueFlags): string {
  return file ?? `${topicName({ topic: to })}-load.rejected.csv`;
}

function requireOneFeed({ feed, to, topic, schema, key, delimiter, registry }: QueueFlags): void {
  const mistake = (message: string) => new HeadraceError('CONFIG_INVALID', message);
  if (feed !== undefined && to !== undefined) throw mistake('expected --feed or --to, got both');
  if (to !== undefined && topic !== undefined) {
    throw mistake(
      '--to is for the file of rows that load --topic has rejected, --file FILE; got a topic, --topic',
    );
  }
  if (to !== undefined) return;
  const [lone] = Object.entries({ schema, key, delimiter, registry }).filter(
    ([, text]) => text !== undefined,
  );
  if (lone !== undefined) throw mistake(`--${lone[0]} is given without --to TOPIC; a feed says it itself`);
}

async function placeOf(flags: QueueFlags, feed: Feed | null): Promise<QueuePlace> {
  const { topic, file, feed: path, to } = flags;
  if (topic !== undefined) return { topic };
  if (to !== undefined) return { files: await queueFiles(lettersOf(flags)) };
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
  content: LetterContent,
): Promise<{ letters: readonly DeadLetter[]; foreign: number }> {
  if ('topic' in place) return readTopicQueue((cluster as Cluster).client, place.topic);
  const letters: DeadLetter[] = [];
  for (const file of place.files)
    letters.push(...(await readFileQueue(file, committedLength(table, file), content)));
  return { letters, foreign: 0 };
}

/** Of a file of rows that a replay has rejected: those of the file beside it, of which they were. */
async function lettersBefore(place: QueuePlace, content: LetterContent): Promise<readonly DeadLetter[]> {
  if (!('files' in place)) return [];
  const before = place.files.filter(isReplay).map((file) => file.slice(0, -replayName('').length));
  const others = before.filter((file) => !place.files.includes(file) && existsSync(file));
  return (await Promise.all(others.map((file) => readFileQueue(file, null, content)))).flat();
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
