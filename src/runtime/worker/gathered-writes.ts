import { setTimeout as delay } from 'node:timers/promises';
import { HeadraceError, messageOf } from '../../errors.ts';

const RETRY_MS = 5_000;
/** Another worker of the group wrote at the same time. */
const MOST_TURN_MS = 1_000;
/** As long as the end of a worker waits for what is last to be written. */
const LAST_MS = 2_000;

export interface GatheredWritesOptions<V> {
  readonly write: (batch: readonly (readonly [key: string, value: V])[]) => Promise<void>;
  /** What comes within so many milliseconds is written together. */
  readonly gatherMs: number;
  /** So many wait for the end of an outage; of more, the half that came first is lost. */
  readonly mostWaiting: number;
  /** Told once of each outage in which nothing could be written. */
  readonly onFailure: (reason: string) => void;
}

/** Writes values by key in the background, the last of each key, and tries again for as long as it cannot. Nothing waits for it. */
export class GatheredWrites<V> {
  readonly #options: GatheredWritesOptions<V>;
  readonly #pending = new Map<string, V>();
  readonly #stop = new AbortController();
  #writing: Promise<void> | null = null;

  constructor(options: GatheredWritesOptions<V>) {
    this.#options = options;
  }

  put(key: string, value: V): void {
    this.#pending.delete(key);
    this.#pending.set(key, value);
    if (this.#pending.size > this.#options.mostWaiting) this.#drop();
    this.#writing ??= this.#write().finally(() => {
      this.#writing = null;
    });
  }

  /** Writes what there is to write, once more at most. */
  async close(): Promise<void> {
    this.#stop.abort();
    await Promise.race([this.#writing, delay(LAST_MS, undefined, { ref: false })]);
  }

  async #write(): Promise<void> {
    const { signal } = this.#stop;
    let isTold = false;
    while (this.#pending.size > 0) {
      await delay(this.#options.gatherMs, undefined, { signal }).catch(() => {});
      const batch = [...this.#pending];
      this.#pending.clear();
      try {
        await this.#options.write(batch);
        isTold = false;
      } catch (error) {
        this.#putBack(batch);
        const isInTurn = error instanceof HeadraceError && error.code === 'KAFKA_FENCED';
        if (!isTold && !isInTurn) this.#options.onFailure(messageOf(error));
        isTold ||= !isInTurn;
        if (signal.aborted) return;
        const waitMs = isInTurn ? Math.random() * MOST_TURN_MS : RETRY_MS;
        await delay(waitMs, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Half of what waits, at once: each alone would cost a walk over those that went before. */
  #drop(): void {
    const kept = [...this.#pending].slice(this.#pending.size >> 1);
    this.#pending.clear();
    for (const [key, value] of kept) this.#pending.set(key, value);
  }

  /** Before what came meanwhile, and not in its place. */
  #putBack(batch: readonly (readonly [key: string, value: V])[]): void {
    const later = [...this.#pending];
    const all = new Map([...batch, ...later]);
    this.#pending.clear();
    for (const [key, value] of all) this.#pending.set(key, value);
  }
}
