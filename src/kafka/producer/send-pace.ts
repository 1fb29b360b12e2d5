/** What a producer begins with before it knows how fast it may go: little enough for a quota of 1 kB a second. */
const FIRST_BYTES = 32 * 1024;
const LEAST_BYTES = 4 * 1024;
/** What is under way when throttled should be taken in so many seconds. */
const AIM_S = 5;
/** Brokers measure a quota over eleven seconds as a rule. */
const WINDOW_MS = 11_000;

/** Sealed batches that may wait for their acknowledgement, in bytes. */
const FULL_PACE_BYTES = 8 * 1024 * 1024;

/**
 * How much may be under way at a time. With a quota that is 5 seconds' worth, so that a transaction does not
 * outlive its timeout for want of leave to write; without one it soon is what memory is meant for. It begins
 * small and grows by what is acknowledged without a throttle: a quota shows itself only when it is used up, and what is
 * on its way by then cannot be taken back.
 */
export class SendPace {
  #limitBytes = FIRST_BYTES;
  /** Where the rate is measured from, by the clock of `performance.now`. */
  #windowAt = Number.NEGATIVE_INFINITY;
  #windowBytes = 0;
  #slowUntil = Number.NEGATIVE_INFINITY;

  /** Bytes that may wait for their acknowledgement. */
  get limitBytes(): number {
    return this.#limitBytes;
  }

  /** Whether all is given that there is to give. */
  get isFull(): boolean {
    return this.#limitBytes >= FULL_PACE_BYTES;
  }

  /** Whether a quota was used up in the last few seconds: transactions should be short. */
  get isSlow(): boolean {
    return performance.now() < this.#slowUntil;
  }

  /** A broker has acknowledged so many bytes, and asks for so long a silence. */
  acknowledged(bytes: number, throttleMs: number): void {
    const now = performance.now();
    if (now - this.#windowAt > 2 * WINDOW_MS) this.#beginWindow(now);
    this.#windowBytes += bytes;
    this.#limitBytes = Math.min(this.#limitBytes + bytes, FULL_PACE_BYTES);
    if (throttleMs > 0) this.#slowDown(now + throttleMs);
  }

  /** @param nextAt when the broker listens again */
  #slowDown(nextAt: number): void {
    const seconds = (nextAt - this.#windowAt) / 1000;
    const aim = (this.#windowBytes / seconds) * AIM_S;
    this.#limitBytes = Math.max(LEAST_BYTES, Math.min(aim, this.#limitBytes));
    this.#slowUntil = nextAt + WINDOW_MS;
    if (nextAt - this.#windowAt > WINDOW_MS) this.#beginWindow(nextAt);
  }

  #beginWindow(at: number): void {
    this.#windowAt = at;
    this.#windowBytes = 0;
  }
}
