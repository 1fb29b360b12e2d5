import { type Random, seededRandom } from '../../src/testing/seeded-random.ts';

interface Due {
  readonly atMs: number;
  /** Of two that are due at the same time the one that was planned first comes first. */
  readonly number: number;
  readonly run: () => void;
}

/** More than happens at one moment where nothing turns in circles. */
const MOST_AT_ONCE = 1_000_000;

/** What must never be, and was. */
export class Broken extends Error {}

/**
 * Time and chance: everything that happens is planned here and happens in order, and whatever is left to chance is drawn
 * from one seed. So a seed and a commit play the same, event by event.
 */
export class World {
  nowMs = 0;
  readonly #random: Random;
  readonly #heap: Due[] = [];
  readonly #lines: string[] | null;
  #planned = 0;
  #atOnce = 0;
  #digest = 0x811c9dc5;
  events = 0;

  constructor(seed: number, options: { readonly keepsLines: boolean }) {
    this.#random = seededRandom(seed);
    this.#lines = options.keepsLines ? [] : null;
  }

  after(delayMs: number, run: () => void): void {
    const due = { atMs: this.nowMs + delayMs, number: this.#planned++, run };
    const heap = this.#heap;
    let at = heap.push(due) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      if (isBefore(heap[above] as Due, due)) break;
      heap[at] = heap[above] as Due;
      at = above;
    }
    heap[at] = due;
  }

  /** Plays all that happens until then. */
  playUntil(atMs: number): void {
    for (let next = this.#heap[0]; next !== undefined && next.atMs <= atMs; next = this.#heap[0]) {
      this.#drop();
      this.#atOnce = next.atMs === this.nowMs ? this.#atOnce + 1 : 0;
      if (this.#atOnce > MOST_AT_ONCE) throw new Broken('it goes on and on');
      this.nowMs = next.atMs;
      this.events++;
      next.run();
    }
    this.nowMs = atMs;
  }

  tell(line: string): void {
    for (let at = 0; at < line.length; at++)
      this.#digest = Math.imul(this.#digest ^ line.charCodeAt(at), 0x01000193);
    this.#lines?.push(`${(this.nowMs / 1000).toFixed(3).padStart(9)} ${line}`);
  }

  /** Of all that was told: the same for the same seed and code. */
  get digest(): string {
    return (this.#digest >>> 0).toString(16).padStart(8, '0');
  }

  get lines(): readonly string[] {
    return this.#lines ?? [];
  }

  chance(share: number): boolean {
    return this.#random() < share;
  }

  between(least: number, most: number): number {
    return least + (most - least) * this.#random();
  }

  /** A whole number, both ends included. */
  whole(least: number, most: number): number {
    return Math.floor(this.between(least, most + 1));
  }

  pick<T>(list: readonly T[]): T {
    return list[Math.floor(this.#random() * list.length)] as T;
  }

  #drop(): void {
    const heap = this.#heap;
    const last = heap.pop() as Due;
    if (heap.length === 0) return;
    let at = 0;
    for (;;) {
      let below = 2 * at + 1;
      if (below >= heap.length) break;
      if (below + 1 < heap.length && isBefore(heap[below + 1] as Due, heap[below] as Due)) below++;
      if (isBefore(last, heap[below] as Due)) break;
      heap[at] = heap[below] as Due;
      at = below;
    }
    heap[at] = last;
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.atMs < b.atMs || (a.atMs === b.atMs && a.number < b.number);
}
