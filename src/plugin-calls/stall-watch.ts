import type { CallBoard } from './call-board.ts';

/** Looks at the board of another thread, and finds out when a plugin holds that thread. */
export class StallWatch {
  readonly #board: CallBoard;
  readonly #onStall: (message: string) => void;
  readonly #timer: NodeJS.Timeout;
  #seen = '';
  #sameMs = 0;

  /**
   * @param onStall called once, with who holds it and on which row; the thread answers nothing any more
   */
  constructor(board: CallBoard, onStall: (message: string) => void) {
    this.#board = board;
    this.#onStall = onStall;
    this.#timer = setInterval(() => this.#look(), LOOK_MS).unref();
  }

  end(): void {
    clearInterval(this.#timer);
  }

  /** Counts looks, not time: a process that was suspended as a whole is not late. */
  #look(): void {
    const { limitMs, progress } = this.#board;
    this.#sameMs = progress === this.#seen ? this.#sameMs + LOOK_MS : 0;
    this.#seen = progress;
    if (limitMs === 0 || this.#sameMs <= limitMs) return;
    if (!this.#board.findStall()) return;
    this.end();
    this.#onStall(this.#board.stall);
  }
}

const LOOK_MS = 250;
