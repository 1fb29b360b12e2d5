import { setTimeout as wait } from 'node:timers/promises';
import { crc32 } from 'node:zlib';
import {
  type ConfigDefinition,
  type ConfigValues,
  type FileProgress,
  FileRejected,
  type FileState,
  type SourceChunk,
  type SourceConnectorPlugin,
  type SourceFile,
  type SourceTask,
} from '../../plugin/index.ts';
import { type BlockChunk, release } from '../../rows/index.ts';
import { chunksInPlace } from '../../runtime/stages/source-chunks.ts';
import { created } from '../../runtime/task/created-plugin.ts';
import { readerOf, type StoredOffset } from '../read-files.ts';
import { testContext } from '../test-context.ts';
import { copyOf, expectSame, expectThat } from './conformance-case.ts';
import { within } from './deadline.ts';

/** A file as far as it was given. */
export interface GivenFile {
  readonly file: SourceFile;
  readonly content: Buffer;
  readonly isWhole: boolean;
}

export interface RunOptions {
  readonly stored?: readonly StoredOffset[];
  readonly taskId?: number;
  readonly taskCount?: number;
}

interface HeldChunk {
  readonly chunk: SourceChunk;
  readonly atOnce: Uint8Array;
}

const NOTHING = { row: 0, line: 0, head: 0, produced: 0, filtered: 0, rejected: 0 };
const LINE_FEED = 0x0a;
const TAIL_BYTES = 1024;

/** One task of a source, whose chunks are held against the contract as they come. */
export class SourceRun {
  readonly task: SourceTask;
  readonly #chunks: AsyncGenerator<SourceChunk | Error>;
  readonly #stopping: AbortController;
  readonly #states: readonly FileState[];
  readonly #deadlineMs: number;
  readonly #held: HeldChunk[] = [];
  /** Of which nothing more is wanted. */
  #givenUp: SourceFile | null = null;
  #isOver = false;

  private constructor(
    task: SourceTask,
    chunks: AsyncGenerator<SourceChunk | Error>,
    stopping: AbortController,
    states: readonly FileState[],
    deadlineMs: number,
  ) {
    this.task = task;
    this.#chunks = chunks;
    this.#stopping = stopping;
    this.#states = states;
    this.#deadlineMs = deadlineMs;
  }

  static async of<D extends ConfigDefinition>(
    plugin: SourceConnectorPlugin<D>,
    values: ConfigValues<D>,
    deadlineMs: number,
    { stored = [], taskId = 0, taskCount = 1 }: RunOptions,
  ): Promise<SourceRun> {
    const use = { key: 'testSourceConnector', name: plugin.name, modulePath: null };
    const stopping = new AbortController();
    const states: FileState[] = [];
    const context = {
      ...testContext(),
      ...{ taskId, taskCount, signal: stopping.signal, offsets: readerOf(copyOf(stored)), forget() {} },
      fileState: (_path: string, state: FileState) => states.push(state),
    };
    const make = async () => plugin.createTask(values, context);
    const task = await within(deadlineMs, 'createTask', () => created(use, 'createTask', ['read'], make));
    return new SourceRun(task, chunksInPlace(task, use), stopping, states, deadlineMs);
  }

  /** How many files it has told that it reads. */
  get reading(): number {
    return this.#states.filter((state) => state === 'READING').length;
  }

