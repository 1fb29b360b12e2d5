import type { ListObjectsV2CommandInput, ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import type { ListedFile, ListFilter } from '../files/file-store.ts';
import { WantedNames } from '../files/remote/object-names.ts';
import { versionOf } from './s3-object.ts';

/** Behind every name that begins with what stands before it. */
const LAST_CHARACTER = '\u{10FFFF}';

/** Where the next page begins. */
type Next = Pick<ListObjectsV2CommandInput, 'ContinuationToken' | 'StartAfter'>;

/**
 * The wanted objects below a prefix, page after page. The names of objects are in order, so a folder that is not wanted
 * is passed over by going on behind it, however many objects are in it.
 */
export async function* listedPages(
  prefix: string,
  filter: ListFilter,
  ask: (next: Next) => Promise<ListObjectsV2CommandOutput>,
): AsyncGenerator<readonly ListedFile[], void, undefined> {
  const wanted = new WantedNames(filter);
  for (let next: Next | null = {}; next !== null; ) {
    const page = await ask(next);
    const files: ListedFile[] = [];
    let last = '';
    for (const { Key = '', ETag, Size, LastModified } of page.Contents ?? []) {
      const key = decoded(Key, page.EncodingType);
      const place = key.slice(prefix.length);
      last = place;
      if (!wanted.has(place)) continue;
      files.push({ path: place, place, absolute: key, version: versionOf(ETag, Size, LastModified) });
    }
    if (files.length > 0) yield files;
    next = page.IsTruncated ? nextAfter(page, last, prefix, wanted) : null;
  }
}

function nextAfter(
  page: ListObjectsV2CommandOutput,
  last: string,
  prefix: string,
  wanted: WantedNames,
): Next {
  const folder = wanted.unwantedFolder(last);
  if (folder !== null) return { StartAfter: `${prefix}${folder}${LAST_CHARACTER}` };
  return { ContinuationToken: page.NextContinuationToken };
}

/** Keys are asked for in the form of URLs: XML cannot hold all characters that they may have. */
function decoded(key: string, encoding: string | undefined): string {
  return encoding === 'url' ? decodeURIComponent(key.replaceAll('+', ' ')) : key;
}
