import type { WriteStream } from 'node:tty';
import type { LoadPhase, LoadProgress } from '../../load/load-progress.ts';
import type { Paint } from '../../terminal/terminal.ts';
import { progressText } from './progress-text.ts';
import { Speed } from './speed.ts';

const REDRAW_MS = 200;
const ERASE_TO_END = '\x1b[K';

/** One line of a terminal that is drawn again and again, and is gone in the end. */
export class ProgressLine {
  readonly #terminal: WriteStream;
  readonly #paint: Paint;
  readonly #speed = new Speed();
  readonly #timer: NodeJS.Timeout;
  #progress: LoadProgress | null = null;
  #phase: LoadPhase | null = null;
  #phaseBeganAt = 0;
  #shown = '';

  constructor(terminal: WriteStream, paint: Paint) {
    this.#terminal = terminal;
    this.#paint = paint;
    // A terminal that was closed is no reason not to commit.
    terminal.on('error', () => {});
    this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
  }

  update(progress: LoadProgress): void {
    const now = performance.now();
    if (progress.phase !== this.#phase) {
      this.#phase = progress.phase;
      this.#phaseBeganAt = now;
      this.#speed.reset();
    }
    if (progress.phase === 'LOADING') {
      this.#speed.add({ atMs: now, rows: progress.run.read, bytes: progress.bytes });
    }
    const isFirst = this.#progress === null;
    this.#progress = progress;
    if (isFirst) this.#draw();
  }

  /** Writes a line that stays, above the one that moves. */
  say(text: string): void {
    this.#terminal.write(`\r${ERASE_TO_END}${text}\n`);
    this.#shown = '';
    this.#draw();
  }

  end(): void {
    clearInterval(this.#timer);
    this.#progress = null;
    this.#terminal.write(`\r${ERASE_TO_END}`);
  }

  /** In one write, over what was there: nothing flickers. */
  #draw(): void {
    if (this.#progress === null) return;
    const now = performance.now();
    const text = progressText(this.#progress, this.#speed.at(now), {
      width: this.#terminal.columns || 80,
      elapsedMs: now - this.#phaseBeganAt,
      paint: this.#paint,
    });
    if (text === this.#shown) return;
    this.#shown = text;
    this.#terminal.write(`\r${text}${ERASE_TO_END}`);
  }
}
