import type { Throttle } from '../../kafka/connection/connection.ts';

/** Brokers measure over eleven seconds as a rule (`quota.window.num` and `.size.seconds`). */
const QUIET_MS = 30_000;

/** Tells when a task begins to be throttled, so that it is said once and not with every answer. */
export class ThrottleEpisodes {
  /** By the clock of `performance.now`. */
  #overAt = Number.NEGATIVE_INFINITY;

  /** Whether an episode begins with this throttle. */
  add({ throttleMs }: Throttle): boolean {
    const now = performance.now();
    const begins = now > this.#overAt;
    this.#overAt = Math.max(this.#overAt, now + throttleMs + QUIET_MS);
    return begins;
  }
}
