import { setTimeout as delay } from 'node:timers/promises';
import { API, type Direction, type Gate } from '../../chaos/kafka-proxy.ts';

/** How long a commit is on its way, and its answer. */
export const SLOW_MS = 40;

/** Makes each commit take its time on the way there and back, so that kills at random moments often fall into one. */
export const SLOW_COMMITS: Gate = {
  pass(_, apiKey) {
    if (apiKey === API.endTxn) return delay(SLOW_MS);
  },
};

/** Holds back the n-th frame of a kind, and all of that kind that come after it. */
export class Trap implements Gate {
  readonly sprung = Promise.withResolvers<void>();
  readonly #direction: Direction;
  readonly #apiKey: number;
  #left: number;

  constructor(direction: Direction, apiKey: number, number: number) {
    this.#direction = direction;
    this.#apiKey = apiKey;
    this.#left = number;
  }

  pass(direction: Direction, apiKey: number): Promise<void> | void {
    if (direction !== this.#direction || apiKey !== this.#apiKey || --this.#left > 0) return;
    this.sprung.resolve();
    return new Promise(() => {});
  }
}
