import { isUrl } from '../../src/values/url.ts';
import type { FileStore, ListedFile } from '../files/file-store.ts';
import { folderName } from '../files/remote/object-names.ts';
import { putAwayBelow } from '../files/remote/put-away-folders.ts';
import { SILENT } from '../files/silent-log.ts';
import { oldestFirst } from '../files/watching/files-order.ts';
import { WantedFiles, type WantedNames } from '../files/watching/wanted-files.ts';
import { connectionOf } from './connections.ts';
import { type FileUrl, SCHEMES } from './file-url.ts';
import { Place } from './place.ts';

/** What the connector of a feed is told, as it was understood. */
export interface FeedSource {
  readonly plugin: { readonly name: string };
  readonly values: Readonly<Record<string, unknown>>;
}

/** The folder that a feed watches in a bucket or on a server; null for any other feed. */
export function watchedFolder({ plugin, values }: FeedSource): FileUrl | null {
  const text = (name: string) => String(values[name] ?? '');
  const bucket = (scheme: 's3' | 'gs' | 'az', host: string, prefix: string): FileUrl => {
    return { scheme, host, user: null, port: null, name: folderName(prefix), base: `${scheme}://${host}/` };
  };
  switch (plugin.name) {
    case 's3':
      return bucket('s3', text('s3Bucket'), text('s3Prefix'));
    case 'gcs':
      return bucket('gs', text('gcsBucket'), text('gcsPrefix'));
    case 'azure-blob':
      return bucket('az', text('azureContainer'), text('azurePrefix'));
    case 'sftp': {
      const [host, user, port] = [text('sftpHost'), text('sftpUser'), Number(values.sftpPort)];
      const base = `sftp://${user}@${host.includes(':') ? `[${host}]` : host}:${port}`;
      return { scheme: 'sftp', host, user, port, name: folderName(text('inputPath')), base };
    }
    default:
      return null;
  }
}

/** The key that names the place, for messages. */
export function placeKey({ scheme }: FileUrl): string {
  return { s3: 's3.bucket', gs: 'gcs.bucket', az: 'azure.container', sftp: 'sftp.host' }[scheme];
}

/** The keys of a feed that watches the folder which a file is in. */
export function watchedKeys({ scheme, host, user, port, name }: FileUrl): Readonly<Record<string, string>> {
  const folder = name.slice(0, Math.max(name.lastIndexOf('/'), 0));
  const place = ([bucket, prefix]: readonly [string, string]) => ({
    'connector.class': SCHEMES[scheme],
    [bucket]: host,
    ...(folder !== '' && { [prefix]: folder }),
  });
  switch (scheme) {
    case 's3':
      return place(['s3.bucket', 's3.prefix']);
    case 'gs':
      return place(['gcs.bucket', 'gcs.prefix']);
    case 'az':
      return place(['azure.container', 'azure.prefix']);
    case 'sftp':
      return {
        'connector.class': 'sftp',
        'sftp.host': host,
        ...(port !== null && { 'sftp.port': String(port) }),
        ...(user !== null && { 'sftp.user': user }),
        'input.path': folder || '/',
      };
  }
}

/** What a feed watches, as it is reached. */
export function watchedPlace({ plugin, values }: FeedSource, folder: FileUrl): Place {
  return new Place(folder, connectionOf(values), {
    log: SILENT,
    wantedBy: `connector.class: ${plugin.name}`,
  });
}

/** The files that a feed watches, delivered or not, page after page. */
export function watchedPages(
  { values }: FeedSource,
  folder: FileUrl,
  store: FileStore,
  signal: AbortSignal,
): AsyncGenerator<readonly ListedFile[], boolean, undefined> {
  const excluded = putAwayBelow(folder.name, {
    finishedPath: nameIn(folder, values.finishedPath),
    errorPath: nameIn(folder, values.errorPath),
  });
  return store.list(WantedFiles.ofFeed(values as unknown as WantedNames, excluded), signal);
}

/**
 * The file that a feed would load first were nothing delivered; null when there is none. Where pages come in order, no
 * more of them are asked for than it takes.
 */
export async function firstWatched(
  source: FeedSource,
  folder: FileUrl,
  store: FileStore,
  signal: AbortSignal,
): Promise<ListedFile | null> {
  const { listsInOrder, hasWholeFiles } = store.promises;
  let oldest: ListedFile | null = null;
  for await (const page of watchedPages(source, folder, store, signal)) {
    const [first] = page;
    if (first !== undefined && listsInOrder && hasWholeFiles) return first;
    for (const file of page) if (oldest === null || oldestFirst(file, oldest) < 0) oldest = file;
  }
  return oldest;
}

/** The name of what files are put into, where that is in the same place; null where it is not, or nothing is said. */
function nameIn({ base }: FileUrl, path: unknown): string | null {
  if (typeof path !== 'string') return null;
  const name = path.startsWith(base) ? path.slice(base.length) : path;
  return isUrl(name) ? null : name;
}
