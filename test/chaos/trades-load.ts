import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type HeadraceOptions, HeadraceProcess } from '../integration/support/headrace-process.ts';
import { growTopic } from './alter-topics.ts';
import { Checker, type Findings } from './checker.ts';
import { createTopics } from './create-topics.ts';
import { readDeadLetterFile } from './dead-letter-check.ts';
import { type Lines, yaml } from './feed-lines.ts';
import { FolderPlace, type LoadPlace } from './load-place.ts';
import { LogReader } from './log-reader.ts';
import { SourceRows } from './source-rows.ts';
import { TRADE_FIELDS, type TradesFile, type TradesOptions, writeTrades } from './trades.ts';

const PARTITIONS = 6;
const OFFSETS_PARTITIONS = 5;

export interface TradesLoadOptions {
  /** By which the daemon reaches Kafka. */
  readonly bootstrapServers: string;
  /** By which topics are made and the delivery is read, when that is another way. */
  readonly readFrom?: string;
  /** An empty folder. */
  readonly folder: string;
  /** No other load on the broker has it. */
  readonly name: string;
  readonly trades: TradesOptions;
  /** Lines of the feed that are added or replace others; null takes one away. */
  readonly feed?: Lines;
  /** Lines of the worker's configuration that are added. */
  readonly worker?: Lines;
  /** Leaves the files beside the drop folder; `drop` brings them in one by one. */
  readonly staged?: boolean;
  /** Where the files are; not set: in a drop folder. */
  readonly place?: LoadPlace;
  /** That workers of a group share; not set: one of its own. */
  readonly offsetsTopic?: string;
  /** The worker begins without the feed, which is made over REST; paths in it are absolute. */
  readonly isMadeOverRest?: boolean;
}

/** Files of trades in a place, the feed that loads them, and the means to see whether it was done right. */
export class TradesLoad {
  readonly options: TradesLoadOptions;
  readonly topic: string;
  readonly deadLetterTopic: string;
  readonly #offsetsTopic: string;
  readonly #place: LoadPlace;
  #feed: Lines = {};
  #offsetsPartitions = OFFSETS_PARTITIONS;
  #files: readonly TradesFile[] = [];
  #sources: readonly SourceRows[] = [];

  private constructor(options: TradesLoadOptions, place: LoadPlace) {
    this.options = options;
    this.#place = place;
    this.topic = options.name;
    this.deadLetterTopic = `${options.name}.dlq`;
    this.#offsetsTopic = options.offsetsTopic ?? `${options.name}.offsets`;
  }

  /** Makes files, topics and configuration. Nothing is started. */
  static async prepare(options: TradesLoadOptions): Promise<TradesLoad> {
    const load = new TradesLoad(options, options.place ?? (await FolderPlace.make(options.folder)));
    await load.#writeFiles();
    await createTopics(load.#readFrom, { [load.topic]: PARTITIONS, [load.deadLetterTopic]: 1 });
    await load.configure(options.feed ?? {});
    return load;
  }

  get #readFrom(): string {
    return this.options.readFrom ?? this.options.bootstrapServers;
  }

  get files(): readonly TradesFile[] {
    return this.#files;
  }

  path(name: string): string {
    return join(this.options.folder, name);
  }

