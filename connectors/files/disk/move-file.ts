import { link, lstat, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FileVersion, FoundFile } from '../file-version.ts';
import { isUntouched } from '../file-version.ts';
import { namesFor } from '../finishing/free-name.ts';
import { systemCode } from '../source-errors.ts';
import { compressWhole, isCompressedCopyOf } from './compress-file.ts';
import { copyWhole, isCopyOf, partIn, requireRemovable, syncFolder } from './copy-file.ts';
import { versionAt } from './disk-file.ts';
import { makeFolders } from './make-folders.ts';

/** What a file system answers that has no hard links, or does not let this user make one of this file. */
const CANNOT_LINK = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Moves a file below a folder, keeping its relative path and replacing nothing: where the name is taken, the
 * generation is put before the extension, and the name is cut where it gets too long. Whatever cuts it short, the next
 * attempt ends with one file under one name.
 *
 * @returns Where it is now; null when it was gone.
 */
export async function moveInto(folder: string, found: FoundFile, generation: string): Promise<string | null> {
  const wanted = join(folder, ...found.place.split('/'));
  try {
    await makeFolders(folder, dirname(wanted));
    return await moveTo(found.absolute, wanted, generation);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' && !(await exists(found.absolute))) return null;
    throw error;
  }
}

/**
 * As `moveInto`, compressed with gzip: the file itself goes only when what was written of it was read again and is on the
 * disk.
 */
export async function compressInto(
  folder: string,
  found: FoundFile,
  generation: string,
): Promise<string | null> {
  const wanted = `${join(folder, ...found.place.split('/'))}.gz`;
  try {
    await makeFolders(folder, dirname(wanted));
    return await moveByCopy(found.absolute, wanted, generation, GZIP_COPIES);
  } catch (error) {
    if (systemCode(error) === 'ENOENT' && !(await exists(found.absolute))) return null;
    throw error;
  }
}

async function moveTo(from: string, wanted: string, generation: string): Promise<string> {
  const take = (target: string) => takeName(from, target);
  try {
    return await atFreeName(wanted, generation, take);
  } catch (error) {
    if (systemCode(error) === 'EXDEV') return await moveByCopy(from, wanted, generation, PLAIN_COPIES);
    throw error;
  }
}

/** The first name that `take` does not find taken. */
async function atFreeName(
  wanted: string,
  generation: string,
  take: (target: string) => Promise<void>,
): Promise<string> {
  try {
    return await firstOf(namesFor(wanted, generation, false), take);
  } catch (error) {
    if (systemCode(error) !== 'ENAMETOOLONG') throw error;
    return await firstOf(namesFor(wanted, generation, true), take);
  }
}

async function firstOf(
  names: Generator<string, never>,
  take: (target: string) => Promise<void>,
): Promise<string> {
  for (let name = names.next(); ; name = names.next()) {
    if (!(await isTaken(name.value, take))) return name.value;
  }
}

async function isTaken(target: string, take: (target: string) => Promise<void>): Promise<boolean> {
  try {
    await take(target);
    return false;
  } catch (error) {
    if (systemCode(error) !== 'EEXIST') throw error;
    return true;
  }
}

/**
 * Two connectors may share a folder, so the name is taken by a link, which replaces nothing. A process that ends
 * before the old name is gone leaves one file under two names, and the next attempt sees that it is one.
 */
export async function takeName(from: string, target: string): Promise<void> {
  try {
    await link(from, target);
  } catch (error) {
    if (CANNOT_LINK.includes(systemCode(error))) return await renameTo(from, target);
    if (systemCode(error) !== 'EEXIST' || !(await areOneFile(from, target))) throw error;
  }
  try {
    await rm(from, { force: true });
  } catch (error) {
    // It may be linked, but not taken away: in the folder it is in, it may not be touched.
    await rm(target, { force: true });
    throw error;
  }
}

async function areOneFile(one: string, other: string): Promise<boolean> {
  const [first, second] = await Promise.all([one, other].map((path) => lstat(path, { bigint: true })));
  return first?.dev === second?.dev && first?.ino === second?.ino;
}

/** Takes the name by making an empty file of it; a process that ends before the rename leaves that file behind. */
async function renameTo(from: string, target: string): Promise<void> {
  await (await open(target, 'wx')).close();
  try {
    await rename(from, target);
  } catch (error) {
    await rm(target, { force: true });
    throw error;
  }
}

interface Copies {
  readonly make: (from: string, to: string) => Promise<void>;
  /** Whether it is one that an earlier attempt has made. */
  readonly isOne: (from: string, copy: string) => Promise<boolean>;
}

const PLAIN_COPIES: Copies = { make: copyWhole, isOne: isCopyOf };
const GZIP_COPIES: Copies = { make: compressWhole, isOne: isCompressedCopyOf };

/**
 * To another file system, or in another form: the source goes only when the copy is whole, on disk and under its name, and not if it
 * changed meanwhile. An attempt after one that was cut short knows the copy by its content, and makes no second one.
 */
async function moveByCopy(from: string, wanted: string, generation: string, copies: Copies): Promise<string> {
  await requireRemovable(from);
  const before = await versionAt(from);
  const part = partIn(dirname(wanted), wanted, generation);
  let made: string | null = null;
  const take = async (target: string) => {
    if (await exists(target)) {
      if (await copies.isOne(from, target)) return;
      throw Object.assign(new Error(`${target} exists`), { code: 'EEXIST' });
    }
    if (!(await exists(part))) await copies.make(from, part);
    await takeName(part, target);
    made = target;
  };
  await rm(part, { force: true });
  try {
    const target = await atFreeName(wanted, generation, take);
    await syncFolder(dirname(target));
    await requireUntouched(from, before);
    await rm(from, { force: true });
    return target;
  } catch (error) {
    if (made !== null) await rm(made, { force: true });
    throw error;
  } finally {
    await rm(part, { force: true });
  }
}

async function requireUntouched(path: string, before: FileVersion): Promise<void> {
  const now = await versionAt(path);
  if (!isUntouched(before, now)) throw new Error('it changed while it was copied');
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemCode(error))) return false;
    throw error;
  }
}
