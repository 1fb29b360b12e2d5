import { setTimeout as sleep } from 'node:timers/promises';

export interface RetryOptions {
  /** After this long the last error is thrown, in milliseconds. */
  readonly timeoutMs: number;
  /** The first pause, doubled each time, in milliseconds. */
  readonly firstDelayMs?: number;
  /** The longest pause, in milliseconds. */
  readonly maxDelayMs?: number;
  /** Ends the waiting with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Told of each error that is waited out, with the number of the attempt that met it. */
  readonly onRetry?: (error: unknown, attempt: number) => void;
}

/** Runs `attempt` until it succeeds, fails with an error that `passing` does not know, or the time is over. */
export async function retryWhile<T>(
  passing: (error: unknown) => boolean,
  options: RetryOptions,
  attempt: () => Promise<T>,
): Promise<T> {
  const { timeoutMs, firstDelayMs = 20, maxDelayMs = 1000, signal } = options;
  const deadline = performance.now() + timeoutMs;
  let delayMs = firstDelayMs;
  for (let count = 1; ; count++) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      if (!passing(error) || performance.now() + delayMs > deadline) throw error;
      options.onRetry?.(error, count);
      // An aborted sleep rejects with an error of its own; the check at the next turn throws the signal's reason.
      await sleep(delayMs, undefined, signal === undefined ? {} : { signal }).catch(() => {});
      delayMs = Math.min(delayMs * 2, maxDelayMs);
    }
  }
}