  /** Writes the feed anew; the next start goes by it. */
  async configure(changes: Lines): Promise<void> {
    const { name, bootstrapServers } = this.options;
    this.#feed = { ...feedLines(name, this.topic, this.deadLetterTopic), ...this.#place.feed, ...changes };
    await writeFile(this.path('feed.yaml'), yaml(this.#feed));
    const worker = {
      'bootstrap.servers': bootstrapServers,
      'group.id': name,
      'offset.storage.topic': this.#offsetsTopic,
      'offset.storage.partitions': OFFSETS_PARTITIONS,
      'log.level': 'debug',
      ...this.options.worker,
    };
    await writeFile(this.path('worker.yaml'), yaml(worker));
  }

  start(options: Pick<HeadraceOptions, 'onLine' | 'built' | 'env'> = {}): HeadraceProcess {
    return HeadraceProcess.start({
      feeds: this.options.isMadeOverRest === true ? [] : [this.path('feed.yaml')],
      worker: this.path('worker.yaml'),
      ...options,
      env: { ...this.#place.env, ...options.env },
    });
  }

  /** The feed as its file has it. */
  get feed(): Lines {
    return this.#feed;
  }

  /** Brings a staged file in, complete. */
  async drop({ name }: TradesFile): Promise<void> {
    await this.#place.drop(name, this.path(`staged/${name}`));
  }

  /** Names of the files that are not put away yet. */
  waiting(): Promise<string[]> {
    return this.#place.waiting();
  }

  finished(): Promise<string[]> {
    return this.#place.finished();
  }

  checker(): Checker {
    const checker = new Checker(this.options.name);
    this.#files.forEach(({ bad }, index) => {
      checker.expect(this.#sources[index] as SourceRows, bad);
    });
    return checker;
  }

  reader(isolation: 'read_committed' | 'read_uncommitted'): Promise<LogReader> {
    const topics = { [this.topic]: PARTITIONS, [this.deadLetterTopic]: 1 };
    return LogReader.open(this.#readFrom, topics, isolation);
  }

  get offsetsPartitions(): number {
    return this.#offsetsPartitions;
  }

  /** Gives the offset topic, which the daemon must have made, more partitions. */
  async growOffsets(by: number): Promise<void> {
    await growTopic(this.#readFrom, this.#offsetsTopic, this.#offsetsPartitions + by);
    this.#offsetsPartitions += by;
  }

  async addOffsets(checker: Checker): Promise<void> {
    const topics = { [this.#offsetsTopic]: this.#offsetsPartitions };
    const reader = await LogReader.open(this.#readFrom, topics, 'read_committed');
    await reader.readAll((record) => checker.addOffset(record));
    reader.close();
  }

  /** Reads everything as a committed reader sees it now, and compares it with the files. */
  async check(deadLetterFiles: readonly string[] = []): Promise<Findings> {
    const checker = this.checker();
    const reader = await this.reader('read_committed');
    await reader.readAll((record) => {
      if (record.topic === this.topic) checker.addRow(record);
      else checker.addDeadLetter(record);
    });
    reader.close();
    for (const file of deadLetterFiles) {
      for (const letter of await readDeadLetterFile(this.path(file))) checker.deadLetters.add(letter);
    }
    await this.addOffsets(checker);
    return checker.finish();
  }

  /**
   * The same where the topic has another number of partitions by now, and holds the rows of these files only: keys may lie in
   * several partitions.
   */
  async checkChanged(partitions: number, files: readonly TradesFile[]): Promise<Findings> {
    const checker = new Checker(this.options.name, true);
    const names = new Set(files.map(({ name }) => name));
    this.#files.forEach(({ name, bad }, index) => {
      if (names.has(name)) checker.expect(this.#sources[index] as SourceRows, bad);
    });
    const topics = { [this.topic]: partitions, [this.deadLetterTopic]: 1 };
    const reader = await LogReader.open(this.#readFrom, topics, 'read_committed');
    await reader.readAll((record) => {
      if (record.topic === this.topic) checker.addRow(record);
      else if (names.has(record.headers.get('file.path') ?? '')) checker.addDeadLetter(record);
    });
    reader.close();
    await this.addOffsets(checker);
    return checker.finish();
  }

  /** Kept in memory as well: the daemon moves them. */
  async #writeFiles(): Promise<void> {
    await mkdir(this.path('staged'));
    this.#files = await writeTrades(this.path('staged'), this.options.trades);
    const sources: SourceRows[] = [];
    for (const { name } of this.#files) {
      const bytes = await readFile(this.path(`staged/${name}`));
      sources.push(new SourceRows(name, name.endsWith('.gz') ? gunzipSync(bytes) : bytes));
    }
    this.#sources = sources;
    if (this.options.staged !== true) for (const file of this.#files) await this.drop(file);
  }
}

function feedLines(name: string, topic: string, deadLetterTopic: string): Record<string, string | number> {
  const fields = Object.entries(TRADE_FIELDS).map(
    ([field, type]) => [`transforms.validate.fields.${field}`, type] as const,
  );
  return {
    name,
    // By them the checker finds each row.
    'headers.source': 'full',
    transforms: 'parse,validate,route',
    'transforms.parse.type': 'csv',
    'transforms.validate.type': 'schema',
    ...Object.fromEntries(fields),
    'transforms.route.type': 'route',
    'transforms.route.topic': topic,
    'transforms.route.key': 'symbol',
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': deadLetterTopic,
    'transaction.boundary.interval.ms': 100,
  };
}
