import { access, constants, lstat, mkdir, realpath, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PluginLog } from '../../../src/plugin/index.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import { isSameFile, isUntouched, versionOf } from '../file-version.ts';
import { systemCode, unreadable } from '../source-errors.ts';
import { partIn } from './copy-file.ts';
import { noteBeside } from './free-name.ts';
import { moveInto } from './move-file.ts';

export interface FinisherOptions {
  readonly finishedPath: string | null;
  readonly finishedDelete: boolean;
  readonly errorPath: string | null;
}

/** What was done with a file: `replaced` and `gone` mean that there was nothing of it to put away any more. */
export interface Finished {
  readonly action: 'left' | 'moved' | 'deleted' | 'replaced' | 'gone';
  readonly target?: string;
}

/** Puts files away that are delivered or given up. Everything here may be done twice. */
export class Finisher {
  readonly #options: FinisherOptions;

  constructor(options: FinisherOptions) {
    this.#options = options;
  }

  get leavesFiles(): boolean {
    return this.#options.finishedPath === null && !this.#options.finishedDelete;
  }

  get takesFailed(): boolean {
    return this.#options.errorPath !== null;
  }

  /**
   * Checks the folders before anything is read, and makes the last folder of a path that is missing.
   *
   * @returns The folders' real paths.
   * @throws HeadraceError SOURCE_UNREADABLE naming the option at fault.
   */
  async prepare(log: PluginLog): Promise<string[]> {
    const folders = [
      ['finished.path', this.#options.finishedPath],
      ['error.path', this.#options.errorPath],
    ] as const;
    const real: string[] = [];
    for (const [option, path] of folders) {
      if (path !== null) real.push(await prepareFolder(option, path, log));
    }
    return real;
  }

  /** The real paths of those of its folders that are there. Makes none. */
  async foldersThere(): Promise<string[]> {
    const paths = [this.#options.finishedPath, this.#options.errorPath].filter((path) => path !== null);
    const real = await Promise.all(paths.map((path) => realpath(path).catch(() => null)));
    return real.filter((path) => path !== null);
  }

  /** Finishes a delivered file, if it still is in the version that was delivered. */
  async finish(found: FoundFile, version: FileVersion, generation: string): Promise<Finished> {
    const { finishedPath, finishedDelete } = this.#options;
    if (finishedPath === null && !finishedDelete) return { action: 'left' };
    const now = await versionAt(found);
    if (now === null) return { action: 'gone' };
    if (!isUntouched(now, version)) return { action: 'replaced' };
    if (finishedPath !== null) return this.#move('finished.path', finishedPath, found, generation);
    await unlink(found.absolute).catch((error: unknown) => {
      if (systemCode(error) !== 'ENOENT') throw notPutAway('finished.delete', found, error);
    });
    return { action: 'deleted' };
  }

  /** Puts a file that was given up into `error.path`, with the reason in a text file beside it. */
  async fail(
    found: FoundFile,
    version: FileVersion,
    generation: string,
    reason: string,
    log: PluginLog,
  ): Promise<Finished> {
    const { errorPath } = this.#options;
    if (errorPath === null) return { action: 'left' };
    const now = await versionAt(found);
    if (now === null) return { action: 'gone' };
    if (!isSameFile(now, version)) return { action: 'replaced' };
    const finished = await this.#move('error.path', errorPath, found, generation);
    if (finished.target === undefined) return finished;
    await writeReason(finished.target, generation, reason).catch((error: unknown) => {
      log.warn('reason could not be written beside the file', { file: found.path, error: String(error) });
    });
    return finished;
  }

  async #move(option: string, folder: string, found: FoundFile, generation: string): Promise<Finished> {
    try {
      const target = await moveInto(folder, found, generation);
      return target === null ? { action: 'gone' } : { action: 'moved', target };
    } catch (error) {
      throw notPutAway(option, found, error);
    }
  }
}

const READ_AND_WRITE = 0o666;

/** Replaces what is there under the name: somebody may have put a link there, whose target is none of ours. */
async function writeReason(target: string, generation: string, reason: string): Promise<void> {
  // It may tell what is in the file: whoever may not read that may not read this.
  const mode = (await lstat(target)).mode & READ_AND_WRITE;
  const note = noteBeside(target, '.error.txt');
  const part = partIn(dirname(note), note, generation);
  try {
    await rm(part, { force: true });
    await writeFile(part, reason, { flag: 'wx', mode });
    await rename(part, note);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}

async function versionAt(found: FoundFile): Promise<FileVersion | null> {
  try {
    return versionOf(await lstat(found.absolute, { bigint: true }));
  } catch (error) {
    if (systemCode(error) === 'ENOENT' || systemCode(error) === 'ENOTDIR') return null;
    throw notPutAway('the file', found, error);
  }
}

/** Only the last folder is made: a missing one above it is more likely a mount that is away, or a slip in the path. */
async function prepareFolder(option: string, path: string, log: PluginLog): Promise<string> {
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

function notPutAway(option: string, { path, absolute }: FoundFile, error: unknown) {
  return unreadable(
    `${JSON.stringify(path)} could not be put away (${option})`,
    `${mendOf(systemCode(error), dirname(absolute))}; it is tried again by itself, and no row of it is sent twice`,
    error,
  );
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
