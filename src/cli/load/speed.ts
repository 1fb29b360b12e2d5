/** Speeds are of this much of the past: short enough to follow, long enough to be read. */
const WINDOW_MS = 10_000;

interface Sample {
  readonly atMs: number;
  readonly rows: number;
  readonly bytes: number;
}

/** How fast rows and bytes are acknowledged, over the last seconds. */
export class Speed {
  #samples: Sample[] = [];

  /** Takes how far the load is at a time. */
  add(sample: Sample): void {
    const last = this.#samples.at(-1);
    if (last !== undefined && last.rows === sample.rows && last.bytes === sample.bytes) return;
    this.#samples.push(sample);
    const oldest = this.#samples.findLastIndex(({ atMs }) => atMs <= sample.atMs - WINDOW_MS);
    if (oldest > 0) this.#samples = this.#samples.slice(oldest);
  }

  /** What follows a pause has nothing to do with what was before it. */
  reset(): void {
    this.#samples = [];
  }

  /** A second; null until it is known. */
  at(nowMs: number): { readonly rows: number; readonly bytes: number } | null {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last === first) return null;
    // Commits come in steps: between two of them the speed is that up to the last, until the next is overdue.
    const stepMs = (last.atMs - first.atMs) / (this.#samples.length - 1);
    const seconds = Math.max(last.atMs, nowMs - stepMs) - first.atMs;
    return {
      rows: ((last.rows - first.rows) * 1000) / seconds,
      bytes: ((last.bytes - first.bytes) * 1000) / seconds,
    };
  }
}
