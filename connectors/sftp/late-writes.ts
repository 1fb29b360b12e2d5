import { posix } from 'node:path';
import { messageOf } from '../../src/plugin/index.ts';
import type { HeldFile, LateWritesOptions, LateWrites as StoreLateWrites } from '../files/file-store.ts';
import type { FileVersion, FoundFile } from '../files/file-version.ts';
import type { SftpPool } from './connection.ts';
import { lookAt, versionOf } from './file-kind.ts';
import { makeFolders } from './moving.ts';
import type { SftpSession } from './session.ts';

/** How long a file is looked after, at least: an upload that stalls goes on within it, or was broken off. */
const LEAST_WATCH_MS = 60_000;
/** And in times of `settle.ms`, by which a user tells how slow his writers are. */
const WATCH_PER_SETTLE = 10;
/** Each costs a request per look. */
const MOST_FILES = 100;
const LOOK_MS = 5_000;
/** The last looks take so long at most: the server may be away. */
const CLOSE_MS = 10_000;

interface Watched {
  readonly found: FoundFile;
  readonly target: string;
  readonly delivered: FileVersion;
  untilMs: number;
}

/**
 * Looks after files for a while after they were moved: whoever wrote one may have stalled only, and go on writing into what
 * he holds open on the server. Such a file has grown, and is brought back to where it came from, to be loaded on from
 * where it was delivered. What is added to a deleted file is nowhere any more.
 */
export class LateWrites implements StoreLateWrites {
  readonly #pool: SftpPool;
  readonly #options: LateWritesOptions;
  readonly #watchMs: number;
  readonly #watched = new Set<Watched>();
  readonly #broughtBack = new Set<string>();
  readonly #closing = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> | null = null;

  constructor(pool: SftpPool, options: LateWritesOptions) {
    this.#pool = pool;
    this.#options = options;
    this.#watchMs = Math.max(LEAST_WATCH_MS, WATCH_PER_SETTLE * options.settleMs);
  }

  hasBroughtBack(path: string): boolean {
    return this.#broughtBack.has(path);
  }

  get isWatching(): boolean {
    return this.#watched.size > 0;
  }

  watches(path: string): boolean {
    return [...this.#watched].some(({ found }) => found.path === path);
  }

  settled(path: string): void {
    this.#broughtBack.delete(path);
  }

  /** There is nothing to hold: a file that was moved is found by its new name. */
  async hold(found: FoundFile, delivered: FileVersion): Promise<HeldFile | null> {
    return {
      watch: (target) => {
        if (target !== null)
          this.#watch({ found, target, delivered, untilMs: performance.now() + this.#watchMs });
      },
      release: async () => {},
    };
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    const timer = setTimeout(() => this.#closing.abort(new Error('closed')), CLOSE_MS);
    await this.#looking;
    for (const file of this.#watched) await this.#lastLook(file);
    clearTimeout(timer);
  }

  #watch(file: Watched): void {
    this.#watched.add(file);
    this.#timer ??= setInterval(() => {
      this.#looking ??= this.#look().finally(() => {
        this.#looking = null;
      });
    }, LOOK_MS).unref();
  }

  async #look(): Promise<void> {
    const now = performance.now();
    let tooMany = this.#watched.size - MOST_FILES;
    for (const file of this.#watched) {
      if (tooMany-- > 0 || now > file.untilMs) await this.#lastLook(file);
      else await this.#lookAt(file, false);
    }
  }

  async #lastLook(file: Watched): Promise<void> {
    await this.#lookAt(file, true);
    this.#watched.delete(file);
  }

  async #lookAt(file: Watched, isLast: boolean): Promise<void> {
    const { found, target, delivered } = file;
    let bytes = 0;
    const look = async (session: SftpSession) => {
      const stats = await lookAt(session, target);
      // What is no longer there was taken by whom it was put there for.
      bytes = stats === null ? 0 : versionOf(stats).size - delivered.size;
      if (stats === null || bytes < 0) return 'left';
      if (bytes === 0) return null;
      return await bringBack(session, found, target);
    };
    try {
      const outcome = await this.#pool.ask(`look at ${target}`, look, this.#closing.signal);
      if (outcome === 'taken' && isLast) this.#lost(file, bytes, 'another file has its name');
      if (outcome === 'done') this.#tellBroughtBack(file, bytes);
      if (outcome === 'done' || outcome === 'left') this.#watched.delete(file);
    } catch (error) {
      if (bytes > 0 && isLast) this.#lost(file, bytes, messageOf(error));
    }
  }

  #tellBroughtBack({ found, target }: Watched, bytes: number): void {
    this.#broughtBack.add(found.path);
    const fields = { file: found.path, from: target, bytes };
    this.#options.log.warn('file changed after it was delivered; brought back to be loaded on', fields);
  }

  #lost({ found, target }: Watched, bytes: number, why: string): void {
    const { path } = found;
    this.#options.onLost(
      path,
      `${JSON.stringify(path)} changed after it was delivered (${bytes} bytes more) and it is ` +
        `${JSON.stringify(target)} now; it cannot be brought back (${why}): what was added is not delivered. Drop the ` +
        'whole file again, and raise settle.ms',
    );
  }
}

/** A name that is taken is waited for: what is there is loaded, and put away, first. */
async function bringBack(
  session: SftpSession,
  { absolute, place }: FoundFile,
  target: string,
): Promise<'done' | 'taken'> {
  if ((await lookAt(session, absolute)) !== null) return 'taken';
  await makeFolders(session, absolute.slice(0, -place.length - 1), posix.dirname(absolute));
  await session.rename(target, absolute);
  return 'done';
}
