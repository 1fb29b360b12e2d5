import type { PluginLog } from '../../../src/plugin/index.ts';
import { DoublingWait } from '../doubling-wait.ts';

const FIRST_MS = 1000;
const MOST_MS = 60_000;

/** When files that could not be read to their end are tried again, by path. */
export class ReadRetries {
  readonly #log: PluginLog;
  readonly #waits = new Map<string, DoublingWait>();

  constructor(log: PluginLog) {
    this.#log = log;
  }

  isWaiting(path: string): boolean {
    return !(this.#waits.get(path)?.isOver ?? true);
  }

  failed(path: string, error: string): void {
    const wait = this.#waits.get(path) ?? new DoublingWait(FIRST_MS, MOST_MS);
    this.#waits.set(path, wait);
    const delayMs = wait.begin();
    this.#log.warn('file could not be read to its end; tried again', { file: path, error, delayMs });
  }

  forget(path: string): void {
    this.#waits.delete(path);
  }

  paths(): Iterable<string> {
    return this.#waits.keys();
  }
}
