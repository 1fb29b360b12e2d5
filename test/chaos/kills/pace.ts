import type { Random } from '../../../src/testing/seeded-random.ts';
import { API, type Direction, type FrameLink, type Gate } from '../kafka-proxy.ts';
import { Barrier } from '../switch-gate.ts';
import type { Progress } from './progress.ts';

/** Where a load is held: before rows arrive, before a commit arrives, or before its answer does. */
const HOLDS = ['rows', 'commit', 'answer'] as const;

/** Late: a commit is kept until its sender has given it up and gone on, and reaches the broker then. */
export type Hold = (typeof HOLDS)[number] | 'late';

/** So many sends later, the next transaction is open. */
const LATE_BY_SENDS = 2;
/** For the broker to do what came late. */
const AFTER_LATE_MS = 50;

/** A commit may be somewhat larger than the largest so far. */
const MARGIN = 1.5;

export interface PaceOptions {
  readonly rows: number;
  readonly random: Random;
  readonly progress: Progress;
  /** The part of the load, from 0 to 1, that may be done by now. */
  readonly share: () => number;
}

/**
 * Sees to it that the load is not done before the kills are: when it is further than its share of them, something on its
 * way to or from the broker is held until the next kill. And holds a commit for a kill that is to fall into one.
 */
export class Pace implements Gate {
  readonly #options: PaceOptions;
  #hold: Hold = 'rows';
  /** The transaction is done by which the process takes its feed over: what comes now is of rows. */
  #hasTakenOver = false;
  #isAimed = false;
  #isHeld = false;
  #late: Barrier | null = null;
  #sendsLeft = 0;
  /** Commits of this life that were let through, and those told of before it began. */
  #passed = 0;
  #toldBefore = 0;

  constructor(options: PaceOptions) {
    this.#options = options;
  }

  /** A process begins, and is held at `hold` if it must be; null: anywhere. */
  begin(hold: Hold | null): void {
    const { random, progress } = this.#options;
    this.#hold = hold ?? (HOLDS[Math.floor(random() * HOLDS.length)] as Hold);
    this.#hasTakenOver = false;
    this.#isAimed = false;
    this.#isHeld = false;
    this.#late = null;
    this.#passed = 0;
    this.#toldBefore = progress.commits;
  }

  /** Holds the next one now, however far the load is. */
  aim(): void {
    this.#isAimed = true;
  }

  /** Something waits for the kill. */
  get isHeld(): boolean {
    return this.#isHeld;
  }

  pass(direction: Direction, apiKey: number, link: FrameLink): Promise<void> | void {
    if (apiKey !== API.endTxn && apiKey !== API.produce) return;
    if (!this.#hasTakenOver) {
      this.#hasTakenOver = direction === 'answer' && apiKey === API.endTxn;
      return;
    }
    if (this.#late !== null) return this.#passAfterLate(direction, apiKey, this.#late);
    if (this.#isAimed && this.#hold === 'late') return this.#passLate(direction, apiKey, link);
    if ((this.#isAimed || this.#isAhead()) && this.#isAtHold(direction, apiKey)) {
      this.#isHeld = true;
      return new Promise(() => {});
    }
    if (direction === 'request' && apiKey === API.endTxn) this.#passed++;
  }

  #passLate(direction: Direction, apiKey: number, link: FrameLink): Promise<void> | void {
    if (direction !== 'request' || apiKey !== API.endTxn) return;
    link.outliveClient();
    this.#late = new Barrier();
    this.#sendsLeft = LATE_BY_SENDS;
    return this.#late.wait();
  }

  /** The transaction that is open when the late commit arrives is not to end in any other way. */
  #passAfterLate(direction: Direction, apiKey: number, late: Barrier): Promise<void> | void {
    if (direction !== 'request') return;
    if (apiKey === API.endTxn) return this.#sendsLeft > 0 ? undefined : new Promise(() => {});
    if (--this.#sendsLeft !== 0) return;
    late.open();
    setTimeout(() => {
      this.#isHeld = true;
    }, AFTER_LATE_MS);
  }

  #isAtHold(direction: Direction, apiKey: number): boolean {
    // A commit whose answer is held is done nonetheless: it must not be the last.
    const hold = this.#hold === 'answer' && this.#rowsAfter(2) >= this.#options.rows ? 'commit' : this.#hold;
    if (hold === 'answer') return direction === 'answer' && apiKey === API.endTxn;
    return direction === 'request' && apiKey === (hold === 'rows' ? API.produce : API.endTxn);
  }

  #isAhead(): boolean {
    const { rows, share } = this.#options;
    return this.#rowsAfter(1) / rows > share();
  }

  /** Rows that may be committed after so many commits more. */
  #rowsAfter(commits: number): number {
    const { progress } = this.#options;
    const untold = Math.max(0, this.#passed - (progress.commits - this.#toldBefore));
    return progress.rows + (untold + commits) * MARGIN * progress.largestCommit;
  }
}
