import type { FileStateEvent } from '../runtime/events/events.ts';
import { type OfTask, taskKey } from './task-key.ts';

/** Measures how long files take, from READING to DELIVERED. */
export class FileClock {
  /** By task, then by file, in milliseconds of the process. */
  readonly #startedAt = new Map<string, Map<string, number>>();

  /** Seconds that the file took when it is delivered with this event; null otherwise. */
  onFileState(event: FileStateEvent): number | null {
    const started = this.#startedAt.get(taskKey(event)) ?? new Map<string, number>();
    this.#startedAt.set(taskKey(event), started);
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
  forget(task: OfTask): void {
    this.#startedAt.delete(taskKey(task));
  }
}
