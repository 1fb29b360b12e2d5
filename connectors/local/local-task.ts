import type {
  FileProgress,
  FileRejected,
  SourceChunk,
  SourceFile,
  SourceTask,
  TaskContext,
} from '../../src/plugin/index.ts';
import { isUrl } from '../../src/values/url.ts';
import { isInOneOf } from '../files/disk/disk-store.ts';
import type { FileTask } from '../files/file-task.ts';
import { globMatcher } from '../files/glob/glob.ts';
import { belongsTo } from '../files/shard.ts';
import { unreadable } from '../files/source-errors.ts';
import { urlMeant } from '../inputs/file-url.ts';
import type { InputFile, InputStore } from '../inputs/input-store.ts';

/** A path, URL or glob, and how many rows are wanted of each of its files. */
export interface Input {
  readonly path: string;
  readonly rowLimit: number | undefined;
}

export interface LocalTaskOptions {
  readonly inputs: readonly Input[];
  /** Closed with the task. */
  readonly store: InputStore;
  /** Folders for files that were put away: a glob may reach into them. */
  readonly excluded: readonly string[];
  readonly files: FileTask;
}

/** Loads its share of the files that are there, and ends. */
export class LocalTask implements SourceTask {
  readonly #context: TaskContext;
  readonly #inputs: readonly Input[];
  readonly #store: InputStore;
  readonly #excluded: readonly string[];
  readonly #files: FileTask;

  constructor(context: TaskContext, options: LocalTaskOptions) {
    this.#context = context;
    this.#inputs = options.inputs;
    this.#store = options.store;
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
        await this.#requireThere(file);
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

  #tellOf({ path, version }: InputFile): void {
    const known = version === undefined ? {} : { size: version.size };
    if (!this.#files.isKnown(path)) this.#context.fileState(path, 'DISCOVERED', known);
  }

  async close(): Promise<void> {
    await this.#files.close();
    await this.#store.close();
  }

  /** In the order of the paths that were given, each file once. */
  async #find(): Promise<InputFile[]> {
    const found = new Map<string, InputFile>();
    for (const { path, rowLimit } of this.#inputs) {
      const all = await this.#store.find(path, this.#context.signal);
      const files = all.filter((file) => !isInOneOf(this.#excluded, file));
      if (files.length === 0) this.#requireDelivered(path);
      for (const file of files) if (!found.has(file.path)) found.set(file.path, { ...file, rowLimit });
    }
    return [...found.values()];
  }

  /** Nobody has looked for what a URL names, and thousands may be named. */
  async #requireThere(file: InputFile): Promise<void> {
    if (!isUrl(file.path) || file.version !== undefined) return;
    if ((await this.#store.stat(file)) === null) this.#requireDelivered(file.path);
  }

  /** No file at all is a mistake, unless they were delivered and put away before. */
  #requireDelivered(inputPath: string): void {
    const matches = globMatcher(inputPath);
    for (const path of this.#files.knownPaths()) if (path === inputPath || matches(path)) return;
    const url = urlMeant(inputPath);
    throw unreadable(
      `no file matches input.path ${JSON.stringify(inputPath)}${url === null ? '' : `, did you mean ${url}?`}`,
      'check the path, or use connector.class: directory to wait for files',
      undefined,
      { retriable: false },
    );
  }
}
