import { lstat, realpath, stat } from 'node:fs/promises';
import { basename, relative, sep } from 'node:path';
import type { FoundFile } from '../files/file-version.ts';
import { findGlob, folderOf } from '../files/glob/glob-walk.ts';
import { isWithin } from '../files/paths.ts';
import { systemCode, unreadable } from '../files/source-errors.ts';

/**
 * The regular files that a path or glob names, in the order of their paths. A path that exists is taken as it is, even
 * if it has a star in it, and may be a link; links that a glob finds are passed over.
 *
 * @throws HeadraceError SOURCE_UNREADABLE when the path is a folder, or something that is no file.
 */
export async function findFiles(inputPath: string): Promise<FoundFile[]> {
  const kind = await kindOf(inputPath);
  if (kind === 'file') {
    return [{ path: inputPath, absolute: await realpath(inputPath), place: basename(inputPath) }];
  }
  if (kind !== 'missing') throw notAFile(inputPath, kind);
  return findByGlob(inputPath);
}

async function findByGlob(pattern: string): Promise<FoundFile[]> {
  const base = folderOf(pattern);
  const found: FoundFile[] = [];
  for await (const path of findGlob(pattern)) {
    const isFile = await lstat(path)
      .then((stats) => stats.isFile())
      .catch(() => false);
    if (isFile) found.push({ path, absolute: path, place: placeOf(path, base) });
  }
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** The path below the part of the glob that has no wildcards, if it can be told. */
function placeOf(path: string, base: string): string {
  return isWithin(path, base) ? relative(base, path).split(sep).join('/') : basename(path);
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | 'missing'> {
  try {
    const stats = await stat(path);
    if (stats.isFile()) return 'file';
    return stats.isDirectory() ? 'folder' : 'other';
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG') return 'missing';
    throw unreadable(`input.path ${JSON.stringify(path)} cannot be used`, 'let this user read it', error);
  }
}

function notAFile(path: string, kind: 'folder' | 'other') {
  const [what, mend] =
    kind === 'folder'
      ? ['a folder', 'use connector.class: directory, or name its files with a glob']
      : ['neither a file nor a glob', 'name a regular file'];
  const problem = `input.path ${JSON.stringify(path)} is ${what}`;
  return unreadable(problem, mend, undefined, { retriable: false });
}
