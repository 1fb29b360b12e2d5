import type { PluginLog } from '../../../src/plugin/index.ts';
import { HeadraceError } from '../../../src/plugin/index.ts';
import { DoublingWait } from '../doubling-wait.ts';
import type { LateWrites } from '../file-store.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import { isSameVersion } from '../file-version.ts';
import type { Finished, Finisher } from './finisher.ts';

const FIRST_RETRY_MS = 1000;
const MOST_RETRY_MS = 300_000;

/** What became of a file; with an error, it stays where it is until putting it away is tried again. */
export type PutAwayResult = Finished & { readonly error?: string; readonly tries?: number };

interface Waiting {
  readonly version: FileVersion;
  readonly wait: DoublingWait;
  /** Of a file that was given up: what is tried again, as it is not to be read again for it. */
  readonly again: (() => Promise<PutAwayResult>) | null;
}

export interface PutAwayOptions {
  /** null: nothing can be written to a file once it is put away, or nobody looks for files again. */
  readonly late: LateWrites | null;
  /** Files are looked for again and again. */
  readonly watches: boolean;
  readonly log: PluginLog;
}

/**
 * Puts files away, and keeps at it: one that cannot be moved or deleted is told of once and tried again, while others
 * go on. Remembers, for as long as the task runs, what is to be thought of a file that is there afterwards.
 */
export class PutAway {
  readonly #finisher: Finisher;
  readonly #late: LateWrites | null;
  readonly #watches: boolean;
  readonly #log: PluginLog;
  /** Files that could not be put away, by path. */
  readonly #waiting = new Map<string, Waiting>();
  /** Paths under which something was moved or deleted. */
  readonly #gone = new Set<string>();
  /** Paths of delivered files that were written to before they were put away, or could not be. */
  readonly #unfinished = new Set<string>();

  constructor(finisher: Finisher, { late, watches, log }: PutAwayOptions) {
    this.#finisher = finisher;
    this.#late = late;
    this.#watches = watches;
    this.#log = log;
  }

  /** Whether the next try with a file is still to wait. One that has changed since has nothing to wait for. */
  isWaiting(path: string, version: FileVersion): boolean {
    const waiting = this.#waiting.get(path);
    if (waiting === undefined) return false;
    return isSameVersion(waiting.version, version) && !waiting.wait.isOver;
  }

  /** What is under the path came after what was delivered was moved or deleted. */
  hasPutAway(path: string): boolean {
    return this.#gone.has(path) && !this.isContinued(path);
  }

  /** What is under the path is what was delivered, and perhaps more: it did not come a second time. */
  isContinued(path: string): boolean {
    return this.#unfinished.has(path) || (this.#late?.hasBroughtBack(path) ?? false);
  }

  /** Tries once more to put away a file that was given up, if it is one; null when there is none in this version. */
  async again(path: string, version: FileVersion): Promise<PutAwayResult | null> {
    const waiting = this.#waiting.get(path);
    if (waiting === undefined || waiting.again === null) return null;
    if (isSameVersion(waiting.version, version)) return await waiting.again();
    this.#waiting.delete(path);
    return null;
  }

  /** Finishes a file of which every row is delivered. */
  async finish(found: FoundFile, version: FileVersion, generation: string): Promise<PutAwayResult> {
    const held = this.#finisher.leavesFiles ? null : await this.#late?.hold(found, version);
    const finished = await this.#try(found, version, null, () =>
      this.#finisher.finish(found, version, generation),
    );
    const { path } = found;
    const isAway = finished.action === 'moved' || finished.action === 'deleted';
    if (isAway) this.#gone.add(path);
    if (finished.action === 'replaced' || finished.error !== undefined) this.#unfinished.add(path);
    else this.#unfinished.delete(path);
    if (finished.action === 'replaced') await this.#tellChanged(found, version);
    this.#late?.settled(path);
    if (isAway) held?.watch(finished.target ?? null);
    else await held?.release();
    return finished;
  }

  /** Puts a file into `error.path` that was given up. */
  async fail(
    found: FoundFile,
    version: FileVersion,
    generation: string,
    note: string,
  ): Promise<PutAwayResult> {
    const act = () => this.#finisher.fail(found, version, generation, note, this.#log);
    const again = () => this.fail(found, version, generation, note);
    return await this.#try(found, version, again, act);
  }

  /** Whether delivered files are looked after that were put away. */
  get isLookingAfter(): boolean {
    return this.#late?.isWatching ?? false;
  }

  /** Whether nothing is to be tried again. */
  get isAtRest(): boolean {
    return this.#waiting.size === 0 && this.#unfinished.size === 0;
  }

  /** Paths under which something waits. */
  *paths(): Generator<string> {
    yield* this.#waiting.keys();
    yield* this.#unfinished;
  }

  /** Something under the path waits, or is looked after. */
  has(path: string): boolean {
    const isWaiting = this.#waiting.has(path) || this.isContinued(path);
    return isWaiting || (this.#late?.watches(path) ?? false);
  }

  /** Nothing is to be known of what was moved or deleted under a path. */
  forgotten(path: string): void {
    this.#gone.delete(path);
  }

  /** What waited under a path is no longer there. */
  forget(path: string): void {
    this.#waiting.delete(path);
    this.#unfinished.delete(path);
  }

  async close(): Promise<void> {
    await this.#late?.close();
  }

  /** Not of one of which only the owner or the mode changed, or that is hard to look at now: it is looked at next anyway. */
  async #tellChanged(found: FoundFile, version: FileVersion): Promise<void> {
    const now = await this.#finisher.look(found).catch(() => null);
    if (now === null || isSameVersion(now, version)) return;
    const when = this.#watches ? 'now' : 'by the next run';
    this.#log.warn(`file changed after it was delivered; what is new in it is loaded ${when}`, {
      file: found.path,
      bytes: now.size - version.size,
    });
  }

  async #try(
    found: FoundFile,
    version: FileVersion,
    again: Waiting['again'],
    act: () => Promise<Finished>,
  ): Promise<PutAwayResult> {
    const { path } = found;
    try {
      const finished = await act();
      this.#waiting.delete(path);
      return finished;
    } catch (error) {
      if (!(error instanceof HeadraceError)) throw error;
      const wait = this.#waiting.get(path)?.wait ?? new DoublingWait(FIRST_RETRY_MS, MOST_RETRY_MS);
      const retryInMs = wait.begin();
      this.#waiting.set(path, { version, wait, again });
      const level = wait.failures === 1 ? 'error' : 'debug';
      this.#log[level]('file could not be put away', { file: path, error: error.message, retryInMs });
      return { action: 'left', error: error.message, tries: wait.failures };
    }
  }
}
