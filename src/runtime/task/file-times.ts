import type { FileState } from '../../plugin/index.ts';
import type { CommittedFile } from '../events/events.ts';

type Detail = Readonly<Record<string, unknown>>;

/** A file that is being read, or is delivered and not finished yet. */
interface Begun {
  readonly generation: unknown;
  /** By the clock of `performance.now`. */
  readonly atMs: number;
  /** Rows before where reading began. */
  readonly row: number;
  toldAtMs: number;
  /** What it took, once all of it is delivered. */
  taken: Detail | null;
}

/** Times the files of a task, and knows which content is meant in all that is told of one. */
export class FileTimes {
  readonly #progressMs: number;
  readonly #begun = new Map<string, Begun>();

  /** @param progressMs how often progress is told, in milliseconds; 0: never */
  constructor(progressMs: number) {
    this.#progressMs = progressMs;
  }

  /** What is to be told of a file's state besides. */
  of(file: string, state: FileState, detail: Detail): Detail {
    const now = performance.now();
    if (state === 'READING') {
      const { generation, row } = detail;
      this.#begun.set(file, { generation, atMs: now, row: numberOf(row), toldAtMs: now, taken: null });
      return {};
    }
    const begun = this.#begun.get(file);
    if (begun === undefined) return {};
    const { generation, taken } = begun;
    if (state === 'DELIVERED') {
      if (taken !== null) return { generation };
      begun.taken = speedOf(begun, numberOf(detail.rows), now);
      return { generation, ...begun.taken };
    }
    this.#begun.delete(file);
    return { generation, ...taken };
  }

  /** What is to be told of a file with a commit of rows of it; null when that was done a moment ago. */
  progress({ path, position, size, rows, eof }: CommittedFile): Detail | null {
    const begun = this.#begun.get(path);
    const now = performance.now();
    if (begun === undefined || eof || this.#progressMs === 0) return null;
    if (now - begun.toldAtMs < this.#progressMs) return null;
    begun.toldAtMs = now;
    const { generation } = begun;
    return { file: path, generation, rows: rows.read, position, size, ...speedOf(begun, rows.read, now) };
  }
}

function speedOf({ atMs, row }: Begun, rows: number, now: number): Detail {
  const durationMs = Math.round(now - atMs);
  return { durationMs, rowsPerSecond: Math.round(((rows - row) * 1000) / Math.max(1, durationMs)) };
}

function numberOf(value: unknown): number {
  return typeof value === 'number' ? value : 0;
}
