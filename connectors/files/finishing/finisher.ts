import type { PluginLog } from '../../../src/plugin/index.ts';
import { messageOf } from '../../../src/plugin/index.ts';
import type { FileStore, PutAwayOutcome } from '../file-store.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import { isSameFile, isSameVersion } from '../file-version.ts';
import { type CompanionOptions, Companions } from '../ready/companions.ts';
import { unreadable } from '../source-errors.ts';
import { bringBack } from './bring-back.ts';
import { datedPlace, fixedPart } from './dated-path.ts';
import { namesFor } from './free-name.ts';

export interface FinisherOptions extends Partial<CompanionOptions> {
  readonly finishedPath: string | null;
  readonly finishedDelete: boolean;
  /** How files are compressed that go to `finishedPath`; only of stores that can. */
  readonly finishedCompress?: 'gzip' | null;
  /** What a delivered file is tagged with where it stays; only of stores that have tags. */
  readonly finishedTag?: Readonly<Record<string, string>>;
  readonly errorPath: string | null;
}

/** What was done with a file: `replaced` and `gone` mean that there was nothing of it to put away any more. */
export interface Finished {
  readonly action: 'left' | 'moved' | 'deleted' | 'tagged' | 'replaced' | 'gone';
  readonly target?: string;
}

/** Puts files away that are delivered or given up. Everything here may be done twice. */
export class Finisher {
  readonly #store: FileStore;
  readonly #options: FinisherOptions;
  readonly #companions: Companions;
  /** What the store has made of a path that files are moved to. */
  readonly #prepared = new Map<string, string>();

  constructor(store: FileStore, options: FinisherOptions) {
    this.#store = store;
    this.#options = options;
    this.#companions = new Companions(options);
  }

  /** Delivered files stay where they are. */
  get leavesFiles(): boolean {
    return this.#options.finishedPath === null && !this.#options.finishedDelete;
  }

  /** There is nothing at all to do with a delivered file. */
  get isIdle(): boolean {
    return this.leavesFiles && this.#tags === null;
  }

  get takesFailed(): boolean {
    return this.#options.errorPath !== null;
  }

