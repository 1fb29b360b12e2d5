import type { Sleep } from '../../../src/plugin/index.ts';

/** So long after its last rows a task stays awake: to begin anew costs it, and Kafka, more than to wait for the next file. */
const QUIET_MS = 30_000;
/** So long a task has its thread at least, however many others wait for it. */
const TURN_MS = 5_000;

/** Tells when a task is to sleep that may. */
export class BedTime {
  readonly #sleep: Sleep | undefined;
  readonly #quietMs: number;
  readonly #beganMs = performance.now();
  #busyMs = Number.NEGATIVE_INFINITY;

  constructor(sleep: Sleep | undefined, quietMs = QUIET_MS) {
    this.#sleep = sleep;
    this.#quietMs = quietMs;
  }

  /** There were rows just now. */
  busy(): void {
    this.#busyMs = performance.now();
  }

  /** Whether to sleep now that there is nothing to do. @param isLookingAfter delivered files are looked after still */
  isNow(isLookingAfter: boolean): boolean {
    if (this.#sleep === undefined) return false;
    return this.#isPressed || (!isLookingAfter && this.quietInMs === 0);
  }

  /** Whether to leave what there is to do to its next turn, if there is nothing that can be done just now. */
  get isTurnOver(): boolean {
    return this.#isPressed && performance.now() - this.#beganMs >= TURN_MS;
  }

  /** The same while more can be done: each turn must have got a little further. */
  get isEnough(): boolean {
    return this.isTurnOver && this.#busyMs > Number.NEGATIVE_INFINITY;
  }

  /** Until there were no rows for long enough. */
  get quietInMs(): number {
    return Math.max(0, this.#busyMs + this.#quietMs - performance.now());
  }

  get #isPressed(): boolean {
    return this.#sleep?.othersWait.aborted ?? false;
  }
}
