import { API, type Direction, type Gate } from '../../test/chaos/kafka-proxy.ts';
import type { Random } from '../../test/chaos/random.ts';
import type { Progress } from './progress.ts';

/** Where the load is held back: before rows arrive, before a commit arrives, or before its answer does. */
const HOLDS = ['rows', 'commit', 'answer'] as const;

type Hold = (typeof HOLDS)[number];

/** A commit may be somewhat larger than the largest so far. */
const MARGIN = 1.5;

export interface PaceOptions {
  readonly rows: number;
  readonly kills: number | null;
  readonly random: Random;
  readonly progress: Progress;
}

/**
 * Sees to it that the load is not done before the kills are: when it is further than its share of the kills, something
 * on its way to or from the broker is held until the next kill. Nothing is held once the last kill has been made.
 */
export class Pace implements Gate {
  readonly #options: PaceOptions;
  #kills = 0;
  #hold: Hold = 'rows';
  /** Commits of this life that were let through, and those told of before it began. */
  #passed = 0;
  #toldBefore = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** A process begins, after so many kills. */
  begin(kills: number): void {
    this.#kills = kills;
    this.#hold = HOLDS[Math.floor(this.#options.random() * HOLDS.length)] as Hold;
    this.#passed = 0;
    this.#toldBefore = this.#options.progress.commits;
  }

  pass(direction: Direction, apiKey: number): Promise<void> | void {
    if (apiKey !== API.endTxn && apiKey !== API.produce) return;
    if (this.#isAhead() && this.#isHeld(direction, apiKey)) return new Promise(() => {});
    if (direction === 'request' && apiKey === API.endTxn) this.#passed++;
  }

  #isHeld(direction: Direction, apiKey: number): boolean {
    // A commit whose answer is held is done nonetheless: it must not be the last.
    const hold = this.#hold === 'answer' && this.#rowsAfter(2) >= this.#options.rows ? 'commit' : this.#hold;
    if (hold === 'answer') return direction === 'answer' && apiKey === API.endTxn;
    return direction === 'request' && apiKey === (hold === 'rows' ? API.produce : API.endTxn);
  }

  #isAhead(): boolean {
    const { kills, rows } = this.#options;
    if (kills === null || this.#kills >= kills) return false;
    return this.#rowsAfter(1) / rows > (this.#kills + 1) / (kills + 1);
  }

  /** Rows that may be committed after so many commits more. */
  #rowsAfter(commits: number): number {
    const { progress } = this.#options;
    const untold = Math.max(0, this.#passed - (progress.commits - this.#toldBefore));
    return progress.rows + (untold + commits) * MARGIN * progress.largestCommit;
  }
}
