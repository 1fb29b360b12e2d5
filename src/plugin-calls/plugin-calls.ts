import { CallBoard, type Callee } from './call-board.ts';
import { isThenable, PluginFault } from './plugin-use.ts';

/** A call whose promise is not settled. */
interface Waiting {
  readonly callee: Callee;
  /** `row 3 (line 4) of a.csv`; null of a call that is about no row. */
  readonly place: string | null;
  readonly row: number;
  readonly sinceTick: number;
  readonly fail: (fault: PluginFault) => void;
}

const TICKS_PER_LIMIT = 20;
const MAX_TICK_MS = 1000;

/**
 * The calls that a thread makes of plugins. One whose promise is not settled in time fails; one that holds the thread is
 * for whoever reads its board. Time is counted in turns of the event loop, so that a process that was suspended is not late.
 */
export class PluginCalls {
  readonly board: CallBoard;
  readonly #onFirst: () => void;
  readonly #waiting = new Set<Waiting>();
  #timer: NodeJS.Timeout | null = null;
  #limitMs: number;
  #ticks = 0;

  /** @param onFirst called before the first call of a plugin that is not built in */
  constructor(limitMs: number, board = new CallBoard(), onFirst: () => void = () => {}) {
    this.board = board;
    this.#onFirst = onFirst;
    this.#limitMs = limitMs;
  }

  /** From now on. */
  setLimit(limitMs: number): void {
    if (limitMs === this.#limitMs) return;
    this.#limitMs = limitMs;
    if (this.#timer !== null) this.#startTimer();
  }

  /** Before a call of a plugin's function, which `end` follows. */
  begin(callee: Callee, file: string | null, row: number): void {
    if (this.#timer === null) {
      if (callee.plugin.modulePath === null) return;
      this.#start();
    }
    this.board.begin(callee, file, row);
  }

  end(): void {
    this.board.end();
  }

  /**
   * Calls a function that is about no row. When that of a plugin which is not built in gives a promise, it must be settled
   * in time.
   */
  async run<T>(callee: Callee, act: () => T | PromiseLike<T>): Promise<T> {
    const isBuiltIn = callee.plugin.modulePath === null;
    if (!isBuiltIn) this.board.know(callee.plugin);
    const given = this.runNow(callee, null, act);
    return isBuiltIn || !isThenable(given)
      ? await given
      : await this.settled(callee, null, 0, given as PromiseLike<T>);
  }

  /** Calls a function that gives its result at once. */
  runNow<T>(callee: Callee, file: string | null, act: () => T): T {
    this.begin(callee, file, 0);
    try {
      return act();
    } finally {
      this.end();
    }
  }

  /**
   * What a promise of a plugin gives.
   *
   * @param place `row 3 (line 4) of a.csv`; null of a call that is about no row
   * @throws PluginFault when it is not settled in time; retriable, since what it waits for may answer another time
   */
  settled<T>(callee: Callee, place: string | null, row: number, promise: PromiseLike<T>): Promise<T> {
    return new Promise<T>((resolve, fail) => {
      const waiting = { callee, place, row, sinceTick: this.#ticks, fail };
      this.#waiting.add(waiting);
      this.#tellWaiting();
      promise.then(
        (value) => {
          this.#forget(waiting);
          resolve(value);
        },
        (error) => {
          this.#forget(waiting);
          fail(error);
        },
      );
    });
  }

  get #tickMs(): number {
    return Math.min(MAX_TICK_MS, this.#limitMs / TICKS_PER_LIMIT);
  }

  #start(): void {
    this.#startTimer();
    this.#onFirst();
  }

  /** Keeps the process alive only while something is waited for. */
  #startTimer(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.board.limitMs = this.#limitMs;
    this.#timer = setInterval(() => this.#tick(), this.#tickMs);
    this.#tellWaiting();
  }

  #tick(): void {
    this.board.tick();
    this.#ticks++;
    const tickMs = this.#tickMs;
    for (const waiting of this.#waiting) {
      if ((this.#ticks - waiting.sinceTick) * tickMs <= this.#limitMs) return;
      this.#forget(waiting);
      waiting.fail(unsettled(waiting, this.#limitMs));
    }
  }

  #forget(waiting: Waiting): void {
    this.#waiting.delete(waiting);
    this.#tellWaiting();
  }

  #tellWaiting(): void {
    const [first] = this.#waiting;
    this.board.waiting(this.#waiting.size, first?.row ?? 0);
    if (first === undefined) this.#timer?.unref();
    else this.#timer?.ref();
  }
}

function unsettled({ callee: { plugin, how }, place }: Waiting, limitMs: number): PluginFault {
  const what =
    `${place === null ? '' : `${place}: `}the promise of ${how} was not settled within ${limitMs / 1000} s ` +
    '(plugin.timeout.ms of the worker)';
  return new PluginFault(plugin, what, { retriable: true });
}
