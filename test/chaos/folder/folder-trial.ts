import { createWriteStream, type WriteStream } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { crc32, gunzipSync } from 'node:zlib';
import { HeadraceProcess } from '../../integration/support/headrace-process.ts';
import { createTopics } from '../create-topics.ts';
import { type Lines, yaml } from '../feed-lines.ts';
import type { Ground, Outcome } from '../ground.ts';
import { ChaosFolder } from './drop-folder.ts';
import { FolderLog } from './folder-log.ts';
import type { FolderModel } from './folder-model.ts';

const PARTITIONS = 3;
const LOOK_MS = 50;
const STUCK_MS = 60_000;

/** Where the files are that a trial watches, and the model of them. */
export interface WatchedPlace {
  readonly model: FolderModel;
  /** The bytes that must be delivered under a path. */
  bytes(path: string): Promise<Buffer>;
}

/** How a feed finds them. */
interface WatchedBy {
  /** Lines of the feed. */
  readonly feed: Lines;
  /** Of the daemon's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** A worker on a place to which things happen. Files stay where they are, so that more can happen to them. */
export class FolderTrial<Place extends WatchedPlace = ChaosFolder> {
  readonly folder: Place;
  readonly #ground: Ground;
  readonly #log: FolderLog;
  readonly #out: WriteStream;
  readonly #env: WatchedBy['env'];
  #daemon: HeadraceProcess | null = null;
  #restarts = 0;

  private constructor(ground: Ground, log: FolderLog, place: Place, env: WatchedBy['env']) {
    this.#ground = ground;
    this.#log = log;
    this.#env = env;
    this.folder = place;
    this.#out = createWriteStream(join(ground.folder, 'daemon.log'));
  }

  /** On a drop folder of this disk. */
  static async begin(ground: Ground, feed: Lines = {}): Promise<FolderTrial> {
    const folder = new ChaosFolder(ground.folder, ground.random);
    await folder.make();
    return FolderTrial.watching(ground, folder, { feed: { ...FOLDER_LINES, ...feed }, env: {} });
  }

  static async watching<Place extends WatchedPlace>(
    ground: Ground,
    place: Place,
    { feed, env }: WatchedBy,
  ): Promise<FolderTrial<Place>> {
    const { name, proxies } = ground;
    const topics = { [name]: PARTITIONS, [`${name}.dlq`]: 1 };
    await createTopics(proxies.behind, topics);
    await writeFile(join(ground.folder, 'feed.yaml'), yaml({ ...feedLines(name), ...feed }));
    const worker = {
      'bootstrap.servers': proxies.bootstrapServers,
      'group.id': name,
      'offset.storage.topic': `${name}.offsets`,
      'offset.storage.partitions': 1,
      'log.level': 'debug',
    };
    await writeFile(join(ground.folder, 'worker.yaml'), yaml(worker));
    const log = await FolderLog.open(
      proxies.behind,
      { ...topics, [`${name}.offsets`]: 1 },
      `${name}.offsets`,
    );
    return new FolderTrial(ground, log, place, env);
  }

  get daemon(): HeadraceProcess | null {
    return this.#daemon;
  }

  start(env: Readonly<Record<string, string>> = {}): HeadraceProcess {
    const { folder, wishes } = this.#ground;
    this.#daemon = HeadraceProcess.start({
      feeds: [join(folder, 'feed.yaml')],
      worker: join(folder, 'worker.yaml'),
      built: wishes.built,
      env: { ...this.#ground.env, ...this.#env, ...env },
      onLine: ({ msg }, text) => {
        if (msg === 'task restarting') this.#restarts++;
        this.#out.write(`${text}\n`);
      },
    });
    return this.#daemon;
  }

  /** Waits until lines with this message have come so often since the worker was started. */
  async told(msg: string, times: number): Promise<void> {
    const giveUpAt = performance.now() + STUCK_MS;
    while ((this.#daemon?.lines.filter((line) => line.msg === msg).length ?? 0) < times) {
      if (performance.now() > giveUpAt) throw new Error(`"${msg}" did not come ${times} times`);
      await delay(LOOK_MS);
    }
  }

  async kill(): Promise<void> {
    await this.#daemon?.kill();
    this.#daemon = null;
  }

  /** Waits until all that is in the folder is delivered, which is written to the model. Throws when it will not be. */
  async delivered(): Promise<void> {
    const daemon = this.#daemon ?? this.start();
    await daemon.waitFor('worker started', STUCK_MS);
    const giveUpAt = performance.now() + STUCK_MS;
    for (let missing = await this.#missing(); missing !== null; missing = await this.#missing()) {
      const failed = daemon.lines.find(({ msg }) => msg === 'task failed');
      if (failed !== undefined) throw new Error(`a task failed: ${JSON.stringify(failed.error)}`);
      if (daemon.hasExited) throw new Error('the daemon ended by itself');
      if (performance.now() > giveUpAt) throw new Error(`${missing} is not delivered after ${STUCK_MS} ms`);
      await delay(LOOK_MS);
    }
    this.folder.model.delivered();
  }

  async finish(facts: Outcome['facts'] = [], wrong: readonly string[] = []): Promise<Outcome> {
    await this.delivered();
    const code = await this.#daemon?.stop();
    const faults = [
      ...wrong,
      ...(code === 0 ? [] : [`the daemon ended with code ${code} when it was told to stop`]),
    ];
    await this.#log.look();
    faults.push(...this.folder.model.differences(this.#log.arrived, this.#log.restarts));
    faults.push(...this.#log.differences());
    const rows = [...this.#log.arrived.values()].flatMap((counts) => [...counts.values()]);
    const delivered = rows.reduce((sum, count) => sum + count, 0);
    return {
      wrong: faults,
      facts: [['rows delivered', delivered], ['task restarts', this.#restarts], ...facts],
    };
  }

  /** Ends what is left of it. */
  async close(): Promise<void> {
    await this.kill();
    this.#log.close();
    await new Promise((resolve) => this.#out.end(resolve));
  }

  /** A file of which not all is delivered; null when there is none. */
  async #missing(): Promise<string | null> {
    await this.#log.look();
    for (const path of this.folder.model.paths) {
      const bytes = await this.folder.bytes(path);
      const content = path.endsWith('.gz') ? gunzipSync(bytes) : bytes;
      const generations = [...(this.#log.generations.get(path)?.values() ?? [])];
      const isThere = generations.some(
        (each) => each.eof === true && each.position === content.length && each.crc32 === crc32(content),
      );
      if (!isThere) return path;
    }
    return null;
  }
}

const FOLDER_LINES: Lines = {
  'connector.class': 'directory',
  'input.path': './drop',
  'settle.ms': 60,
  'scan.interval.ms': 200,
};

function feedLines(name: string): Lines {
  return {
    name,
    'headers.source': 'full',
    transforms: 'parse,validate,route',
    'transforms.parse.type': 'csv',
    'transforms.validate.type': 'schema',
    'transforms.validate.fields.id': 'long',
    'transforms.validate.fields.symbol': 'string',
    'transforms.validate.fields.quantity': 'long',
    'transforms.route.type': 'route',
    'transforms.route.topic': name,
    'transforms.route.key': 'symbol',
    'errors.tolerance': 'all',
    'errors.deadletterqueue.topic.name': `${name}.dlq`,
    'errors.retry.delay.ms': 50,
    'errors.retry.delay.max.ms': 500,
    'transaction.boundary.interval.ms': 50,
  };
}
