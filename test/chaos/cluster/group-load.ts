import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Checker, Findings } from '../checker.ts';
import type { Lines } from '../feed-lines.ts';
import type { Ground } from '../ground.ts';
import { LogReader, type ReadRecord } from '../log-reader.ts';
import { RemoteLoad } from '../remote/remote-load.ts';
import { bucketPlace, type RemotePlace } from '../remote/remote-place.ts';
import { TradesLoad } from '../trades-load.ts';

const BAD_EVERY = 500;
const PARTITIONS = 6;
const TASKS = 2;

export interface GroupLoadOptions {
  readonly feeds: number;
  /** How many of them are on buckets. */
  readonly buckets: number;
  /** Of all feeds together. */
  readonly rows: number;
  readonly filesPerFeed: number;
}

interface GroupFeed {
  readonly load: TradesLoad;
  readonly checker: Checker;
}

/** Feeds of a group of workers, their files, and what came of them. */
export class GroupLoad {
  readonly #feeds: readonly GroupFeed[];
  readonly #places: readonly RemotePlace[];
  readonly #reader: LogReader;
  #isOver = false;
  #reading: Promise<void> = Promise.resolve();

  private constructor(feeds: readonly GroupFeed[], places: readonly RemotePlace[], reader: LogReader) {
    this.#feeds = feeds;
    this.#places = places;
    this.#reader = reader;
  }

  static async prepare(ground: Ground, options: GroupLoadOptions): Promise<GroupLoad> {
    const { feeds, buckets, rows, filesPerFeed } = options;
    const loads: GroupFeed[] = [];
    const places: RemotePlace[] = [];
    for (let index = 0; index < feeds; index++) {
      const name = `${ground.name}-${index}`;
      const folder = join(ground.folder, name);
      await mkdir(folder);
      const place = index < buckets ? await bucketPlace('s3', { ...ground, name, folder }) : null;
      if (place !== null) places.push(place);
      const folders: Lines = {
        'input.path': resolve(folder, 'drop'),
        'finished.path': resolve(folder, 'done'),
      };
      const load = await TradesLoad.prepare({
        bootstrapServers: ground.proxies.behind,
        folder,
        name,
        offsetsTopic: `${ground.name}.offsets`,
        trades: {
          rows: Math.floor(rows / feeds),
          files: filesPerFeed,
          seed: ground.seed + index,
          badEvery: BAD_EVERY,
        },
        feed: {
          ...(place === null ? folders : {}),
          'tasks.max': TASKS,
          'transaction.boundary.interval.ms': 250,
          'errors.retry.delay.ms': 200,
          'errors.retry.delay.max.ms': 2000,
        },
        staged: true,
        isMadeOverRest: true,
        ...(place === null ? {} : { place: new RemoteLoad(place) }),
      });
      loads.push({ load, checker: load.checker() });
    }
    const topics = loads.flatMap(({ load }) => [
      [load.topic, PARTITIONS],
      [load.deadLetterTopic, 1],
    ]);
    const reader = await LogReader.open(ground.proxies.behind, Object.fromEntries(topics), 'read_committed');
    return new GroupLoad(loads, places, reader);
  }

  /** Of the environment that workers need for the buckets. */
  get env(): Readonly<Record<string, string>> {
    return Object.assign({}, ...this.#places.map(({ env }) => env));
  }

  get topics(): string[] {
    return this.#feeds.flatMap(({ load }) => [load.topic, load.deadLetterTopic]);
  }

  /** As they are made over REST: name and configuration. */
  get connectors(): readonly { readonly name: string; readonly config: Record<string, string> }[] {
    return this.#feeds.map(({ load }) => {
      const lines = Object.entries(load.feed).filter(([, value]) => value !== null);
      const config = Object.fromEntries(lines.map(([key, value]) => [key, String(value)]));
      return { name: load.options.name, config };
    });
  }

  /** Reads all along, as a committed reader; what it has seen once must never come again. */
  read(): void {
    this.#reading = this.#read();
    this.#reading.catch(() => {});
  }

  /** Brings all files in, evenly over a time, in each feed at its own moments. */
  async drop(overMs: number): Promise<void> {
    await Promise.all(
      this.#feeds.map(async ({ load }, index) => {
        const began = performance.now();
        for (const [count, file] of load.files.entries()) {
          const due = ((count + index / this.#feeds.length) * overMs) / load.files.length;
          await delay(Math.max(0, due - (performance.now() - began)));
          await load.drop(file);
        }
      }),
    );
  }

  /** Files that are not put away yet. */
  async waiting(): Promise<number> {
    const counts = await Promise.all(this.#feeds.map(async ({ load }) => (await load.waiting()).length));
    return counts.reduce((total, count) => total + count, 0);
  }

  /** What came of each feed. */
  async finish(): Promise<readonly Findings[]> {
    this.#isOver = true;
    await this.#reading;
    for (const { load, checker } of this.#feeds) await load.addOffsets(checker);
    return this.#feeds.map(({ checker }) => checker.finish());
  }

  /** Offsets that belong to transactions which nobody has ended. */
  get undecided(): number {
    return this.#reader.undecided;
  }

  async close(): Promise<void> {
    this.#isOver = true;
    await this.#reading.catch(() => {});
    this.#reader.close();
    for (const place of this.#places) place.close();
  }

  async #read(): Promise<void> {
    const takers = new Map<string, (record: ReadRecord) => void>();
    for (const { load, checker } of this.#feeds) {
      takers.set(load.topic, (record) => checker.addRow(record));
      takers.set(load.deadLetterTopic, (record) => checker.addDeadLetter(record));
    }
    const take = (record: ReadRecord) => takers.get(record.topic)?.(record);
    while (!this.#isOver) await this.#reader.readSome(take);
    await this.#reader.readAll(take);
  }
}
