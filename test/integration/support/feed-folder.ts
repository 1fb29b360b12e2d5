import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { HeadraceProcess } from './headrace-process.ts';

/** A folder with a worker, a feed and its files, gone with the test. */
export class FeedFolder {
  readonly path: string;
  readonly name: string;

  private constructor(path: string, name: string) {
    this.path = path;
    this.name = name;
  }

  static async make(name: string): Promise<FeedFolder> {
    const folder = await FeedFolder.lasting(name);
    onTestFinished(() => folder.remove());
    return folder;
  }

  /** One for several tests: whoever made it removes it. */
  static async lasting(name: string): Promise<FeedFolder> {
    return new FeedFolder(await mkdtemp(join(tmpdir(), 'headrace-feed-')), name);
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true, maxRetries: 10 });
  }

  at(path: string): string {
    return join(this.path, path);
  }

  /** Writes a file whole, as a careful sender does: elsewhere first, then renamed. */
  async write(path: string, content: string | Buffer): Promise<void> {
    await mkdir(dirname(this.at(path)), { recursive: true });
    const part = this.at(`.${path.replaceAll('/', '-')}.part`);
    await writeFile(part, content);
    await rename(part, this.at(path));
  }

  /** Its internal topics are its own, and small: a daemon that was killed in the middle of a write holds up no other test. */
  async worker(options: Readonly<Record<string, string>>): Promise<void> {
    const own = {
      'offset.storage.topic': `${this.name}.offsets`,
      'offset.storage.partitions': '1',
      'config.storage.topic': `${this.name}.configs`,
      'file.status.storage.topic': `${this.name}.file-status`,
      'file.status.storage.partitions': '1',
    };
    const quick = { 'request.timeout.ms': '5000', 'log.level': 'debug' };
    await this.write('worker.yaml', yaml({ ...own, ...quick, ...options }));
  }

  /** A feed of quick trades, all rows of them JSON, to the topic of the feed's name. */
  async feed(options: Readonly<Record<string, string | null>> = {}): Promise<void> {
    await mkdir(this.at('drop'), { recursive: true });
    await this.write('feed.yaml', yaml(this.#options(options)));
  }

  /** One of several such feeds, with folders of its own. */
  async feedOf(name: string, options: Readonly<Record<string, string | null>> = {}): Promise<void> {
    const own = { name, 'input.path': `./drop/${name}`, 'finished.path': `./done/${name}` };
    for (const folder of ['drop', 'done']) await mkdir(this.at(`${folder}/${name}`), { recursive: true });
    await this.write(`${name}.yaml`, yaml(this.#options({ ...own, ...options })));
  }

  #options(options: Readonly<Record<string, string | null>>): Record<string, string | null> {
    return {
      name: this.name,
      'connector.class': 'directory',
      'input.path': './drop',
      'finished.path': './done',
      'settle.ms': '50',
      'scan.interval.ms': '200',
      transforms: 'parse,validate,route',
      'transforms.parse.type': 'csv',
      'transforms.validate.type': 'schema',
      'transforms.validate.fields.symbol': 'string',
      'transforms.validate.fields.price': 'double',
      'transforms.route.type': 'route',
      'transforms.route.topic': this.name,
      'transforms.route.key': 'symbol',
      'errors.tolerance': 'all',
      'errors.deadletterqueue.topic.name': `${this.name}.dlq`,
      'errors.retry.delay.ms': '200',
      'transaction.boundary.interval.ms': '50',
      'topic.creation.default.partitions': '2',
      ...options,
    };
  }

  /** Starts the daemon, which ends with the test. `env` is added to its environment. */
  start(env: Readonly<Record<string, string>> = {}): HeadraceProcess {
    const daemon = HeadraceProcess.start({
      feeds: [this.at('feed.yaml')],
      worker: this.at('worker.yaml'),
      env,
    });
    onTestFinished(() => daemon.kill());
    return daemon;
  }
}

function yaml(options: Readonly<Record<string, string | null>>): string {
  return Object.entries(options)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`)
    .join('');
}
