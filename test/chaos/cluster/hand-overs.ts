/** How long it took until the work of a worker that was gone went on. */
export interface HandOverTimes {
  /** From each time that one was gone to the first commit of one of its tasks, in milliseconds. */
  readonly first: readonly number[];
  /** To the first commit of each of its tasks. */
  readonly each: readonly number[];
  /** Times that no task of it has gone on so far. */
  readonly open: number;
}

interface Gone {
  readonly worker: string;
  readonly at: number;
  /** Its tasks that nobody has gone on with yet. */
  readonly waiting: Set<string>;
  readonly tasks: number;
  first: number | null;
  readonly each: number[];
}

/** Whatever else happens so soon before or after a worker is gone may be why its work goes on later. */
const BESIDE_MS = 12_000;
/** So long it takes at most until it is heard of what a worker did before it was gone. */
const LATE_MS = 2_000;
/** A task that was longer ago at work has nothing to do, so that nothing tells when it goes on. */
const AT_WORK_MS = 3_000;

/** Who commits for which task, and how long nobody does once that worker is gone. */
export class HandOvers {
  readonly #last = new Map<string, { readonly worker: string; readonly at: number }>();
  readonly #gone = new Map<string, Gone[]>();
  /** When something was done to the group, or to its brokers. */
  readonly #disturbed: number[] = [];

  /** @param worker one life of a worker: another name after each start */
  committed(worker: string, task: string, at: number): void {
    const before = this.#last.get(task);
    this.#last.set(task, { worker, at });
    if (before?.worker === worker) return this.#isBack(worker, task, at);
    for (const gone of [...this.#gone.values()].flat()) {
      if (!gone.waiting.delete(task)) continue;
      gone.first ??= at - gone.at;
      gone.each.push(at - gone.at);
    }
  }

  /** Tasks for which a worker was the last to commit, a moment ago. */
  tasksOf(worker: string, at: number): string[] {
    const atWork = [...this.#last].filter(([, last]) => last.worker === worker && at - last.at < AT_WORK_MS);
    return atWork.map(([task]) => task);
  }

  /** Something happens to anybody. */
  disturbed(at: number): void {
    this.#disturbed.push(at);
  }

  /** @param how it went, under which its times are told */
  gone(how: string, worker: string, at: number): void {
    this.disturbed(at);
    const tasks = this.tasksOf(worker, at);
    if (tasks.length === 0) return;
    const all = this.#gone.get(how) ?? [];
    this.#gone.set(how, all);
    all.push({ worker, at, waiting: new Set(tasks), tasks: tasks.length, first: null, each: [] });
  }

  /** @param which only those beside which nothing else happened, or all */
  times(how: string, which: 'alone' | 'all' = 'all'): HandOverTimes {
    const every = this.#gone.get(how) ?? [];
    const all = which === 'all' ? every : every.filter(({ at }) => this.#isAlone(at));
    return {
      first: all.flatMap(({ first }) => first ?? []),
      each: all.flatMap(({ each }) => each),
      open: all.filter(({ first, waiting }) => first === null && waiting.size > 0).length,
    };
  }

  /** One that was suspended goes on with a task that nobody has gone on with meanwhile. */
  #isBack(worker: string, task: string, at: number): void {
    for (const gone of [...this.#gone.values()].flat())
      if (gone.worker === worker && at - gone.at > LATE_MS) gone.waiting.delete(task);
  }

  #isAlone(at: number): boolean {
    return this.#disturbed.filter((other) => Math.abs(other - at) < BESIDE_MS).length === 1;
  }
}

/** `1.2 s, 4.0 s at most, of 12`. */
export function toldTimes(times: readonly number[]): string {
  if (times.length === 0) return 'none';
  const sorted = times.toSorted((one, other) => one - other);
  const seconds = (ms: number | undefined) => `${((ms ?? 0) / 1000).toFixed(1)} s`;
  return `${seconds(sorted[Math.floor(sorted.length / 2)])}, ${seconds(sorted.at(-1))} at most, of ${sorted.length}`;
}
