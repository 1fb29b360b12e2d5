import type { Process } from './process.ts';
import type { World } from './world.ts';

/** What becomes of a request; null: no answer came, and nobody knows whether it arrived. */
export type Answer<T> = (answer: T | null) => void;

/** How often a connection breaks before a request has arrived, and before its answer has. */
const LOST = 0.002;
const SLOW = 0.004;
/** That a connection broke is seen at once, or when the time of the request is over. */
const SEEN = 0.8;
/** A server reads on what was sent before its client closed the connection. */
const LATE = 0.1;

/** Requests over TCP: they may be lost with their connection, or answered in vain, or arrive when nobody waits any more. */
export class Network {
  readonly #world: World;
  /** Every request is answered soon. */
  isCalm = false;

  constructor(world: World) {
    this.#world = world;
  }

  /**
   * @param serve is told whether its client has given up; answers now or later
   * @param onAnswer told once, in the process that asked
   * @returns closes the connection: no answer is told any more
   */
  ask<T>(
    from: Process,
    timeoutMs: number,
    serve: (answer: Answer<T>, isLate: boolean) => void,
    onAnswer: Answer<T>,
  ): () => void {
    let isOver = false;
    const end: Answer<T> = (answer) => {
      if (isOver) return;
      isOver = true;
      onAnswer(answer);
    };
    const breaks = () => this.#world.chance(SEEN) && from.after(this.#latencyMs(), () => end(null));
    const giveUp = () => {
      isOver = true;
    };
    from.after(timeoutMs, () => end(null));
    if (this.#isLost(from)) {
      breaks();
      return giveUp;
    }
    const back: Answer<T> = (answer) => {
      if (this.#isLost(from)) return void breaks();
      this.#world.after(this.#latencyMs(), () => from.run(() => end(answer)));
    };
    this.#world.after(this.#latencyMs(), () => {
      const isLate = isOver || !from.isAlive;
      if (from.isCut || (isLate && !this.#world.chance(LATE))) return;
      serve(back, isLate);
    });
    return giveUp;
  }

  #isLost(from: Process): boolean {
    return from.isCut || (!this.isCalm && this.#world.chance(LOST));
  }

  #latencyMs(): number {
    if (!this.isCalm && this.#world.chance(SLOW)) return this.#world.between(100, 12_000);
    return this.#world.between(0.3, 6);
  }
}
