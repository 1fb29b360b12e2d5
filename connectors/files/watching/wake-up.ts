/** Sleep from which one can be woken. A call while nobody sleeps shortens the next sleep. */
export class WakeUp {
  #called = false;
  #wake: (() => void) | undefined;

  call(): void {
    this.#called = true;
    this.#wake?.();
  }

  /** Sleeps `leastMs` in any case, and then until called or until `mostMs` have passed; no longer once `signal` aborts. */
  async sleep(leastMs: number, mostMs: number, signal: AbortSignal): Promise<void> {
    await this.#pause(Math.min(leastMs, mostMs), signal, () => {});
    await this.#pause(this.#called ? 0 : mostMs - leastMs, signal, (wake) => {
      this.#wake = wake;
    });
    this.#wake = undefined;
    this.#called = false;
  }

  #pause(ms: number, signal: AbortSignal, hold: (wake: () => void) => void): Promise<void> {
    if (ms <= 0 || signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal.addEventListener('abort', done, { once: true });
      hold(done);
    });
  }
}
