import type { FileStateEvent } from '../runtime/events/events.ts';

/** Measures how long files of a connector take, from READING to DELIVERED. */
export class FileClock {
  /** By task, then by file, in milliseconds of the process. */
  readonly #startedAt = new Map<number, Map<string, number>>();

  /** Seconds that the file took when it is delivered with this event; null otherwise. */
  onFileState(event: FileStateEvent): number | null {
    const started = this.#startedAt.get(event.task) ?? new Map<string, number>();
    this.#startedAt.set(event.task, started);
    if (event.state === 'READING') {
      started.set(event.file, performance.now());
      return null;
    }
    const startedAt = started.get(event.file);
    started.delete(event.file);
    return event.state === 'DELIVERED' && startedAt !== undefined
      ? (performance.now() - startedAt) / 1000
      : null;
  }

  /** The task has ended: files that it was reading begin anew. */
  forget(task: number): void {
    this.#startedAt.delete(task);
  }
}
