import type {
  CommittedOffset,
  ConfigProblem,
  SourcePartition,
  TaskContext,
} from '../../../src/plugin/index.ts';
import type { FileStore } from '../file-store.ts';
import type { FileTask } from '../file-task.ts';
import { belongsTo } from '../shard.ts';

/** So many are forgotten with one listing: each is looked for by its name first. */
const MOST_AT_ONCE = 10_000;
/** And so many in one transaction. */
const MOST_TOGETHER = 500;
const LEAST_PAUSE_MS = 1000;
/** To look through all that is known takes time; for this many times as long nothing is looked through. */
const PAUSE_PER_LOOK = 1000;

export interface RetentionValues {
  readonly offsetsRetentionMs: number | null;
  readonly offsetsRetentionFiles: number | null;
}

export interface RetentionOptions extends RetentionValues {
  readonly store: FileStore;
  readonly files: FileTask;
  /** Delivered files stay where they are. */
  readonly leavesFiles: boolean;
}

/**
 * Has files forgotten that were delivered long ago, or before many others, so that what is known of them does not grow for
 * ever. A file that is there is never forgotten: it would be loaded once more.
 */
export class Retention {
  readonly #context: TaskContext;
  readonly #options: RetentionOptions;
  /** What may be forgotten if the listing that is under way does not meet it, by path. */
  #candidates = new Map<string, SourcePartition[]>();
  #hasMetKnown = false;
  /** By the monotonic clock. */
  #nextLookMs = 0;
  #forgetting: Promise<void> | null = null;

  constructor(context: TaskContext, options: RetentionOptions) {
    this.#context = context;
    this.#options = options;
  }

  /** A listing begins. */
  begin(): void {
    const { offsetsRetentionMs, offsetsRetentionFiles } = this.#options;
    const beganMs = performance.now();
    this.#candidates = new Map();
    this.#hasMetKnown = false;
    if (offsetsRetentionMs === null && offsetsRetentionFiles === null) return;
    if (this.#forgetting !== null || beganMs < this.#nextLookMs) return;
    for (const { partition } of this.#outdated()) {
      const path = String(partition.file);
      const partitions = this.#candidates.get(path) ?? [];
      this.#candidates.set(path, [...partitions, partition]);
      if (this.#candidates.size === MOST_AT_ONCE) break;
    }
    const now = performance.now();
    this.#nextLookMs = now + Math.max(LEAST_PAUSE_MS, (now - beganMs) * PAUSE_PER_LOOK);
  }

  /** It has met a file. */
  met(path: string): void {
    if (this.#candidates.size === 0) return;
    this.#hasMetKnown ||= this.#options.files.isKnown(path);
    this.#candidates.delete(path);
  }

  /**
   * It has seen all that is there. Where files stay, and nothing is there that is known, it may be a mount that is away.
   * What was not met is looked for by its name, as a feed need not want all that is there; meanwhile files are read.
   */
  end(): void {
    if (this.#candidates.size === 0) return;
    if (this.#options.leavesFiles && !this.#hasMetKnown) return;
    this.#forgetting = this.#forgetAbsent([...this.#candidates]).finally(() => {
      this.#forgetting = null;
    });
  }

  /** Nothing is being forgotten. */
  get isAtRest(): boolean {
    return this.#forgetting === null;
  }

  async close(): Promise<void> {
    await this.#forgetting;
  }

  async #forgetAbsent(candidates: [path: string, SourcePartition[]][]): Promise<void> {
    for (let from = 0; from < candidates.length; from += MOST_TOGETHER) {
      const gone: [string, SourcePartition[]][] = [];
      for (const candidate of candidates.slice(from, from + MOST_TOGETHER)) {
        if (this.#context.signal.aborted) return;
        if (await this.#isGone(candidate[0])) gone.push(candidate);
      }
      // It may have come again since it was looked for.
      const forgotten = gone.filter(([path]) => !this.#options.files.isAtHand(path));
      if (forgotten.length === 0) continue;
      this.#context.forget(forgotten.flatMap(([, partitions]) => partitions));
      this.#options.files.forgotten(forgotten.map(([path]) => path));
    }
  }

  /** One that cannot be looked for may be there. */
  async #isGone(path: string): Promise<boolean> {
    const { store, files } = this.#options;
    const found = files.isAtHand(path) ? undefined : store.at?.(path);
    if (found === undefined) return false;
    return await store.stat(found).then(
      (version) => version === null,
      () => false,
    );
  }

  /**
   * What is too old, or too far behind; of this task's files those that were delivered whole, but for the newest: it tells
   * how the files of the feed are.
   */
  *#outdated(): Generator<CommittedOffset> {
    const { offsetsRetentionMs: mostMs } = this.#options;
    const own = [...this.#context.offsets.find({})].filter((known) => this.#isOwn(known));
    const newest = own.reduce<CommittedOffset | null>(
      (one, other) => (one === null || other.timestamp >= one.timestamp ? other : one),
      null,
    );
    const surplus = this.#surplus(own.map(({ timestamp }) => timestamp));
    const before = Math.max(surplus.before, mostMs === null ? 0 : Date.now() - mostMs);
    let { ties } = surplus;
    for (const known of own) {
      const isTie = ties > 0 && known.timestamp === surplus.before;
      if (known === newest || !(known.timestamp < before || isTie)) continue;
      if (isTie) ties--;
      if (known.offset.eof === true) yield known;
    }
  }

  /** When the last that is too many was committed, and how many of that moment are too many. */
  #surplus(times: readonly number[]): { readonly before: number; readonly ties: number } {
    const { offsetsRetentionFiles: most } = this.#options;
    const excess = times.length - Math.ceil((most ?? Number.POSITIVE_INFINITY) / this.#context.taskCount);
    if (excess <= 0) return { before: 0, ties: 0 };
    const sorted = times.toSorted((one, other) => one - other);
    const before = sorted[excess - 1] as number;
    return { before, ties: excess - sorted.indexOf(before) };
  }

  #isOwn({ partition: { file } }: CommittedOffset): boolean {
    return typeof file === 'string' && belongsTo(file, this.#context);
  }
}

/** Mistakes in how long files are remembered. */
export function* checkRetention(values: RetentionValues): Generator<ConfigProblem> {
  const given = [
    ['offsets.retention.ms', values.offsetsRetentionMs],
    ['offsets.retention.files', values.offsetsRetentionFiles],
  ] as const;
  for (const [key, value] of given) {
    if (value === 0)
      yield { key, message: 'must be 1 or more, got 0; to remember files for ever, leave it out' };
  }
}
