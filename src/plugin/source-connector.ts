import type { ConfigDefinition, ConfigValues } from './config-definition.ts';
import type { DeclaredPlugin } from './declared-plugin.ts';
import type { FileRejected } from './file-rejected.ts';
import type { ReadProgress } from './parsed-rows.ts';
import type { LookoutContext, TaskContext } from './task-context.ts';

/**
 * What an offset belongs to: Connect's source partition, `{"file":"…","generation":"…"}`. It is written as compact
 * JSON with its properties in the order they have here, so make it in one place.
 */
export type SourcePartition = Readonly<Record<string, string | number>>;

/** How far a source partition is delivered: Connect's source offset. Plain JSON values only. */
export type SourceOffset = Readonly<Record<string, string | number | boolean | null>>;

/** Progress of a file as of a commit, of which the source makes the offset to store. */
export interface FileProgress extends ReadProgress {
  /** Rows up to `position`, by what became of them. */
  readonly produced: number;
  readonly filtered: number;
  readonly rejected: number;
  /** CRC-32 (zlib's) of all bytes up to `position`. */
  readonly crc32: number;
  /** The last bytes before `position`, at most 1 KiB, as many as are at hand. */
  readonly tail: Buffer;
  /** All of the file is delivered. */
  readonly eof: boolean;
}

/** One file (or object) being read. Made by the source, carried by every chunk and batch of it. */
export interface SourceFile {
  readonly partition: SourcePartition;
  /** The path as users know it: relative to the watched folder, or as given. */
  readonly path: string;
  /** The last part of the path. */
  readonly name: string;
  /** Where reading starts: null at the beginning of the file. */
  readonly start: FileStart | null;
  /** Size in bytes when it was opened, for progress; null when it is not known. */
  readonly size: number | null;
  /** Data rows of it that are wanted, from its beginning; what is behind them is left for another time. */
  readonly rowLimit?: number | undefined;
  /** Data rows that it says it has: at its end it is given up when it has another number. */
  readonly claimedRows?: number | undefined;
  /**
   * Where it is one of several files in an archive: the archive, the same object in all of them. It is given up as a whole,
   * and ends with the last of them.
   */
  readonly archive?: SourceArchive | undefined;
  /** Called when nothing more of it is wanted: the rows of `rowLimit` are there. */
  enough?(): void;
  /** Bytes on disk that hold what is before `position`, for progress, where they are not the same bytes: it is compressed. */
  diskPosition?(position: number): number;
  /**
   * Reads the file a second time, from byte `from` up to its end, beside the chunks that are on their way. Without it a row
   * that goes on for more than 16 times `max.record.bytes` fails the file. Throws the task's reason when it is told to stop.
   */
  lookAhead?(from: number): AsyncIterable<Buffer>;
  /** The offset to store for this progress. Called once per file and transaction, before the commit. */
  offsetAt(progress: FileProgress): SourceOffset;
}

/**
 * An archive of several files, each of which is read as a file of its own. They share its source partition: its offset tells
 * which of them are done, and how far the next one is.
 */
export interface SourceArchive {
  /** The path as users know it, under which its state is told. */
  readonly path: string;
  /** Data rows of those of its files that were delivered before it was opened. */
  readonly rowsBefore: number;
  /** Whether the archive ends with this one of its files. */
  endsWith(file: SourceFile): boolean;
  /** How far the archive is with this progress of one of its files, for which an offset was asked. */
  progressOf(file: SourceFile, progress: FileProgress): FileProgress;
}

/** Taken from a stored offset: where to go on. */
export interface FileStart extends ReadProgress {
  readonly produced: number;
  readonly filtered: number;
  readonly rejected: number;
  readonly crc32: number;
  /** The first `head` bytes of the file. */
  readonly headBytes: Buffer;
}

/** Bytes of a file in order; the first chunk of a file starts at `file.start`, or at 0. */
export interface SourceChunk {
  readonly file: SourceFile;
  /** May be empty in the last chunk. Not touched again by the source. */
  readonly bytes: Buffer;
  /** The last chunk of the file. */
  readonly eof: boolean;
}

/** A file that was given up. */
export interface GivenUpFile {
  readonly path: string;
  /** Where it was put, as its state tells it; null when it stays where it is. */
  readonly target: string | null;
}

/** One task of a connector. Lives in a thread of its own. */
export interface SourceTask {
  /**
   * Yields the chunks of one file after another. Called once. Ends when there is nothing more to come, ever: the task
   * is then COMPLETED; a source that watches goes on until the context's signal aborts. Back-pressure is the
   * generator's own: nothing is read until the next chunk is asked for.
   *
   * A file that cannot be read to its end is told of by a FileRejected in place of its next chunk; the others go on. An
   * error that is thrown ends the task, once everything before it is delivered.
   */
  read(): AsyncIterable<SourceChunk | FileRejected>;
  /**
   * Called after a transaction that held `offset` is committed, in order, for each file with progress in it. With
   * `eof` in the progress the file is delivered: finish it here (move, delete, leave). Must be idempotent: after a
   * crash between commit and this call, `read` meets the file again and finishes it.
   */
  committed?(file: SourceFile, progress: FileProgress): Promise<void>;
  /**
   * Called when a file is given up: it cannot be read or parsed, or its error budget is spent. Nothing more of it is
   * wanted, and the task goes on with the others. True when the file is dealt with, so that nobody meets it again;
   * otherwise the task fails with the reason once the source has come to its end. Without this method it fails at once.
   */
  failed?(file: SourceFile, reason: FileRejected): Promise<boolean>;
  /**
   * Called before that: where `failed` will put the file, as its state will tell it; null where it stays. It is kept with
   * the file's offset before anything is moved, so that whoever asks after a crash is told where the file is.
   */
  targetOf?(file: SourceFile): Promise<string | null>;
  /** Called when somebody wants files tried again that were given up. Those it does not know are passed over. */
  retry?(files: readonly GivenUpFile[]): void;
  /** Called once, last, whatever happened. */
  close?(): Promise<void>;
}

export interface SourceConnectorPlugin<D extends ConfigDefinition = ConfigDefinition>
  extends DeclaredPlugin<D> {
  readonly kind: 'source';
  /** How many tasks to start, at most `tasksMax`. Default: `tasksMax`. */
  taskCount?(config: ConfigValues<D>, tasksMax: number): number | Promise<number>;
  /** How many files are there now that it would read if none were delivered, to tell people. Must change nothing. */
  countFiles?(config: ConfigValues<D>): Promise<number>;
  /** Called once for each task, when it begins, in its thread, once the offsets are known that nobody else can change now. */
  createTask(config: ConfigValues<D>, context: TaskContext): SourceTask | Promise<SourceTask>;
  /**
   * Looks out for a task that sleeps, until there may be something to do for it; gives a note for it, plain data as the one
   * that it has left, or null of a task that has not begun yet. It must cost next to nothing, and change nothing. Tasks of connectors without it never sleep, nor do
   * those of your own: it is asked in a thread that all feeds share, and so of connectors that come with Headrace only.
   */
  lookOut?(config: ConfigValues<D>, context: LookoutContext, note: unknown): Promise<unknown>;
}

export function defineSourceConnector<const D extends ConfigDefinition>(
  plugin: Omit<SourceConnectorPlugin<D>, 'kind'>,
): SourceConnectorPlugin<D> {
  return { kind: 'source', ...plugin };
}
