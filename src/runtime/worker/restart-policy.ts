/** How long to wait before a task that failed is tried again. */
export interface RestartPolicyOptions {
  /** Before the first try, in milliseconds; doubled with each further one. */
  readonly initialMs: number;
  /** The longest wait, in milliseconds. */
  readonly maxMs: number;
  /** From 0 to 1; replaced in tests. */
  readonly random?: () => number;
}

/** Exponential backoff with jitter: each wait is drawn from the upper half of its range. */
export class RestartPolicy {
  readonly #initialMs: number;
  readonly #maxMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor({ initialMs, maxMs, random = Math.random }: RestartPolicyOptions) {
    this.#initialMs = initialMs;
    this.#maxMs = maxMs;
    this.#random = random;
  }

  /** Counts a failure and gives the wait before the next try, in milliseconds. */
  nextDelayMs(): number {
    const range = Math.min(this.#maxMs, this.#initialMs * 2 ** this.#failures);
    this.#failures++;
    return Math.round(range * (0.5 + 0.5 * this.#random()));
  }

  /** A commit was made: the next failure starts from the beginning. */
  succeeded(): void {
    this.#failures = 0;
  }
}
