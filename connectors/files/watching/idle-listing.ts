import type { ListedFile } from '../file-store.ts';
import type { FileTask } from '../file-task.ts';
import { ListingDigest } from './listing-digest.ts';

/** Finds out from a listing whether a task may sleep by it: there is nothing to do, and nothing that the offsets do not tell. */
export class IdleListing {
  readonly #files: Pick<FileTask, 'isDelivered'>;
  readonly #digest = new ListingDigest();
  #isIdle: boolean;

  /** @param maySleep false: nothing is asked for it */
  constructor(files: Pick<FileTask, 'isDelivered'>, maySleep: boolean) {
    this.#files = files;
    this.#isIdle = maySleep;
  }

  /** The listing has met a file. @param isDone there is nothing to do with it now */
  met(file: ListedFile, isDone: boolean): void {
    // A tree of thousands of files is never slept by.
    this.#isIdle &&= isDone && !this.#digest.isTooLong && this.#files.isDelivered(file.path, file.version);
    if (this.#isIdle) this.#digest.add(file);
  }

  /** It goes on for longer than anybody is to list for others. */
  isTooLong(): void {
    this.#isIdle = false;
  }

  /** What tells this listing from others; null for one that is not slept by. */
  get digest(): string | null {
    return this.#isIdle && !this.#digest.isTooLong ? this.#digest.text : null;
  }
}
