import { realpath } from 'node:fs/promises';
import { basename, relative, resolve, sep } from 'node:path';
import { filesIn, type WatchedFolder } from '../../connectors/directory/files-in-folder.ts';
import { isWithin } from '../../connectors/files/paths.ts';
import { oldestFirst } from '../../connectors/files/watching/watch-task.ts';
import { findFiles } from '../../connectors/local/find-files.ts';
import type { ConnectorConfig } from '../config/connector-config.ts';
import type { DataFile } from '../dry-run/data-file.ts';
import { HeadraceError } from '../errors.ts';
import { typedPath } from '../terminal/typed-path.ts';

/**
 * The file that a feed would load first.
 *
 * @throws HeadraceError SOURCE_UNREADABLE when there is none, or it can only be told by the source itself
 */
export async function firstFile({ source }: ConnectorConfig): Promise<DataFile> {
  const values = source.values as Readonly<Record<string, unknown>>;
  const inputPath = String(values.inputPath);
  if (source.plugin.name === 'directory') {
    const folder = values as unknown as WatchedFolder;
    const first = await oldestIn(folder);
    if (first === undefined)
      throw none(`no file in ${typedPath(inputPath)} matches ${folder.inputFilePattern}`);
    return first;
  }
  if (source.plugin.name === 'local') {
    const [first] = await findFiles(inputPath);
    if (first === undefined) throw none(`no file matches input.path ${typedPath(inputPath)}`);
    return { shown: typedPath(first.path), path: first.path, absolute: first.absolute };
  }
  throw none(`which file ${source.plugin.name} would load first is known to itself alone`);
}

/** A file that the user names, under the path that the feed's source would give it. */
export function namedFile(file: string, { source }: ConnectorConfig): DataFile {
  const absolute = resolve(file);
  const { inputPath } = source.values as { readonly inputPath?: unknown };
  if (source.plugin.name !== 'directory') return { shown: file, path: absolute, absolute };
  const folder = String(inputPath);
  const below = isWithin(absolute, folder) ? relative(folder, absolute) : basename(absolute);
  return { shown: file, path: below.split(sep).join('/'), absolute };
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
