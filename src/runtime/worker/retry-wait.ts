import { stat } from 'node:fs/promises';

/** How long between two looks for what a task waits for, in milliseconds. */
const LOOK_MS = 1000;

/**
 * Waits until a task is tried again: for a time, or until a folder is there. A look each second costs nothing; a task
 * that starts only to see that its folder is still missing would cost a thread and Kafka a producer, and so be tried
 * more and more seldom.
 */
export class RetryWait {
  #timer: NodeJS.Timeout | null = null;

  /** @param begin Called once, unless cancelled before. */
  constructor(retryInMs: number, awaited: string | undefined, begin: () => void) {
    if (awaited === undefined) this.#timer = setTimeout(begin, retryInMs);
    else this.#lookLater(awaited, begin);
  }

  cancel(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #lookLater(folder: string, begin: () => void): void {
    const timer = setTimeout(async () => {
      const isThere = await stat(folder).then(
        (stats) => stats.isDirectory(),
        () => false,
      );
      if (this.#timer !== timer) return;
      if (isThere) begin();
      else this.#lookLater(folder, begin);
    }, LOOK_MS);
    this.#timer = timer;
  }
}
