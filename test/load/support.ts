import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { load } from '../../src/load/load.ts';
import type { LoadOptions } from '../../src/load/load-options.ts';
import type { LoadResult } from '../../src/load/load-result.ts';
import { valuesIn } from '../integration/support/read-topic.ts';
import { behindSlowCommits } from '../integration/support/slow-commits.ts';
import { BUILT_COMMAND } from '../support/built-command.ts';
import { type SharedKafka, sharedKafka, uniqueName } from '../support/stack.ts';

const shared = await sharedKafka();

/** A schema for `symbol,price`. */
export const SCHEMA = JSON.stringify({
  type: 'record',
  name: 'Quote',
  fields: [
    { name: 'symbol', type: 'string' },
    { name: 'price', type: 'double' },
  ],
});

/** Of `manyQuotes`, which is more than what a load holds at one time. */
export const MANY = { rows: 60_000, bad: 1000 };
const PADDING = 'x'.repeat(500);

/** What a command has said and ended with. */
export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with files to load and a topic to load them to, gone with the test. */
export class LoadFolder {
  readonly path: string;
  readonly topic = uniqueName('load');
  readonly bootstrapServers: string;

  /** Of its loads. */
  readonly #environment: Readonly<Record<string, string>>;

  private constructor(path: string, bootstrapServers: string, environment: Readonly<Record<string, string>>) {
    this.path = path;
    this.bootstrapServers = bootstrapServers;
    this.#environment = environment;
  }

  static async make(
    { bootstrapServers }: SharedKafka = shared,
    environment: Readonly<Record<string, string>> = {},
  ): Promise<LoadFolder> {
    const path = await mkdtemp(join(tmpdir(), 'headrace-load-'));
    onTestFinished(() => rm(path, { recursive: true, force: true, maxRetries: 10 }));
    return new LoadFolder(path, bootstrapServers, environment);
  }

  /**
   * One from which a load of many transactions lasts long enough to be cut off. It has an offset topic of its own: whoever
   * reads that to its end waits for a transaction that was left open.
   */
  static async makeSlow(): Promise<LoadFolder> {
    const bootstrapServers = await behindSlowCommits(shared.bootstrapServers);
    return LoadFolder.make({ bootstrapServers }, { HEADRACE_OFFSET_STORAGE_TOPIC: uniqueName('offsets') });
  }

  /** `<topic>-load`: the name that a load gets which is given none. */
  get job(): string {
    return `${this.topic}-load`;
  }

  at(path: string): string {
    return join(this.path, path);
  }

  async write(path: string, content: string | Buffer): Promise<string> {
    await mkdir(dirname(this.at(path)), { recursive: true });
    await writeFile(this.at(path), content);
    return this.at(path);
  }

  /** Writes `manyQuotes` and `feed.yaml` for a load of many transactions, between which it can be cut off. */
  async writeMany(
    name = 'a.csv',
    content: string | Buffer = manyQuotes(),
  ): Promise<{ readonly file: string; readonly feed: string }> {
    const file = await this.write(name, content);
    return { file, feed: await this.write('feed.yaml', feedOfReads(this.topic)) };
  }

  /** A load to the folder's topic, unless options say otherwise; rejected rows go to the folder. */
  load(options: LoadOptions): Promise<LoadResult> {
    const { bootstrapServers, topic } = this;
    const to = options.feed === undefined ? { topic, deadLetterFile: this.at('rejected.csv') } : {};
    return load({ bootstrapServers, ...to, ...options });
  }

  /** Committed values of the topic, sorted. */
  values(topic = this.topic): Promise<string[]> {
    return valuesIn(this.bootstrapServers, topic);
  }

  /** Starts `headrace load` in the folder. */
  start(args: readonly string[], environment: Readonly<Record<string, string>> = {}): LoadProcess {
    const child = spawn(process.execPath, [BUILT_COMMAND, 'load', ...args], {
      cwd: this.path,
      env: {
        ...process.env,
        HEADRACE_BOOTSTRAP_SERVERS: this.bootstrapServers,
        ...this.#environment,
        ...environment,
      },
    });
    onTestFinished(() => void child.kill('SIGKILL'));
    return new LoadProcess(child);
  }

  /** Runs `headrace load` in the folder to its end. */
  run(args: readonly string[], environment: Readonly<Record<string, string>> = {}): Promise<Ended> {
    const started = this.start(args, environment);
    started.child.stdin?.end();
    return started.ended;
  }
}

export class LoadProcess {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;

  constructor(child: ChildProcess) {
    this.child = child;
    const said = { stdout: '', stderr: '' };
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        said[name] += text;
      });
    }
    this.ended = new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
  }
}

/** Symbol, price and padding, to a topic of the feed's name; a transaction for each read. */
function feedOfReads(name: string): string {
  return `name: ${name}
connector.class: directory
input.path: ./drop
transforms: parse,validate,route
transforms.parse.type: csv
transforms.validate.type: schema
transforms.validate.fields.symbol: string
transforms.validate.fields.price: double
transforms.validate.fields.padding: string
transforms.route.type: route
transforms.route.topic: ${name}
transforms.route.key: symbol
transaction.boundary: poll
`;
}

/** A CSV of so many rows, every `bad`-th of which has no number for a price. */
export function quotes(rows: number, bad = Number.POSITIVE_INFINITY): string {
  const lines = Array.from({ length: rows }, (_, index) => {
    const price = (index + 1) % bad === 0 ? 'n/a' : index + 1;
    return `S${index % 50},${price}\n`;
  });
  return `symbol,price\n${lines.join('')}`;
}

/** The values that rows of `quotes` become with SCHEMA, sorted. */
export function quoteValues(rows: number, bad = Number.POSITIVE_INFINITY): string[] {
  return valuesOf(rows, bad, {});
}

/** A CSV of MANY rows, padded. */
export function manyQuotes(): string {
  const [header, ...rows] = quotes(MANY.rows, MANY.bad).trimEnd().split('\n');
  return `${header},padding\n${rows.map((row) => `${row},${PADDING}\n`).join('')}`;
}

/** The values that rows of `manyQuotes` become, sorted. */
export function manyValues(): string[] {
  return valuesOf(MANY.rows, MANY.bad, { padding: PADDING });
}

function valuesOf(rows: number, bad: number, more: Readonly<Record<string, string>>): string[] {
  const values: string[] = [];
  for (let row = 1; row <= rows; row++) {
    if (row % bad !== 0) values.push(JSON.stringify({ symbol: `S${(row - 1) % 50}`, price: row, ...more }));
  }
  return values.sort();
}
