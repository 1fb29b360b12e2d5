import type { FileStateEvent, RuntimeEvent } from '../runtime/events/events.ts';

/** Some 20 MB; those that come when so many wait are not counted. */
const MOST_FILES = 100_000;

/** States of files of which rows are still to be delivered. */
const WAITING: ReadonlySet<FileStateEvent['state']> = new Set(['DISCOVERED', 'SETTLING', 'READY', 'READING']);

interface WaitingFile {
  /** As it lies there. */
  readonly size: number;
  /** Bytes of that whose rows are delivered. */
  readonly done: number;
  /** When it was found, in milliseconds since 1970. */
  readonly sinceMs: number;
}

export interface Lag {
  readonly files: number;
  readonly bytes: number;
  /** When the one that waits longest was found, in milliseconds since 1970; null for none. */
  readonly oldestMs: number | null;
}

/** The files of a task that are found and not delivered to their end. */
export class WaitingFiles {
  readonly #files = new Map<string, WaitingFile>();

  apply(event: RuntimeEvent): void {
    if (event.type === 'file.state') this.#onFileState(event);
    // A task that begins again tells of each file anew; while it does not run, what is there goes on waiting.
    else if (event.type === 'task.state' && event.state === 'RUNNING') this.#files.clear();
    else if (event.type === 'transaction.committed') {
      for (const { path, diskPosition, eof } of event.files) {
        const file = this.#files.get(path);
        if (eof) this.#files.delete(path);
        else if (file !== undefined) this.#files.set(path, { ...file, done: diskPosition });
      }
    }
  }

  get lag(): Lag {
    let bytes = 0;
    let oldestMs: number | null = null;
    for (const { size, done, sinceMs } of this.#files.values()) {
      bytes += Math.max(0, size - done);
      if (oldestMs === null || sinceMs < oldestMs) oldestMs = sinceMs;
    }
    return { files: this.#files.size, bytes, oldestMs };
  }

  #onFileState({ file, state, detail }: FileStateEvent): void {
    if (!WAITING.has(state)) {
      this.#files.delete(file);
      return;
    }
    const known = this.#files.get(file);
    if (known === undefined && this.#files.size >= MOST_FILES) return;
    this.#files.set(file, {
      size: numberOr(detail.size, known?.size ?? 0),
      done: numberOr(detail.diskPosition, known?.done ?? 0),
      sinceMs: numberOr(detail.discoveredMs, known?.sinceMs ?? Date.now()),
    });
  }
}

function numberOr(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
