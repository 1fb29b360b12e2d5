import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { access, constants, copyFile, lstat, open, rm, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { crc32 } from 'node:zlib';
import { systemCode } from '../source-errors.ts';

/** FAT keeps times by two seconds. */
const TIME_GRAIN_MS = 2000;
const COMPARED_BYTES = 1024 * 1024;
const COPIED_BYTES = 1024 * 1024;

/** Where a copy that is to become `path` grows: hidden, and the same in every attempt, so that none is left behind. */
export function partIn(folder: string, path: string, generation: string): string {
  return join(folder, `.${crc32(basename(path)).toString(16)}.${generation}.part`);
}

/** Copies a file with its times, and sees to it that the copy is on the disk. */
export async function copyWhole(from: string, to: string): Promise<void> {
  await rm(to, { force: true });
  try {
    await copyFile(from, to, constants.COPYFILE_EXCL);
    const { atime, mtime } = await lstat(from);
    await utimes(to, atime, mtime);
    await syncFile(to);
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

/** Copies what is held open, and may have no name any more, with its times. */
export async function copyOpen(from: FileHandle, to: string): Promise<void> {
  await rm(to, { force: true });
  try {
    const copy = await open(to, 'wx', (await from.stat()).mode & 0o777);
    try {
      for (let position = 0; ; ) {
        const buffer = Buffer.allocUnsafe(COPIED_BYTES);
        const { bytesRead } = await from.read(buffer, 0, buffer.length, position);
        if (bytesRead === 0) break;
        await copy.writeFile(buffer.subarray(0, bytesRead));
        position += bytesRead;
      }
      const { atime, mtime } = await from.stat();
      await copy.utimes(atime, mtime);
      await copy.sync();
    } finally {
      await copy.close();
    }
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

/** Whether a file is what a move of another left that was cut short before the other was taken away. */
export async function isCopyOf(from: string, copy: string): Promise<boolean> {
  const [one, other] = await Promise.all([lstat(from), lstat(copy)]);
  return one.size === other.size && hasTimeOf(other, one) && (await haveOneContent(from, copy));
}

/** Whether what may be a copy is a file with the modification time of its original. */
export function hasTimeOf(copy: Stats, original: Stats): boolean {
  return copy.isFile() && Math.abs(original.mtimeMs - copy.mtimeMs) <= TIME_GRAIN_MS;
}

/** Fails as taking the file away would, before much is copied. A folder in which each may take away only his own passes. */
export async function requireRemovable(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK | constants.X_OK);
}

async function haveOneContent(one: string, other: string): Promise<boolean> {
  const first = await open(one);
  try {
    const second = await open(other);
    try {
      for (let position = 0; ; ) {
        const [left, right] = await Promise.all(
          [first, second].map(async (handle) => {
            const buffer = Buffer.allocUnsafe(COMPARED_BYTES);
            const { bytesRead } = await handle.read(buffer, 0, COMPARED_BYTES, position);
            return buffer.subarray(0, bytesRead);
          }),
        );
        if (left === undefined || right === undefined || !left.equals(right)) return false;
        if (left.length === 0) return true;
        position += left.length;
      }
    } finally {
      await second.close();
    }
  } finally {
    await first.close();
  }
}

/** Sees to it that a name in a folder survives a power cut, where the file system can. */
export async function syncFolder(folder: string): Promise<void> {
  await syncFile(folder).catch((error: unknown) => {
    if (!['EINVAL', 'ENOTSUP', 'EBADF', 'EACCES'].includes(systemCode(error))) throw error;
  });
}

/** Sees to it that what was written is on the disk. */
export async function syncFile(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
