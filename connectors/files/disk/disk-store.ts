import { access, constants, lstat, mkdir, realpath, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { PluginLog } from '../../../src/plugin/index.ts';
import type {
  FileStore,
  LateWritesOptions,
  ListedFile,
  ListFilter,
  MovedFile,
  NotOpened,
  PutAwayOutcome,
  StoredFile,
} from '../file-store.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import { isUntouched } from '../file-version.ts';
import { fixedPart } from '../finishing/dated-path.ts';
import { noteBeside } from '../finishing/free-name.ts';
import { isWithin } from '../paths.ts';
import { compressionOf } from '../reading/compression.ts';
import { PlainContent } from '../reading/content.ts';
import { systemCode, unreadable } from '../source-errors.ts';
import { partIn } from './copy-file.ts';
import { openOnDisk, versionAt } from './disk-file.ts';
import type { FolderScan } from './folder-scan.ts';
import { LateWrites } from './late-writes.ts';
import { compressInto, moveInto } from './move-file.ts';

/** Files on a disk, or on a network share that is mounted. */
export class DiskStore implements FileStore {
  readonly promises = {
    hasVersions: false,
    hasWholeFiles: false,
    hasAtomicMoves: true,
    listsInOrder: false,
  };
  readonly #scan: FolderScan | null;

  /** @param scan the folder below which files must lie; null when each was named by the user */
  constructor(scan: FolderScan | null = null) {
    this.#scan = scan;
  }

  async *list(
    filter: ListFilter,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedFile[], boolean, undefined> {
    return this.#scan === null ? true : yield* this.#scan.pages(filter, signal);
  }

  at(path: string): FoundFile {
    return { path, place: path, absolute: join(this.#scan?.root ?? '', ...path.split('/')) };
  }

  targetIn(destination: string, place: string): string {
    return join(destination, ...place.split('/'));
  }

  movedTo(target: string, path: string): MovedFile {
    return { store: this, file: { path, place: path, absolute: target } };
  }

  async stat({ path, absolute }: FoundFile): Promise<FileVersion | null> {
    try {
      return await versionAt(absolute);
    } catch (error) {
      if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return null;
      const problem = `${JSON.stringify(path)} cannot be looked at`;
      throw unreadable(problem, mendOf(systemCode(error), dirname(absolute)), error);
    }
  }

  open(found: FoundFile, signal: AbortSignal): Promise<StoredFile | NotOpened> {
    return openOnDisk(found, this.#scan?.root ?? null, signal);
  }

  async remove(found: FoundFile, version: FileVersion): Promise<PutAwayOutcome> {
    const now = await this.stat(found);
    if (now === null) return 'gone';
    if (!isUntouched(now, version)) return 'replaced';
    try {
      await unlink(found.absolute);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return 'gone';
      throw unreadable('it cannot be deleted', mendOf(systemCode(error), dirname(found.absolute)), error);
    }
    return 'done';
  }

  /** Only the last folder is made: a missing one above it is more likely a mount that is away, or a slip in the path. */
  async prepareDestination(option: string, path: string, log: PluginLog): Promise<string> {
    try {
      await mkdir(path).then(
        () => log.info('folder made', { option, path }),
        (error: unknown) => {
          if (systemCode(error) !== 'EEXIST') throw error;
        },
      );
      const real = await realpath(path);
      if (!(await lstat(real)).isDirectory()) throw new Error('it is not a folder');
      await access(real, constants.W_OK | constants.X_OK);
      return real;
    } catch (error) {
      const mend =
        systemCode(error) === 'ENOENT'
          ? `make the folder ${JSON.stringify(dirname(path))}`
          : 'make it a folder that this user may write to';
      throw unreadable(`${option} ${JSON.stringify(path)} cannot be used`, mend, error);
    }
  }

  moveInto(destination: string, found: FoundFile, version: FileVersion, generation: string) {
    return this.#put(destination, found, version, () => moveInto(destination, found, generation));
  }

  /** What is compressed already is moved as it is. */
  compressInto(destination: string, found: FoundFile, version: FileVersion, generation: string) {
    return this.#put(destination, found, version, async () => {
      const isCompressed = await this.#isCompressed(found);
      return await (isCompressed ? moveInto : compressInto)(destination, found, generation);
    });
  }

  writeNote(target: string, text: string): Promise<void> {
    return writeBeside(target, text);
  }

  lateWrites(options: LateWritesOptions): LateWrites {
    return new LateWrites(options);
  }

  async close(): Promise<void> {}

  async #put(
    destination: string,
    found: FoundFile,
    version: FileVersion,
    put: () => Promise<string | null>,
  ): Promise<{ readonly target: string } | 'gone' | 'replaced'> {
    const now = await this.stat(found);
    if (now === null) return 'gone';
    if (!isUntouched(now, version)) return 'replaced';
    try {
      const target = await put();
      return target === null ? 'gone' : { target };
    } catch (error) {
      const mend = mendOf(systemCode(error), dirname(found.absolute));
      throw unreadable(`it cannot be moved to ${JSON.stringify(destination)}`, mend, error);
    }
  }

  async #isCompressed(found: FoundFile): Promise<boolean> {
    const file = await this.open(found, new AbortController().signal);
    if (typeof file === 'string') return false;
    try {
      return (await compressionOf(found.absolute, new PlainContent(file))) !== null;
    } finally {
      await file.close();
    }
  }
}

/** The real paths of those folders that are there, without the dates in them. Makes none. */
export async function foldersThere(paths: readonly (string | null)[]): Promise<string[]> {
  const given = paths.filter((path) => path !== null);
  const real = await Promise.all(given.map((path) => realpath(fixedPart(path)).catch(() => null)));
  return real.filter((path) => path !== null);
}

/** Whether a file lies in one of these folders; all paths are absolute. */
export function isInOneOf(folders: readonly string[], { absolute }: FoundFile): boolean {
  return folders.some((folder) => isWithin(absolute, folder));
}

const READ_AND_WRITE = 0o666;

/** Replaces what is there under the name: somebody may have put a link there, whose target is none of ours. */
async function writeBeside(target: string, text: string): Promise<void> {
  // It may tell what is in the file: whoever may not read that may not read this.
  const mode = (await lstat(target)).mode & READ_AND_WRITE;
  const note = noteBeside(target);
  const part = partIn(dirname(note), note, 'note');
  try {
    await rm(part, { force: true });
    await writeFile(part, text, { flag: 'wx', mode });
    await rename(part, note);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

function mendOf(code: string, folder: string): string {
  switch (code) {
    case 'EACCES':
    case 'EPERM':
      return `let this user take files out of ${JSON.stringify(folder)} (write permission, and no sticky bit), and write to the folder they go to`;
    case 'ENOSPC':
    case 'EDQUOT':
    case 'EFBIG':
      return 'make room in the folder it goes to';
    case 'ELOOP':
      return 'put a folder in the place of the link, or set the option to the folder that it leads to';
    case 'EROFS':
      return 'make the disk writable';
    case 'ENOENT':
    case 'ENOTDIR':
    case 'EEXIST':
      return 'make the folder it goes to, or mount it';
    default:
      return 'check the folder it goes to and the disk';
  }
}
