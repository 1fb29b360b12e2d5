import type { BigIntStats } from 'node:fs';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { NotOpened, StoredFile } from '../file-store.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import { isSameFile } from '../file-version.ts';
import { systemCode, unreadable } from '../source-errors.ts';

// A FIFO without a writer would hold the open for ever; a link may have taken the place of the file since the scan.
export const OPEN_FLAGS =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * The state of a file on a disk. Its identity is its inode and when that came to be, as numbers are given again; not
 * the device's number, which a restart of the machine may change. Its change time is the system's alone to set.
 */
export function versionOf({ ino, birthtimeNs, size, mtimeNs, ctimeNs }: BigIntStats): FileVersion {
  return { size: Number(size), mtimeNs, identity: `${ino}.${birthtimeNs}`, change: String(ctimeNs) };
}

/** The state of what is under a path, which may be a link. */
export async function versionAt(path: string): Promise<FileVersion> {
  return versionOf(await lstat(path, { bigint: true }));
}

/**
 * Opens a regular file that lies below `root`, or anywhere when `root` is null.
 *
 * @throws HeadraceError SOURCE_UNREADABLE when the trouble is not the file's own.
 */
export async function openOnDisk(
  found: FoundFile,
  root: string | null,
  signal: AbortSignal,
): Promise<StoredFile | NotOpened> {
  let handle: FileHandle;
  try {
    handle = await open(found.absolute, OPEN_FLAGS);
  } catch (error) {
    return notOpened(found, error);
  }
  try {
    const stats = await handle.stat({ bigint: true });
    const version = versionOf(stats);
    const refused = stats.isFile() ? await whyOutside(found, root, version) : 'not a regular file';
    if (refused === null) return new DiskFile(handle, found.path, version, signal);
    await handle.close();
    return refused;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

class DiskFile implements StoredFile {
  readonly version: FileVersion;
  readonly #handle: FileHandle;
  readonly #path: string;
  readonly #signal: AbortSignal;

  constructor(handle: FileHandle, path: string, version: FileVersion, signal: AbortSignal) {
    this.#handle = handle;
    this.#path = path;
    this.version = version;
    this.#signal = signal;
  }

  async read(into: Buffer, position: number): Promise<number> {
    this.#signal.throwIfAborted();
    try {
      const { bytesRead } = await this.#handle.read(into, 0, into.length, position);
      return bytesRead;
    } catch (error) {
      throw unreadable(
        `${JSON.stringify(this.#path)} could not be read at byte ${position}`,
        'check the disk or network share it is on',
        error,
      );
    }
  }

  async stat(): Promise<FileVersion> {
    return versionOf(await this.#handle.stat({ bigint: true }));
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}

function notOpened(found: FoundFile, error: unknown): NotOpened {
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'gone';
    case 'EACCES':
    case 'EPERM':
      return 'denied';
    case 'ELOOP':
    case 'EMLINK':
      return 'a link';
    case 'ENXIO':
    case 'ENODEV':
    case 'EISDIR':
      return 'not a regular file';
    default:
      throw unreadable(
        `${JSON.stringify(found.path)} could not be opened`,
        'check the disk or network share it is on, and the limit of open files',
        error,
      );
  }
}

/** A folder on the way may have become a link since the scan: what is open must be what lies below the root. */
async function whyOutside(
  found: FoundFile,
  root: string | null,
  version: FileVersion,
): Promise<NotOpened | null> {
  if (root === null) return null;
  try {
    const real = await realpath(found.absolute);
    if (real !== join(root, found.place)) return 'a link';
    return isSameFile(await versionAt(real), version) ? null : 'gone';
  } catch {
    return 'gone';
  }
}
