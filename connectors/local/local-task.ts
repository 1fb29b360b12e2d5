import type {
  FileProgress,
  FileRejected,
  SourceChunk,
  SourceFile,
  SourceTask,
  TaskContext,
} from '../../src/plugin/index.ts';
import { isInOneOf } from '../files/disk/disk-store.ts';
import type { FileTask } from '../files/file-task.ts';
import type { FoundFile } from '../files/file-version.ts';
import { globMatcher } from '../files/glob/glob.ts';
import { belongsTo } from '../files/shard.ts';
import { unreadable } from '../files/source-errors.ts';
import { findFiles } from './find-files.ts';

/** A path or glob, and how many rows are wanted of each of its files. */
export interface Input {
  readonly path: string;
  readonly rowLimit: number | undefined;
}

export interface LocalTaskOptions {
  readonly inputs: readonly Input[];
  /** Folders for files that were put away: a glob may reach into them. */
  readonly excluded: readonly string[];
  readonly files: FileTask;
}

/** Loads its share of the files that are there, and ends. */
export class LocalTask implements SourceTask {
  readonly #context: TaskContext;
  readonly #inputs: readonly Input[];
  readonly #excluded: readonly string[];
  readonly #files: FileTask;

  constructor(context: TaskContext, options: LocalTaskOptions) {
    this.#context = context;
    this.#inputs = options.inputs;
    this.#excluded = options.excluded;
    this.#files = options.files;
  }

  /** A file that cannot be opened ends it, once the others are read. */
  async *read(): AsyncGenerator<SourceChunk | FileRejected, void, undefined> {
    const own = (await this.#find()).filter(({ path }) => belongsTo(path, this.#context));
    for (const file of own) this.#tellOf(file);
    let failure: { readonly error: unknown } | null = null;
    for (const file of own) {
      if (this.#context.signal.aborted) return;
      try {
        yield* this.#files.load(file);
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== null) throw failure.error;
  }

  committed(file: SourceFile, progress: FileProgress): Promise<void> {
    return this.#files.committed(file, progress);
  }

  failed(file: SourceFile, reason: FileRejected): Promise<boolean> {
    return this.#files.failed(file, reason);
  }

  #tellOf({ path }: FoundFile): void {
    if (!this.#files.isKnown(path)) this.#context.fileState(path, 'DISCOVERED');
  }

  /** In the order of the paths that were given, each file once. */
  async #find(): Promise<FoundFile[]> {
    const found = new Map<string, FoundFile>();
    for (const { path, rowLimit } of this.#inputs) {
      const files = (await findFiles(path)).filter((file) => !isInOneOf(this.#excluded, file));
      if (files.length === 0) this.#requireDelivered(path);
      for (const file of files) if (!found.has(file.path)) found.set(file.path, { ...file, rowLimit });
    }
    return [...found.values()];
  }

  /** No file at all is a mistake, unless they were delivered and put away before. */
  #requireDelivered(inputPath: string): void {
    const matches = globMatcher(inputPath);
    for (const path of this.#files.knownPaths()) if (path === inputPath || matches(path)) return;
    throw unreadable(
      `no file matches input.path ${JSON.stringify(inputPath)}`,
      'check the path, or use connector.class: directory to wait for files',
      undefined,
      { retriable: false },
    );
  }
}
