import { access, constants, readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import type { ListedFile } from '../../connectors/files/file-store.ts';
import { filePattern } from '../../connectors/files/glob/file-pattern.ts';
import { findGlob, isGlob } from '../../connectors/files/glob/glob-walk.ts';
import { urlMeant } from '../../connectors/inputs/file-url.ts';
import type { InputStore } from '../../connectors/inputs/input-store.ts';
import type { DataFile } from '../dry-run/data-file.ts';
import { HeadraceError, messageOf } from '../errors.ts';
import { didYouMean } from '../values/closest-name.ts';
import { isUrl } from '../values/url.ts';

/** A file to load. Its path is absolute, or a URL: by it a file is known again, wherever the load is started from. */
export interface LoadFile extends DataFile {
  /** On disk, or in its store. */
  readonly bytes: number;
  /** Data rows of it that are wanted, from its beginning; not set: all of them. */
  readonly rowLimit?: number | undefined;
}

const NEVER = new AbortController().signal;

/**
 * The files that paths, URLs and globs name, in their order, each once. What a glob finds comes in the order of the names.
 *
 * @param standardInput where `-` is taken to
 * @throws HeadraceError SOURCE_UNREADABLE with everything that is wrong, a line each; retriable when a store is away
 */
export async function findLoadFiles(
  given: readonly string[],
  standardInput: LoadFile | null,
  store: InputStore,
): Promise<LoadFile[]> {
  const files = new Map<string, LoadFile>();
  const mistakes: string[] = [];
  for (const path of given) {
    try {
      const found = path === '-' && standardInput !== null ? [standardInput] : await filesOf(path, store);
      for (const file of found) if (!files.has(file.path)) files.set(file.path, file);
    } catch (error) {
      if (!(error instanceof HeadraceError) || error.retriable) throw error;
      mistakes.push(error.message);
    }
  }
  if (mistakes.length > 0) throw unusable(mistakes.join('\n'));
  return [...files.values()];
}

/**
 * The files of a folder that a feed's `input.file.pattern` picks: without a slash it is for the name alone, in
 * whatever folder below, as in a folder that is watched.
 */
export async function findInFolder(folder: string, pattern: string, store: InputStore): Promise<LoadFile[]> {
  if (isUrl(folder)) {
    const found = await store.findBelow(folder, pattern, NEVER);
    return found.map((file) => storedFile(store, file));
  }
  const isWanted = filePattern(pattern);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch((error: unknown) => {
    throw unusable(`--data-dir ${folder} cannot be read: ${messageOf(error)}`);
  });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => {
      const below = path.slice(join(folder, '/').length);
      return !below.split('/').some((part) => part.startsWith('.')) && isWanted(below);
    });
  return Promise.all(paths.sort().map((path) => fileAt(path)));
}

function storedFile(store: InputStore, { path, absolute, version }: ListedFile): LoadFile {
  return { path, shown: path, absolute, store, bytes: version.size };
}

/** A path that exists is that file, even if it has a star in it. */
async function filesOf(given: string, store: InputStore): Promise<LoadFile[]> {
  if (isUrl(given)) return (await store.require(given, NEVER)).map((file) => storedFile(store, file));
  const found = await stat(given).catch(() => null);
  if (found !== null) return [await fileAt(given)];
  if (!isGlob(given)) throw unusable(`${given}: no such file${await meant(given)}`);
  const paths: string[] = [];
  for await (const path of findGlob(given))
    if ((await stat(path).catch(() => null))?.isFile()) paths.push(path);
  if (paths.length === 0) throw unusable(`${given}: no file matches`);
  return Promise.all(paths.sort().map((path) => fileAt(path)));
}

async function fileAt(path: string): Promise<LoadFile> {
  const stats = await stat(path);
  if (stats.isDirectory()) {
    throw unusable(`${path}: is a folder; name its files, as in '${join(path, '*.csv')}', or use --data-dir`);
  }
  if (!stats.isFile()) {
    throw unusable(
      `${path}: is not a regular file; give what comes out of it on standard input: load - < ${path}`,
    );
  }
  await access(path, constants.R_OK).catch((error: unknown) => {
    throw unusable(`${path}: cannot be read: ${messageOf(error)}`);
  });
  const absolute = resolve(path);
  return { path: absolute, shown: path, absolute, bytes: stats.size };
}

async function meant(path: string): Promise<string> {
  const url = urlMeant(path);
  if (url !== null) return `; did you mean ${url}?`;
  const names = await readdir(dirname(path)).catch(() => []);
  return didYouMean(basename(path), names);
}

function unusable(message: string): HeadraceError {
  return new HeadraceError('SOURCE_UNREADABLE', message, { retriable: false });
}
