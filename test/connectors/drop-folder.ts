import { existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import directory from '../../connectors/directory/index.ts';
import type { ConfigValues, FileRejected } from '../../src/plugin/index.ts';
import type { Delivery, RunOptions, TestContext } from './support.ts';
import { LIMITS, MemoryOffsets, run, temporaryFolder, testContext, WATCHING } from './support.ts';

type DirectoryConfig = ConfigValues<typeof directory.config>;

export interface WatchOptions extends Omit<RunOptions, 'until'> {
  readonly config?: Partial<DirectoryConfig>;
  readonly shard?: { taskId: number; taskCount: number };
  /** How many files must have come to an end before the run does. Default 1. */
  readonly ends?: number;
  readonly until?: (context: TestContext) => boolean;
}

/** The same in every run, so that offsets can be compared. */
const LONG_AGO = new Date('2020-01-01T00:00:00Z');

/** A drop folder, the folders beside it and the offsets of its connector, which outlive one run of a task. */
export class DropFolder {
  readonly root = temporaryFolder();
  readonly input = join(this.root, 'in');
  readonly done = join(this.root, 'done');
  readonly failed = join(this.root, 'failed');
  readonly offsets = new MemoryOffsets();

  constructor() {
    mkdirSync(this.input);
  }

  /** Writes a file; each later `age` is a second younger. */
  drop(path: string, content: string | Buffer, age = 0): string {
    const absolute = join(this.input, path);
    mkdirSync(dirname(absolute), { recursive: true });
    writeFileSync(absolute, content);
    this.touch(path, age);
    return absolute;
  }

  touch(path: string, age: number): void {
    const time = new Date(LONG_AGO.getTime() + 1000 * age);
    utimesSync(join(this.input, path), time, time);
  }

  has(path: string): boolean {
    return existsSync(join(this.root, path));
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  list(folder: string): string[] {
    return readdirSync(join(this.root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map((entry) => join(entry.parentPath, entry.name).slice(join(this.root, folder).length + 1))
      .sort();
  }

  /** Runs a task of the connector, from the offsets that are there, until files have come to an end. */
  async watch(options: WatchOptions = {}): Promise<{ delivered: Delivery[]; context: TestContext }> {
    const { config, shard, ends = 1, until, ...runOptions } = options;
    const context = testContext(this.offsets, shard);
    const task = await directory.createTask(this.config(config), context);
    const isOver = until ?? (() => endsIn(context) >= ends);
    const delivered = await run(task, context, this.offsets, { ...runOptions, until: () => isOver(context) });
    return { delivered, context };
  }

  /** Runs a task of the connector until it gives a file up, and tells why. */
  async rejection(options: WatchOptions = {}): Promise<FileRejected | undefined> {
    const rejections: FileRejected[] = [];
    await this.watch({
      ...options,
      onRejected: (rejected) => rejections.push(rejected),
      until: () => rejections.length > 0,
    });
    return rejections[0];
  }

  /** The connector's configuration, with defaults for a test. */
  config(config: Partial<DirectoryConfig> = {}): DirectoryConfig {
    return {
      inputPath: this.input,
      inputFilePattern: '*',
      settleMs: 30,
      scanIntervalMs: 10_000,
      finishedPath: null,
      finishedDelete: false,
      errorPath: null,
      onReappear: 'auto',
      ...LIMITS,
      ...WATCHING,
      ...config,
    };
  }
}

function endsIn(context: TestContext): number {
  return context.states.filter(({ state }) => ['COMPLETED', 'SKIPPED', 'FAILED'].includes(state)).length;
}

/** `n` lines of `bytes` bytes each, line end counted. */
export function lines(n: number, bytes = 10): string[] {
  return Array.from({ length: n }, (_, index) => String(index + 1).padStart(bytes - 1, '0'));
}

export function text(rows: readonly string[]): string {
  return rows.map((row) => `${row}\n`).join('');
}