  /** The next chunk; null when there is none any more. */
  async next(): Promise<SourceChunk | FileRejected | null> {
    const { value } = await within(this.#deadlineMs, 'read', () => this.#chunks.next());
    if (value === undefined) {
      this.#isOver = true;
      return null;
    }
    if (value instanceof Error && !(value instanceof FileRejected)) throw value;
    if (!(value instanceof FileRejected)) this.#hold(value);
    return value;
  }

  #hold(chunk: SourceChunk): void {
    const last = this.#held.at(-1)?.chunk;
    const { file, bytes } = chunk;
    if (last !== undefined && last.file !== file && last.file !== this.#givenUp)
      expectThat(last.eof, () => `expected all of ${last.file.path} before ${file.path}, got a part of it`);
    if (last?.file === file)
      expectThat(!last.eof, () => `expected nothing of ${file.path} behind its end, got more`);
    expectSame(
      `the partition of ${file.path}, as JSON gives it back`,
      asJson(file.partition),
      file.partition,
    );
    this.#held.push({ chunk, atOnce: Uint8Array.from(bytes) });
  }

  /** As a task tells that a file is no file of rows. */
  giveUp(file: SourceFile): Promise<unknown> {
    this.#givenUp = file;
    const reason = new FileRejected(file, 'SOURCE_MALFORMED', `${file.path}: is no file of rows`);
    return within(this.#deadlineMs, 'failed', () => this.task.failed?.(file, reason));
  }

  /** As a task is told to stop. */
  stop(): void {
    this.#stopping.abort();
  }

  /** Waits for what may be done beside, such as reading ahead. */
  async lookBeside(): Promise<void> {
    await wait(20);
  }

  /** Reads to the end, or as many files; those of a source that watches are as many as are there. */
  async files(
    most = Number.POSITIVE_INFINITY,
    onWhole?: (given: GivenFile) => unknown,
  ): Promise<GivenFile[]> {
    for (let whole = this.given().length; whole < most; ) {
      const chunk = await this.next();
      if (chunk === null) break;
      if (chunk instanceof FileRejected) throw chunk;
      if (!chunk.eof) continue;
      whole += 1;
      await onWhole?.(this.given().at(-1) as GivenFile);
    }
    return this.given();
  }

  given(): GivenFile[] {
    const files: GivenFile[] = [];
    for (const file of new Set(this.#held.map(({ chunk }) => chunk.file))) {
      const chunks = this.#held.filter(({ chunk }) => chunk.file === file);
      const isWhole = chunks.at(-1)?.chunk.eof === true;
      files.push({ file, content: Buffer.concat(chunks.map(({ atOnce }) => atOnce)), isWhole });
    }
    return files;
  }

  /** Ends the run, and holds the bytes that were given against what they are by now. */
  async end(): Promise<void> {
    this.stop();
    if (!this.#isOver)
      await within(this.#deadlineMs, 'read, when nothing more is wanted,', () =>
        this.#chunks.return(undefined),
      );
    await within(this.#deadlineMs, 'close', () => this.task.close?.());
    try {
      for (const { chunk, atOnce } of this.#held)
        expectSame(`the bytes that it gave of ${chunk.file.path}, at the end`, atOnce, chunk.bytes);
    } finally {
      for (const { chunk } of this.#held) {
        const { block } = chunk as BlockChunk;
        if (block !== undefined) release(block);
      }
      this.#held.length = 0;
    }
  }
}

/** Progress of a file as of a commit, where every line is a row and the first one a header. */
export function progressAt({ start }: SourceFile, content: Buffer, position: number): FileProgress {
  const { head, ...counts } = start ?? NOTHING;
  const before = content.subarray(0, position);
  const lines = before.filter((byte) => byte === LINE_FEED).length;
  const header = content.indexOf(LINE_FEED) + 1;
  return {
    ...{ ...counts, row: Math.max(0, lines - 1), line: lines, produced: Math.max(0, lines - 1) },
    head: position >= header ? header : head,
    position,
    crc32: crc32(before),
    tail: before.subarray(-TAIL_BYTES),
    eof: position === content.length,
  };
}

/** What is stored of a file then. */
export function storedAt(file: SourceFile, content: Buffer, position: number): StoredOffset {
  const offset = file.offsetAt(progressAt(file, content, position));
  expectSame(`the offset of ${file.path}, as JSON gives it back`, asJson(offset), offset);
  return { partition: file.partition, offset };
}

function asJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}
