import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach } from 'vitest';
import { WORK_IN_PROGRESS } from '../../connectors/files/watching/work-in-progress.ts';
import {
  type FileProgress,
  FileRejected,
  type FileState,
  type OffsetReader,
  type SourceChunk,
  type SourceFile,
  type SourceOffset,
  type SourcePartition,
  type SourceTask,
  type TaskContext,
} from '../../src/plugin/index.ts';
import { testContext as pluginContext } from '../../src/testing/index.ts';

const releases: (() => unknown)[] = [];

afterEach(async () => {
  for (const release of releases.splice(0).reverse()) await release();
});

/** A folder of the test's own, gone afterwards. */
export function temporaryFolder(parent = tmpdir()): string {
  const folder = mkdtempSync(join(parent, 'headrace-files-'));
  releases.push(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Source offsets as the offsets topic holds them: JSON text, so that nothing else survives. */
export class MemoryOffsets implements OffsetReader {
  readonly #entries = new Map<string, string>();
  readonly #times = new Map<string, number>();

  offset(partition: SourcePartition): SourceOffset | undefined {
    const text = this.#entries.get(JSON.stringify(partition));
    return text === undefined ? undefined : JSON.parse(text);
  }

  *find(properties: SourcePartition) {
    // As its key is written: a test may have thousands of files.
    const { file } = properties;
    const start = file === undefined ? '' : JSON.stringify({ file }).slice(0, -1);
    for (const [key, text] of [...this.#entries]) {
      if (!key.startsWith(start)) continue;
      const partition: SourcePartition = JSON.parse(key);
      const isMatch = Object.entries(properties).every(([name, value]) => partition[name] === value);
      if (!isMatch) continue;
      const timestamp = this.#times.get(key) ?? 0;
      yield { partition, offset: JSON.parse(text) as SourceOffset, timestamp };
    }
  }

  forget(partitions: readonly SourcePartition[]): void {
    for (const partition of partitions) this.#entries.delete(JSON.stringify(partition));
  }

  store(partition: SourcePartition, offset: SourceOffset, timestamp = Date.now()): void {
    this.#entries.set(JSON.stringify(partition), JSON.stringify(offset));
    this.#times.set(JSON.stringify(partition), timestamp);
  }

  all(): { partition: SourcePartition; offset: SourceOffset }[] {
    return [...this.find({})].map(({ partition, offset }) => ({ partition, offset }));
  }
}

export interface Told {
  readonly level: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** What a task is given, and what it has told. */
export interface TestContext extends TaskContext {
  readonly told: Told[];
  readonly states: { path: string; state: FileState; detail: Readonly<Record<string, unknown>> }[];
  stop(): void;
}

export function testContext(
  offsets: MemoryOffsets = new MemoryOffsets(),
  shard: { taskId: number; taskCount: number } = { taskId: 0, taskCount: 1 },
): TestContext {
  const told: Told[] = [];
  const states: TestContext['states'] = [];
  const tell =
    (level: string) =>
    (message: string, fields: Readonly<Record<string, unknown>> = {}) => {
      told.push({ level, message, fields });
    };
  const controller = new AbortController();
  releases.push(() => controller.abort());
  return {
    ...pluginContext(),
    ...shard,
    offsets,
    forget: (partitions) => offsets.forget(partitions),
    signal: controller.signal,
    log: { debug: tell('debug'), info: tell('info'), warn: tell('warn'), error: tell('error') },
    fileState: (path, state, detail = {}) => states.push({ path, state, detail }),
    told,
    states,
    stop: () => controller.abort(),
  };
}

/** Progress of one file, as the parser and sink keep it: every line is a row, there is no header. */
export class Rows {
  readonly lines: string[] = [];
  #pending: Buffer = Buffer.alloc(0);
  #position: number;
  #row: number;
  #crc: number;
  #tail: Buffer = Buffer.alloc(0);

  constructor(file: SourceFile) {
    this.#position = file.start?.position ?? 0;
    this.#row = file.start?.row ?? 0;
    this.#crc = file.start?.crc32 ?? 0;
  }

  push({ bytes, eof }: SourceChunk): FileProgress {
    const all = Buffer.concat([this.#pending, bytes]);
    const end = eof ? all.length : all.lastIndexOf(0x0a) + 1;
    const taken = all.subarray(0, end);
    this.#pending = all.subarray(end);
    const lines = taken.toString().split('\n');
    if (lines.at(-1) === '') lines.pop();
    this.lines.push(...lines);
    this.#position += taken.length;
    this.#row += lines.length;
    this.#crc = crc32(taken, this.#crc);
    this.#tail = Buffer.concat([this.#tail, taken]).subarray(-1024);
    return {
      position: this.#position,
      row: this.#row,
      line: this.#row,
      head: 0,
      produced: this.#row,
      filtered: 0,
      rejected: 0,
      crc32: this.#crc,
      tail: this.#tail,
      eof,
    };
  }
}

/** The rows of one generation of a file, in the order they came. */
export interface Delivery {
  readonly path: string;
  readonly generation: string;
  readonly lines: readonly string[];
}

export interface RunOptions {
  /** Called with each chunk before it is committed; false ends the run there, as a crash would. */
  readonly onChunk?: (chunk: SourceChunk) => unknown;
  /** Commits, and tells the source nothing: a crash between commit and finishing. */
  readonly crashBeforeFinish?: boolean;
  readonly onRejected?: (rejected: FileRejected) => void;
  /** Ends the run when it holds. Asked again and again; not needed for a task that ends by itself. */
  readonly until?: () => boolean;
}

/**
 * Runs a task as the runtime does: reads, commits each chunk with its offset, and has the source finish files. Fails
 * at the end with the first file that was given up and that the task did not deal with.
 */
export async function run(
  task: SourceTask,
  context: TestContext,
  offsets: MemoryOffsets,
  options: RunOptions = {},
): Promise<Delivery[]> {
  const rows = new Map<SourceFile, Rows>();
  let leftOver: FileRejected | null = null;
  const asking = setInterval(() => options.until?.() && context.stop(), 10);
  try {
    for await (const chunk of task.read()) {
      if (chunk instanceof FileRejected) {
        options.onRejected?.(chunk);
        if (!(await task.failed?.(chunk.file, chunk))) leftOver ??= chunk;
        continue;
      }
      if ((await options.onChunk?.(chunk)) === false) break;
      const { file } = chunk;
      const counted = rows.get(file) ?? new Rows(file);
      rows.set(file, counted);
      const progress = counted.push(chunk);
      offsets.store(file.partition, file.offsetAt(progress));
      if (!options.crashBeforeFinish) await task.committed?.(file, progress);
    }
  } finally {
    clearInterval(asking);
    context.stop();
    await task.close?.();
  }
  if (leftOver !== null) throw leftOver;
  return [...rows].map(([{ path, partition }, { lines }]) => ({
    path,
    generation: String(partition.generation),
    lines,
  }));
}

/** As the runtime tells a task that a file cannot be parsed. */
export function givenUp(file: SourceFile, reason: string): FileRejected {
  return new FileRejected(file, 'SOURCE_MALFORMED', reason);
}

/** The defaults of the limits on compressed files, and of what becomes of files that are not. */
export const LIMITS = { decompressedMaxBytes: 2 ** 40, decompressedMaxRatio: 250, finishedCompress: null };

/** The defaults of what all that watch are told. */
export const WATCHING = {
  inputFileIgnore: WORK_IN_PROGRESS,
  readyMarker: null,
  readyChecksum: null,
  readyPattern: null,
  filesOrder: 'time',
  offsetsRetentionMs: null,
  offsetsRetentionFiles: null,
} as const;
