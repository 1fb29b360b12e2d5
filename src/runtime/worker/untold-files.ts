import type { GivenUpFile } from '../../plugin/index.ts';

/**
 * Files that a task's source is to be told of, to try them again. One is kept until the source has it: the task's thread may be ending
 * while it is told, as it falls asleep or fails, and then its next one is told.
 */
export class UntoldFiles {
  readonly #files: GivenUpFile[] = [];
  /** So many of them, from the first on, are on their way. */
  #underWay = 0;

  get all(): readonly GivenUpFile[] {
    return this.#files;
  }

  get isEmpty(): boolean {
    return this.#files.length === 0;
  }

  add(files: readonly GivenUpFile[]): void {
    this.#files.push(...files);
  }

  /** Those that are not under way yet, and are from now on. */
  next(): GivenUpFile[] {
    const files = this.#files.slice(this.#underWay);
    this.#underWay = this.#files.length;
    return files;
  }

  /** The source has the first so many. */
  taken(count: number): void {
    this.#files.splice(0, count);
    this.#underWay -= count;
  }

  /** Nothing that is under way comes to anybody any more. */
  threadEnded(): void {
    this.#underWay = 0;
  }
}
