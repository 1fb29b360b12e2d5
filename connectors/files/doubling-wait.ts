/** The wait before something that failed is tried again, twice as long with each further failure. */
export class DoublingWait {
  readonly #firstMs: number;
  readonly #mostMs: number;
  #failures = 0;
  /** By the monotonic clock. */
  #dueMs = 0;

  constructor(firstMs: number, mostMs: number) {
    this.#firstMs = firstMs;
    this.#mostMs = mostMs;
  }

  get failures(): number {
    return this.#failures;
  }

  get isOver(): boolean {
    return performance.now() >= this.#dueMs;
  }

  /** Begins with a failure; gives its length in milliseconds. */
  begin(): number {
    const delayMs = Math.min(this.#mostMs, this.#firstMs * 2 ** this.#failures++);
    this.#dueMs = performance.now() + delayMs;
    return delayMs;
  }
}
