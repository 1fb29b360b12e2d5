import { copyFile, link, lstat, mkdir, open, rename, rm, unlink, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FoundFile } from './file-version.ts';
import { isSameVersion, versionOf } from './file-version.ts';
import { systemCode } from './source-errors.ts';

/** `.csv`, `.csv.gz`: what programs know a file by, so a suffix goes before it. */
const EXTENSION = /(?:\.[A-Za-z][A-Za-z0-9]{0,7})?(?:\.(?:gz|zst|bz2|xz))?$/;

/** What a file system answers that has no hard links, or does not let this user make one of this file. */
const CANNOT_LINK = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Moves a file below a folder, keeping its relative path and replacing nothing: where the name is taken, the
 * generation is put before the extension.
 *
 * @returns Where it is now; null when it was gone.
 */
export async function moveInto(folder: string, found: FoundFile, generation: string): Promise<string | null> {
  const wanted = join(folder, ...found.place.split('/'));
  await mkdir(dirname(wanted), { recursive: true });
  try {
    return await moveToFreeName(found.absolute, wanted, generation);
  } catch (error) {
    if (systemCode(error) === 'EXDEV') return await moveAcross(found.absolute, wanted, generation);
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

async function moveToFreeName(from: string, wanted: string, generation: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const target = attempt === 0 ? wanted : withSuffix(wanted, generation, attempt);
    try {
      await moveTo(from, target);
      return target;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
  }
}

/**
 * Two connectors may share a folder, so the name is taken by a link, which replaces nothing. A process that ends
 * before the old name is gone leaves one file under two names, and the next attempt sees that it is one.
 */
async function moveTo(from: string, target: string): Promise<void> {
  try {
    await link(from, target);
  } catch (error) {
    if (CANNOT_LINK.includes(systemCode(error))) return await renameTo(from, target);
    if (systemCode(error) !== 'EEXIST' || !(await areOneFile(from, target))) throw error;
  }
  await rm(from, { force: true });
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

function withSuffix(path: string, generation: string, attempt: number): string {
  const name = basename(path);
  const extension = EXTENSION.exec(name)?.[0] ?? '';
  const stem = name.slice(0, name.length - extension.length);
  const suffix = attempt === 1 ? generation : `${generation}-${attempt}`;
  return join(dirname(path), `${stem}.${suffix}${extension}`);
}

/** To another file system: the source goes only when the copy is whole and on disk, and not if it changed meanwhile. */
async function moveAcross(from: string, wanted: string, generation: string): Promise<string | null> {
  const part = join(dirname(wanted), `.${basename(wanted)}.${generation}.part`);
  let target: string;
  try {
    const before = versionOf(await lstat(from, { bigint: true }));
    await rm(part, { force: true });
    await copyToDisk(from, part);
    const { atime, mtime } = await lstat(from);
    await utimes(part, atime, mtime);
    if (!isSameVersion(before, versionOf(await lstat(from, { bigint: true })))) {
      throw new Error('it changed while it was copied to another file system');
    }
    target = await moveToFreeName(part, wanted, generation);
  } catch (error) {
    await rm(part, { force: true });
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
  await unlink(from);
  return target;
}

async function copyToDisk(from: string, to: string): Promise<void> {
  await copyFile(from, to);
  const copy = await open(to, 'r');
  try {
    await copy.sync();
  } finally {
    await copy.close();
  }
}
