import picomatch from 'picomatch';
import type {
  FileProgress,
  SourceChunk,
  SourceFile,
  SourceTask,
  TaskContext,
} from '../../src/plugin/index.ts';
import type { FileTask } from '../files/file-task.ts';
import type { FoundFile } from '../files/file-version.ts';
import { isWithin } from '../files/paths.ts';
import { belongsTo } from '../files/shard.ts';
import { unreadable } from '../files/source-errors.ts';
import { findFiles } from './find-files.ts';

export interface LocalTaskOptions {
  /** A path or glob. */
  readonly inputPath: string;
  /** Folders for files that were put away: a glob may reach into them. */
  readonly excluded: readonly string[];
  readonly files: FileTask;
}

/** Loads its share of the files that are there, and ends. */
export class LocalTask implements SourceTask {
  readonly #context: TaskContext;
  readonly #inputPath: string;
  readonly #excluded: readonly string[];
  readonly #files: FileTask;

  constructor(context: TaskContext, options: LocalTaskOptions) {
    this.#context = context;
    this.#inputPath = options.inputPath;
    this.#excluded = options.excluded;
    this.#files = options.files;
  }

  async *read(): AsyncGenerator<SourceChunk, void, undefined> {
    const all = await findFiles(this.#inputPath);
    const found = all.filter(({ absolute }) => !this.#excluded.some((folder) => isWithin(absolute, folder)));
    if (found.length === 0) return this.#checkDelivered();
    const own = found.filter(({ path }) => belongsTo(path, this.#context));
    for (const file of own) this.#tellOf(file);
    for (const file of own) {
      if (this.#context.signal.aborted) return;
      yield* this.#files.load(file);
    }
  }

  committed(file: SourceFile, progress: FileProgress): Promise<void> {
    return this.#files.committed(file, progress);
  }

  failed(file: SourceFile, reason: Error): Promise<boolean> {
    return this.#files.failed(file, reason);
  }

  #tellOf({ path }: FoundFile): void {
    if (!this.#files.isKnown(path)) this.#context.fileState(path, 'DISCOVERED');
  }

  /** No file at all is a mistake, unless they were delivered and put away before. */
  #checkDelivered(): void {
    const matches = picomatch(this.#inputPath, { flags: 's' });
    for (const path of this.#files.knownPaths()) if (path === this.#inputPath || matches(path)) return;
    throw unreadable(
      `no file matches input.path ${JSON.stringify(this.#inputPath)}`,
      'check the path, or use connector.class: directory to wait for files',
      undefined,
      { retriable: false },
    );
  }
}
