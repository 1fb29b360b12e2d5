/** So many are told at once. */
const AT_ONCE = 1000;
const PAUSE_MS = 200;

/**
 * Tells of files one by one, and of very many in pieces: whoever is told keeps each until it is written, and a hundred thousand at
 * once would cost him hundreds of megabytes.
 */
export class ToldInPieces {
  readonly #tell: (path: string) => void;
  #waiting: string[] = [];
  #next = 0;
  #left = AT_ONCE;
  #timer: NodeJS.Timeout | null = null;

  /** @param tell may be called later, when there is nothing to tell of a file any more */
  constructor(tell: (path: string) => void) {
    this.#tell = tell;
  }

  add(path: string): void {
    this.#timer ??= setInterval(() => this.#tellNext(), PAUSE_MS).unref();
    if (this.#left === 0) this.#waiting.push(path);
    else {
      this.#left--;
      this.#tell(path);
    }
  }

  close(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#waiting = [];
  }

  #tellNext(): void {
    const end = Math.min(this.#next + AT_ONCE, this.#waiting.length);
    this.#left = AT_ONCE - (end - this.#next);
    while (this.#next < end) this.#tell(this.#waiting[this.#next++] as string);
    if (this.#next < this.#waiting.length) return;
    this.#waiting = [];
    this.#next = 0;
    // Nobody has come since: the next one that comes begins anew.
    if (this.#left === AT_ONCE) this.close();
  }
}