  /**
   * Checks the places that files are moved to before anything is read.
   *
   * @returns what the store has made of them
   * @throws HeadraceError SOURCE_UNREADABLE naming the option at fault.
   */
  async prepare(log: PluginLog): Promise<string[]> {
    const paths = [
      ['finished.path', this.#options.finishedPath],
      ['error.path', this.#options.errorPath],
    ] as const;
    for (const [option, path] of paths) {
      if (path === null) continue;
      const folder = fixedPart(path);
      this.#prepared.set(path, await this.#store.prepareDestination(option, folder, log));
    }
    return [...this.#prepared.values()];
  }

  /** A file as it is now; null when it is not there. */
  look(found: FoundFile): Promise<FileVersion | null> {
    return this.#store.stat(found);
  }

  /** Finishes a delivered file, if it still is in the version that was delivered. */
  async finish(found: FoundFile, version: FileVersion, generation: string): Promise<Finished> {
    const { finishedPath, finishedDelete } = this.#options;
    if (!this.leavesFiles) await this.#finishCompanions(found, version, generation);
    if (finishedPath !== null)
      return await this.#move('finished.path', finishedPath, found, version, generation);
    if (finishedDelete) return act('finished.delete', 'deleted', found, this.#store.remove(found, version));
    const tags = this.#tags;
    if (tags === null || this.#store.tag === undefined) return { action: 'left' };
    return act('finished.tag', 'tagged', found, this.#store.tag(found, version, tags));
  }

  /**
   * Puts a file that was given up back under its path, with what belongs beside it.
   *
   * @returns what kept it from it; null when it is there
   */
  bringBack({ path, target }: { readonly path: string; readonly target: string }): Promise<string | null> {
    return bringBack(this.#store, this.#companions, path, target);
  }

  /** Where `fail` would put a file now; null where it stays, or that cannot be told. */
  async targetOf(found: FoundFile, generation: string): Promise<string | null> {
    const { errorPath } = this.#options;
    const store = this.#store;
    if (errorPath === null || store.targetIn === undefined || store.movedTo === undefined) return null;
    const folder = this.#prepared.get(errorPath) ?? fixedPart(errorPath);
    for (const place of namesFor(datedPlace(errorPath, found.place), generation, false)) {
      const target = store.targetIn(folder, place);
      const { store: there, file } = store.movedTo(target, found.path);
      if ((await there.stat(file)) === null) return target;
    }
    return null;
  }

  /** Puts a file that was given up into `error.path`, with the note that tells why beside it. */
  async fail(
    found: FoundFile,
    version: FileVersion,
    generation: string,
    note: string,
    log: PluginLog,
  ): Promise<Finished> {
    const { errorPath } = this.#options;
    if (errorPath === null) return { action: 'left' };
    const now = await this.#store.stat(found).catch((error: unknown) => {
      throw notPutAway('error.path', found, error);
    });
    if (now === null) return { action: 'gone' };
    if (!isSameFile(now, version)) return { action: 'replaced' };
    const finished = await this.#move('error.path', errorPath, found, now, generation);
    if (finished.target === undefined) return finished;
    await this.#failCompanions(errorPath, found, generation, log);
    await this.#store.writeNote(finished.target, note).catch((error: unknown) => {
      log.warn('reason could not be written beside the file', { file: found.path, error: String(error) });
    });
    return finished;
  }

  /**
   * Before the file itself: one that is left behind by a process that ends in between would stand for the next file of
   * the name, while a delivered file without one is known by its offset.
   */
  async #finishCompanions(found: FoundFile, version: FileVersion, generation: string): Promise<void> {
    if (this.#companions.isEmpty) return;
    const { finishedPath } = this.#options;
    const option = finishedPath === null ? 'finished.delete' : 'finished.path';
    try {
      const now = await this.#store.stat(found);
      if (now === null || !isSameVersion(now, version)) return;
      for (const { file } of this.#companions.of(found)) {
        const there = await this.#store.stat(file);
        if (there === null) continue;
        if (finishedPath === null) await this.#store.remove(file, there);
        else await this.#moveInto(finishedPath, file, there, generation);
      }
    } catch (error) {
      throw notPutAway(option, found, error);
    }
  }

  /** Beside the file, so that both can be put back. */
  async #failCompanions(path: string, found: FoundFile, generation: string, log: PluginLog): Promise<void> {
    for (const { file } of this.#companions.of(found)) {
      try {
        const there = await this.#store.stat(file);
        if (there !== null) await this.#move('error.path', path, file, there, generation);
      } catch (error) {
        log.warn('marker or checksum file could not be put away', {
          file: file.path,
          error: messageOf(error),
        });
      }
    }
  }

  get #tags(): Readonly<Record<string, string>> | null {
    const { finishedTag = {} } = this.#options;
    return Object.keys(finishedTag).length === 0 ? null : finishedTag;
  }

  async #move(
    option: string,
    path: string,
    found: FoundFile,
    version: FileVersion,
    generation: string,
  ): Promise<Finished> {
    try {
      const isCompressed = option === 'finished.path' && this.#options.finishedCompress === 'gzip';
      const moved = await this.#moveInto(path, found, version, generation, isCompressed);
      return typeof moved === 'string' ? { action: moved } : { action: 'moved', target: moved.target };
    } catch (error) {
      throw notPutAway(option, found, error);
    }
  }

  #moveInto(path: string, found: FoundFile, version: FileVersion, generation: string, isCompressed = false) {
    const folder = this.#prepared.get(path) ?? fixedPart(path);
    const place = datedPlace(path, found.place);
    const store = this.#store;
    const dated = { ...found, place };
    if (isCompressed && store.compressInto !== undefined)
      return store.compressInto(folder, dated, version, generation);
    return store.moveInto(folder, dated, version, generation);
  }
}

async function act(
  option: string,
  action: 'deleted' | 'tagged',
  found: FoundFile,
  done: Promise<PutAwayOutcome>,
): Promise<Finished> {
  try {
    const outcome = await done;
    return { action: outcome === 'done' ? action : outcome };
  } catch (error) {
    throw notPutAway(option, found, error);
  }
}

function notPutAway(option: string, { path }: FoundFile, error: unknown) {
  return unreadable(
    `${JSON.stringify(path)} could not be put away (${option}): ${messageOf(error)}`,
    'it is tried again by itself, and no row of it is sent twice',
    undefined,
    { cause: error },
  );
}
