import { copyFile, lstat, mkdir, open, rename, rm, unlink, utimes } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { FoundFile } from './file-version.ts';
import { isSameVersion, versionOf } from './file-version.ts';
import { systemCode } from './source-errors.ts';

/** `.csv`, `.csv.gz`: what programs know a file by, so a suffix goes before it. */
const EXTENSION = /(?:\.[A-Za-z][A-Za-z0-9]{0,7})?(?:\.(?:gz|zst|bz2|xz))?$/;

/**
 * Moves a file below a folder, keeping its relative path and replacing nothing: where the name is taken, the
 * generation is put before the extension.
 *
 * @returns Where it is now; null when it was gone.
 */
export async function moveInto(folder: string, found: FoundFile, generation: string): Promise<string | null> {
  const wanted = join(folder, ...found.place.split('/'));
  await mkdir(dirname(wanted), { recursive: true });
  const target = await reserve(wanted, generation);
  try {
    await rename(found.absolute, target);
    return target;
  } catch (error) {
    if (systemCode(error) === 'EXDEV') return await moveAcross(found.absolute, target);
    await rm(target, { force: true });
    if (systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Takes a name that is free by making an empty file of it, as two connectors may share a folder. */
async function reserve(wanted: string, generation: string): Promise<string> {
  for (let attempt = 0; ; attempt++) {
    const target = attempt === 0 ? wanted : withSuffix(wanted, generation, attempt);
    try {
      await (await open(target, 'wx')).close();
      return target;
    } catch (error) {
      if (systemCode(error) !== 'EEXIST') throw error;
    }
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
async function moveAcross(from: string, target: string): Promise<string | null> {
  const part = join(dirname(target), `.${basename(target)}.part`);
  try {
    const before = versionOf(await lstat(from, { bigint: true }));
    await copyToDisk(from, part);
    const { atime, mtime } = await lstat(from);
    await utimes(part, atime, mtime);
    if (!isSameVersion(before, versionOf(await lstat(from, { bigint: true })))) {
      throw new Error('it changed while it was copied to another file system');
    }
    await rename(part, target);
  } catch (error) {
    await rm(part, { force: true });
    await rm(target, { force: true });
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
