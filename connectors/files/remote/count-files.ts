import type { FileStore } from '../file-store.ts';
import { WantedFiles, type WantedNames } from '../watching/wanted-files.ts';

/**
 * How many files of a store a feed wants, delivered or not; closes the store. Changes nothing.
 *
 * @param excluded folders by their places that are not looked into
 */
export async function countFiles(
  store: FileStore,
  names: WantedNames,
  excluded: readonly string[],
): Promise<number> {
  const wanted = WantedFiles.ofFeed(names, excluded);
  try {
    let files = 0;
    for await (const page of store.list(wanted, new AbortController().signal)) files += page.length;
    return files;
  } finally {
    await store.close();
  }
}
