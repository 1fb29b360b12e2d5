import { realpath } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { filesIn, type WatchedFolder } from '../../connectors/directory/files-in-folder.ts';
import type { ListedFile } from '../../connectors/files/file-store.ts';
import { isWithin } from '../../connectors/files/paths.ts';
import { SILENT } from '../../connectors/files/silent-log.ts';
import { oldestFirst } from '../../connectors/files/watching/files-order.ts';
import { connectionOf } from '../../connectors/inputs/connections.ts';
import { type FileUrl, urlOf } from '../../connectors/inputs/file-url.ts';
import { InputStore } from '../../connectors/inputs/input-store.ts';
import {
  type FeedSource,
  firstWatched,
  watchedFolder,
  watchedPlace,
} from '../../connectors/inputs/watched-place.ts';
import type { ConnectorConfig } from '../config/connector-config.ts';
import type { DataFile } from '../dry-run/data-file.ts';
import { HeadraceError } from '../errors.ts';
import { typedPath } from '../terminal/typed-path.ts';
import { isUrl } from '../values/url.ts';

const NEVER = new AbortController().signal;

/**
 * The file that a feed would load first. Its store is to be closed.
 *
 * @throws HeadraceError SOURCE_UNREADABLE when there is none, or it can only be told by the source itself
 */
export async function firstFile({ source }: ConnectorConfig): Promise<DataFile> {
  const values = source.values as Readonly<Record<string, unknown>>;
  const inputPath = String(values.inputPath);
  const watched = watchedFolder(source);
  if (watched !== null) return firstAt(source, watched);
  if (source.plugin.name === 'directory') {
    const folder = values as unknown as WatchedFolder;
    const first = await oldestIn(folder);
    if (first === undefined)
      throw none(`no file in ${typedPath(inputPath)} matches ${folder.inputFilePattern}`);
    return first;
  }
  if (source.plugin.name === 'local') {
    if (isUrl(inputPath)) return fileAt(inputPath, values);
    const [first] = await new InputStore(connectionOf({}), SILENT).find(inputPath, NEVER);
    if (first === undefined) throw none(`no file matches input.path ${typedPath(inputPath)}`);
    return { shown: typedPath(first.path), path: first.path, absolute: first.absolute };
  }
  throw none(`which file ${source.plugin.name} would load first is known to itself alone`);
}

/** A file that the user names, under the path that the feed's source would give it. Its store is to be closed. */
export async function namedFile(file: string, { source }: ConnectorConfig): Promise<DataFile> {
  const { values } = source as FeedSource;
  if (isUrl(file)) {
    const found = await fileAt(file, values);
    const watched = watchedFolder(source);
    const root = watched === null ? null : urlOf(watched, watched.name);
    return root !== null && found.path.startsWith(root)
      ? { ...found, path: found.path.slice(root.length) }
      : found;
  }
  const absolute = resolve(file);
  if (source.plugin.name !== 'directory') return { shown: file, path: absolute, absolute };
  const folder = String(values.inputPath);
  const below = isWithin(absolute, folder) ? relative(folder, absolute) : basename(absolute);
  return { shown: file, path: below.split(sep).join('/'), absolute };
}

/**
 * A file by its URL, or the first that a glob finds. Its store is to be closed.
 *
 * @param values what they say of how it is reached, else the environment does
 */
export async function fileAt(url: string, values: Readonly<Record<string, unknown>>): Promise<DataFile> {
  const store = new InputStore(connectionOf(values), SILENT);
  try {
    const [{ path, absolute }] = (await store.require(url, NEVER)) as [ListedFile];
    return { shown: path, path, absolute, store };
  } catch (error) {
    await store.close();
    throw error;
  }
}

async function firstAt(source: FeedSource, folder: FileUrl): Promise<DataFile> {
  const place = watchedPlace(source, folder);
  try {
    const store = await place.folder(folder.name);
    const first = await firstWatched(source, folder, store, NEVER);
    if (first === null)
      throw none(
        `no file in ${urlOf(folder, folder.name)} matches ${String(source.values.inputFilePattern)}`,
      );
    return { shown: urlOf(folder, first.absolute), path: first.path, absolute: first.absolute, store };
  } catch (error) {
    await place.close();
    throw error;
  }
}

async function oldestIn(folder: WatchedFolder): Promise<DataFile | undefined> {
  await realpath(folder.inputPath).catch(() => {
    throw none(`input.path ${typedPath(folder.inputPath)} is not there`);
  });
  const [oldest] = (await filesIn(folder)).sort(oldestFirst);
  return oldest && { shown: typedPath(oldest.absolute), path: oldest.path, absolute: oldest.absolute };
}

function none(why: string): HeadraceError {
  return new HeadraceError('SOURCE_UNREADABLE', `${why}; name a file: headrace preview FEED FILE`, {
    retriable: false,
  });
}
