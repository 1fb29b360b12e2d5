import type { PluginLog } from '../../src/plugin/index.ts';
import { DoublingWait } from './doubling-wait.ts';
import type { FileVersion } from './file-version.ts';

const FIRST_RETRY_MS = 1000;
const MOST_RETRY_MS = 60_000;

/** What was decided about files by their paths, until they are no longer there. */
export class DecidedFiles {
  readonly #log: PluginLog;
  /** Those with which there is nothing more to do while they are in this version. */
  readonly #done = new Map<string, FileVersion>();
  /** Those of which it was told that they may not be read. */
  readonly #denied = new Set<string>();
  /** Those that could not be read to their end, and when they are tried again. */
  readonly #retries = new Map<string, DoublingWait>();

  constructor(log: PluginLog) {
    this.#log = log;
  }

  /** The version in which there is nothing more to do with a file. */
  doneIn(path: string): FileVersion | undefined {
    return this.#done.get(path);
  }

  get doneCount(): number {
    return this.#done.size;
  }

  done(path: string, version: FileVersion): void {
    this.#done.set(path, version);
  }

  undone(path: string): void {
    this.#done.delete(path);
  }

  /** Whether it is news that a file may not be read. */
  denied(path: string): boolean {
    const isNews = !this.#denied.has(path);
    this.#denied.add(path);
    return isNews;
  }

  /** It could be opened. */
  allowed(path: string): void {
    this.#denied.delete(path);
  }

  /** A file could not be read to its end, for what may pass. */
  failed(path: string, error: string): void {
    const wait = this.#retries.get(path) ?? new DoublingWait(FIRST_RETRY_MS, MOST_RETRY_MS);
    this.#retries.set(path, wait);
    const delayMs = wait.begin();
    this.#log.warn('file could not be read to its end; tried again', { file: path, error, delayMs });
  }

  isRetryWaiting(path: string): boolean {
    return !(this.#retries.get(path)?.isOver ?? true);
  }

  succeeded(path: string): void {
    this.#retries.delete(path);
  }

  /** Whether it remembers nothing but versions in which there is nothing more to do. */
  get isAtRest(): boolean {
    return this.#denied.size === 0 && this.#retries.size === 0;
  }

  has(path: string): boolean {
    return this.#done.has(path) || this.#denied.has(path) || this.#retries.has(path);
  }

  /** @param done also those with which there is nothing more to do */
  *paths(done: boolean): Generator<string> {
    if (done) yield* this.#done.keys();
    yield* this.#denied;
    yield* this.#retries.keys();
  }

  forget(path: string): void {
    this.#done.delete(path);
    this.#denied.delete(path);
    this.#retries.delete(path);
  }
}
