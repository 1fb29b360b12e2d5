import type { FileHandle } from 'node:fs/promises';
import { lstat, open, rm } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { messageOf } from '../../../src/plugin/index.ts';
import type { HeldFile, LateWritesOptions, LateWrites as StoreLateWrites } from '../file-store.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import { isSameFile, isSameVersion, isUntouched } from '../file-version.ts';
import { systemCode } from '../source-errors.ts';
import { copyOpen, partIn } from './copy-file.ts';
import { OPEN_FLAGS, versionAt, versionOf } from './disk-file.ts';
import { makeFolders } from './make-folders.ts';
import { takeName } from './move-file.ts';

/** How long a file is looked after, at least: an upload that stalls goes on within it, or was broken off. */
const LEAST_WATCH_MS = 60_000;
/** And in times of `settle.ms`, by which a user tells how slow his writers are. */
const WATCH_PER_SETTLE = 10;
/** Each costs an open file, and the room of a deleted one. */
const MOST_FILES = 100;
const LOOK_MS = 1000;

interface Watched {
  readonly found: FoundFile;
  readonly handle: FileHandle;
  readonly target: string | null;
  /** As it was delivered. */
  delivered: FileVersion;
  /** As at the last look, and since when, by the monotonic clock. */
  seen: FileVersion;
  seenSinceMs: number;
  untilMs: number;
  hasComplained: boolean;
}

/**
 * Looks after files for a while after they were moved or deleted: whoever wrote one may have stalled only, and go on
 * writing into what he holds open. Such a file is brought back to where it came from, to be loaded on from where it
 * was delivered.
 */
export class LateWrites implements StoreLateWrites {
  readonly #options: LateWritesOptions;
  readonly #watchMs: number;
  readonly #watched = new Set<Watched>();
  readonly #broughtBack = new Set<string>();
  #timer: NodeJS.Timeout | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(options: LateWritesOptions) {
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

  async hold(found: FoundFile, version: FileVersion): Promise<HeldFile | null> {
    let handle: FileHandle;
    try {
      handle = await open(found.absolute, OPEN_FLAGS);
    } catch {
      return null;
    }
    const seen = versionOf(await handle.stat({ bigint: true }));
    if (!isUntouched(seen, version)) {
      await handle.close();
      return null;
    }
    return {
      watch: (target) => this.#watch({ found, handle, target, delivered: version, seen: version }),
      release: () => handle.close(),
    };
  }

  async close(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#looking;
    for (const file of this.#watched) await this.#lastLook(file);
  }

  #watch(file: Pick<Watched, 'found' | 'handle' | 'target' | 'delivered' | 'seen'>): void {
    const now = performance.now();
    this.#watched.add({ ...file, seenSinceMs: now, untilMs: now + this.#watchMs, hasComplained: false });
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS).unref();
  }

  #look(): void {
    this.#looking = this.#looking.then(async () => {
      const now = performance.now();
      let tooMany = this.#watched.size - MOST_FILES;
      for (const file of this.#watched) {
        if (tooMany-- > 0 || now > file.untilMs) await this.#lastLook(file);
        else await this.#lookAt(file, false);
      }
    });
  }

  async #lastLook(file: Watched): Promise<void> {
    await this.#lookAt(file, true);
    if (!this.#watched.delete(file)) return;
    await file.handle.close();
  }

  async #lookAt(file: Watched, isLast: boolean): Promise<void> {
    try {
      const now = versionOf(await file.handle.stat({ bigint: true }));
      if (isSameVersion(now, file.delivered)) return;
      if (!isSameVersion(now, file.seen)) {
        file.seen = now;
        file.seenSinceMs = performance.now();
        file.untilMs = Math.max(file.untilMs, file.seenSinceMs + this.#watchMs);
      }
      await this.#bringBack(file, isLast);
    } catch (error) {
      this.#complain(file, error, isLast);
    }
  }

  /** A name that is taken is waited for: what is there is loaded, and put away, first. */
  async #bringBack(file: Watched, isLast: boolean): Promise<void> {
    const { found, handle, target } = file;
    const isInPlace = target !== null && (await isAt(target, file.seen));
    // A copy must be whole, as nobody goes on writing to it.
    const isQuiet = performance.now() - file.seenSinceMs >= this.#options.settleMs;
    if (!isInPlace && !isQuiet && !isLast) return;
    await requireFree(found.absolute);
    await makeFolders(rootOf(found), dirname(found.absolute));
    if (isInPlace) await takeName(target, found.absolute);
    else await this.#copyBack(file);
    this.#broughtBack.add(found.path);
    this.#options.log.warn('file changed after it was delivered; brought back to be loaded on', {
      file: found.path,
      from: target ?? 'deleted',
      bytes: file.seen.size - file.delivered.size,
    });
    file.delivered = file.seen;
    file.hasComplained = false;
    if (!isInPlace) return;
    this.#watched.delete(file);
    await handle.close();
  }

  async #copyBack({ found, handle, seen }: Watched): Promise<void> {
    const part = partIn(dirname(found.absolute), found.absolute, `late-${seen.identity}`);
    await copyOpen(handle, part);
    try {
      await takeName(part, found.absolute);
    } finally {
      await rm(part, { force: true });
    }
  }

  #complain(file: Watched, error: unknown, isLast: boolean): void {
    const mayPass = systemCode(error) === 'EEXIST' && !isLast;
    if (mayPass || file.hasComplained) return;
    file.hasComplained = true;
    const { path } = file.found;
    const bytes = file.seen.size - file.delivered.size;
    const where = file.target === null ? 'it was deleted' : `it is ${JSON.stringify(file.target)} now`;
    this.#options.onLost(
      path,
      `${JSON.stringify(path)} changed after it was delivered (${bytes} bytes more) and ${where}; it cannot be ` +
        `brought back (${messageOf(error)}): what was added is not delivered. Drop the whole file again, and raise settle.ms`,
    );
  }
}

/** The folder that the file's place is in. */
function rootOf({ absolute, place }: FoundFile): string {
  const below = join(sep, ...place.split('/'));
  return absolute.endsWith(below) ? absolute.slice(0, -below.length) : dirname(absolute);
}

async function requireFree(path: string): Promise<void> {
  const isTaken = await lstat(path).then(
    () => true,
    () => false,
  );
  if (isTaken) throw Object.assign(new Error('another file has its name'), { code: 'EEXIST' });
}

async function isAt(path: string, version: FileVersion): Promise<boolean> {
  try {
    return isSameFile(await versionAt(path), version);
  } catch {
    return false;
  }
}
