import type {
  FileProgress,
  FileRejected,
  SourceChunk,
  SourceFile,
  SourceTask,
  TaskContext,
} from '../../src/plugin/index.ts';
import type { FileTask } from '../files/file-task.ts';
import type { FolderScan, Scan, ScannedFile } from './folder-scan.ts';
import { FolderWatch } from './folder-watch.ts';
import { Settling } from './settling.ts';
import { TakenAway } from './taken-away.ts';
import { WakeUp } from './wake-up.ts';

/** Pause after a scan, so that a burst of events costs one. */
const LEAST_PAUSE_MS = 100;
/** And so long, in times the scan took, that scanning a large folder under steady writes leaves the thread to the rows. */
const PAUSE_PER_SCAN = 5;

export interface DirectoryTaskOptions {
  readonly settleMs: number;
  readonly scanIntervalMs: number;
  readonly scan: FolderScan;
  readonly files: FileTask;
}

/** Loads the files of a folder as they come, until it is told to stop. */
export class DirectoryTask implements SourceTask {
  readonly #context: TaskContext;
  readonly #options: DirectoryTaskOptions;
  readonly #settling: Settling;
  readonly #takenAway: TakenAway;
  readonly #wakeUp = new WakeUp();
  readonly #watch: FolderWatch;

  constructor(context: TaskContext, options: DirectoryTaskOptions) {
    this.#context = context;
    this.#options = options;
    this.#settling = new Settling(options.settleMs);
    this.#takenAway = new TakenAway(context.log);
    this.#watch = new FolderWatch(() => this.#wakeUp.call(), context.log);
  }

  async *read(): AsyncGenerator<SourceChunk | FileRejected, void, undefined> {
    const { signal } = this.#context;
    while (!signal.aborted) {
      const began = performance.now();
      const scan = await this.#options.scan.scan();
      await this.#watch.follow(scan.folders);
      const { settled, nextMs } = this.#sortOut(scan);
      const scanMs = performance.now() - began;
      for (const file of settled) {
        if (signal.aborted) return;
        yield* this.#options.files.load(file, file.version);
      }
      await this.#wakeUp.sleep(Math.max(LEAST_PAUSE_MS, scanMs * PAUSE_PER_SCAN), nextMs, signal);
    }
  }

  async committed(file: SourceFile, progress: FileProgress): Promise<void> {
    await this.#options.files.committed(file, progress);
    // Another file may have come under its name meanwhile.
    if (progress.eof) this.#wakeUp.call();
  }

  async failed(file: SourceFile, reason: FileRejected): Promise<boolean> {
    const isPutAway = await this.#options.files.failed(file, reason);
    this.#wakeUp.call();
    return isPutAway;
  }

  async close(): Promise<void> {
    await this.#watch.close();
    await this.#options.files.close();
  }

  /** The files to load now, oldest first, and when the next ones may be settled. */
  #sortOut({ isThere, files: found }: Scan): { settled: ScannedFile[]; nextMs: number } {
    const { files, scanIntervalMs } = this.#options;
    const due = found.filter(({ path, version }) => files.isDue(path, version));
    // Of a folder that is away for a while nothing is forgotten: its files come back as they were.
    const present = new Set(found.map(({ path }) => path));
    if (isThere) files.retain(present);
    this.#settling.retain(new Set(due.map(({ path }) => path)));
    let nextMs = scanIntervalMs;
    const settled = due.filter((file) => {
      this.#tellOf(file);
      const remainingMs = this.#settling.remainingMs(file.path, file.version);
      if (remainingMs > 0) nextMs = Math.min(nextMs, remainingMs);
      return remainingMs === 0;
    });
    const isRead = new Set(settled.map(({ path }) => path));
    const unread = due.map(({ path }) => path).filter((path) => !isRead.has(path) && !files.isKnown(path));
    if (isThere) this.#takenAway.look(this.#options.scan.root, present, unread);
    return { settled: settled.sort(oldestFirst), nextMs };
  }

  #tellOf({ path, version }: ScannedFile): void {
    if (this.#settling.has(path) || this.#options.files.isKnown(path)) return;
    this.#context.fileState(path, 'DISCOVERED', { size: version.size });
  }
}

function oldestFirst(one: ScannedFile, other: ScannedFile): number {
  if (one.version.mtimeNs !== other.version.mtimeNs) {
    return one.version.mtimeNs < other.version.mtimeNs ? -1 : 1;
  }
  return one.path < other.path ? -1 : 1;
}
