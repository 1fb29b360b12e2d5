import type { FileStore, ListedFile } from '../../../connectors/files/file-store.ts';
import { openFile } from '../../../connectors/files/reading/open-file.ts';
import { SILENT } from '../../../connectors/files/silent-log.ts';
import { connectionOf } from '../../../connectors/inputs/connections.ts';
import { type FileUrl, urlOf } from '../../../connectors/inputs/file-url.ts';
import { InputStore } from '../../../connectors/inputs/input-store.ts';
import { forWhoeverWaits } from '../../../connectors/inputs/place.ts';
import {
  placeKey,
  watchedFolder,
  watchedPages,
  watchedPlace,
} from '../../../connectors/inputs/watched-place.ts';
import type { ConnectorConfig } from '../../config/connector-config.ts';
import { bytes } from '../../terminal/figures.ts';
import { isUrl } from '../../values/url.ts';
import { type About, attempt, type Check, failed, noted, passed } from './check.ts';

/** A bucket of which nothing matches is not listed to its end. */
const LISTING_MS = 10_000;

type Source = ConnectorConfig['source'];

/** The buckets and servers that a feed reads. Nothing in them is changed. */
export async function* storageChecks({ source }: ConnectorConfig, subject: string): AsyncGenerator<Check> {
  const folder = watchedFolder(source);
  if (folder !== null) yield* watchedChecks(source, folder, subject);
  else yield* inputChecks(source.values, subject);
}

async function* watchedChecks(source: Source, folder: FileUrl, subject: string): AsyncGenerator<Check> {
  const place = { subject, key: placeKey(folder) };
  const opened = watchedPlace(source, folder);
  try {
    let found: { readonly store: FileStore; readonly first: ListedFile | null | undefined } | undefined;
    yield await attempt(place, async () => {
      const store = await opened.folder(folder.name);
      found = { store, first: await firstOf(source, folder, store) };
      return passed(place, `${urlOf(folder, folder.name)} can be listed`);
    });
    if (found === undefined) return;
    yield await matchCheck({ subject, key: 'input.file.pattern' }, source, folder, found);
    yield* finishChecks(source.values, subject);
  } finally {
    await opened.close();
  }
}

async function matchCheck(
  about: About,
  source: Source,
  folder: FileUrl,
  { store, first }: { readonly store: FileStore; readonly first: ListedFile | null | undefined },
): Promise<Check> {
  const { inputFilePattern } = source.values as Readonly<Record<string, unknown>>;
  if (first === null) return noted(about, `no file matches ${inputFilePattern} yet`);
  if (first !== undefined) return readCheck(about, store, { ...first, path: urlOf(folder, first.absolute) });
  return noted(
    about,
    `not looked at: none of the files that ${LISTING_MS / 1000} s have shown matches ${inputFilePattern}`,
  );
}

/** A file that matches; null when there is none, undefined when it takes too long to know. */
async function firstOf(
  source: Source,
  folder: FileUrl,
  store: FileStore,
): Promise<ListedFile | null | undefined> {
  const signal = AbortSignal.timeout(LISTING_MS);
  try {
    for await (const [first] of watchedPages(source, folder, store, signal))
      if (first !== undefined) return first;
    return null;
  } catch (error) {
    if (signal.aborted) return undefined;
    throw forWhoeverWaits(error);
  }
}

/** URLs among the inputs of a feed for files that are there. */
async function* inputChecks(values: Source['values'], subject: string): AsyncGenerator<Check> {
  const { inputPath, inputPaths } = values as Readonly<Record<string, unknown>>;
  const several = Object.entries((inputPaths ?? {}) as Readonly<Record<string, string>>);
  const inputs = [
    ['input.path', String(inputPath ?? '')],
    ...several.map(([label, path]) => [`input.paths.${label}`, path]),
  ];
  for (const [key = '', url = ''] of inputs) {
    if (!isUrl(url)) continue;
    const about = { subject, key };
    yield await attempt(about, async () => {
      const store = new InputStore(connectionOf(values), SILENT);
      try {
        const [first] = (await store.require(url, AbortSignal.timeout(LISTING_MS))) as [ListedFile];
        return await readCheck(about, store, first);
      } finally {
        await store.close();
      }
    });
  }
}

/** Opens a file, and reads of it what tells it from others. */
async function readCheck(about: About, store: FileStore, file: ListedFile): Promise<Check> {
  const shown = file.path;
  return attempt(about, async () => {
    const open = await openFile(store, file, AbortSignal.timeout(LISTING_MS));
    if (open === 'denied')
      return failed(about, `${shown} may not be read: give this user the right to read it`);
    if (typeof open === 'string') return noted(about, `${shown} was found, and is ${open} now`);
    await open.file.close();
    return passed(about, `${shown} can be read, ${bytes(open.version.size)}`);
  });
}

/** Whether files may be put away shows only by putting one away. */
function* finishChecks(values: Source['values'], subject: string): Generator<Check> {
  const { finishedPath, finishedDelete, finishedTag, errorPath } = values as Readonly<
    Record<string, unknown>
  >;
  const tags = Object.keys(finishedTag ?? {});
  const asked: readonly (readonly [key: string, isSet: boolean, needs: string])[] = [
    ['finished.path', typeof finishedPath === 'string', `write to ${finishedPath} and delete what was read`],
    ['finished.delete', finishedDelete === true, 'delete what was read'],
    ['finished.tag', tags.length > 0, 'put tags on what was read'],
    ['error.path', typeof errorPath === 'string', `write to ${errorPath} and delete what was given up`],
  ];
  for (const [key, isSet, needs] of asked) {
    if (isSet)
      yield noted(
        { subject, key },
        `not looked at, as it would change something: it needs the right to ${needs}`,
      );
  }
}
