import type { PluginLog } from '../../../src/plugin/index.ts';
import type { ListedFile } from '../file-store.ts';
import type { FileTask } from '../file-task.ts';
import type { FilesOrder } from './files-order.ts';

/** So many files without a date are told of; after that it is known. */
const MOST_LINES = 3;

/** Which file has its turn, by `files.order`. */
export class Turns {
  readonly #order: FilesOrder;
  readonly #files: FileTask;
  readonly #log: PluginLog;
  /** For which the later ones wait, as was told. */
  #waitedFor: string | null = null;
  readonly #undated = new Set<string>();

  constructor(order: FilesOrder, files: FileTask, log: PluginLog) {
    this.#order = order;
    this.#files = files;
    this.#log = log;
  }

  /** Whether a file that is not due has the later ones wait. */
  isWaitedFor(path: string): boolean {
    return this.#order.isStrict && this.#files.isToTryAgain(path);
  }

  /**
   * What is to be read now, in its order. Of a strict one the part that nothing comes before, and a file that was begun
   * comes first: what has come since is later than that.
   *
   * @param due what may be read
   * @param waiting what is there and may not be read yet
   */
  of(due: readonly ListedFile[], waiting: readonly ListedFile[]): readonly ListedFile[] {
    this.#tellUndated(due);
    if (!this.#order.isStrict) return this.#order.sorted(due);
    const all = this.#order.sorted([...due, ...waiting]);
    const isBegun = ({ path }: ListedFile) => this.#files.isBegun(path);
    const turns = [...all.filter(isBegun), ...all.filter((file) => !isBegun(file))];
    const isWaiting = new Set(waiting);
    const first = turns.findIndex((file) => isWaiting.has(file));
    return first < 0 ? turns : turns.slice(0, first);
  }

  /** A file had its turn, and is to be read yet: whether the later ones must wait. */
  mustWaitFor({ path }: ListedFile): boolean {
    if (!this.#order.isStrict) return false;
    if (this.#waitedFor !== path)
      this.#log.info('later files wait for this one (files.order)', { file: path });
    this.#waitedFor = path;
    return true;
  }

  #tellUndated(files: readonly ListedFile[]): void {
    if (!this.#order.isDated) return;
    for (const { place, path } of files) {
      if (this.#undated.size === MOST_LINES) return;
      if (this.#undated.has(path) || this.#order.dateIn(place) !== null) continue;
      this.#undated.add(path);
      this.#log.warn('name has no date as files.order says; the file comes after those that have one', {
        file: path,
      });
    }
  }
}
