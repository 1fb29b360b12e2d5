import type { ListFilter } from '../file-store.ts';
import { noteBeside } from '../finishing/free-name.ts';

/*
 * Names of objects are not paths: two slashes, or dots between them, are part of a name. What users call a folder is
 * what the names of its objects begin with, up to a slash.
 */

/** What the names in a folder begin with: nothing for all of a bucket, else what ends with a slash. */
export function folderName(path: string): string {
  return path === '' || path.endsWith('/') ? path : `${path}/`;
}

/** The name of the note beside an object that was given up. */
export function noteName(name: string): string {
  const nameAt = name.lastIndexOf('/') + 1;
  return name.slice(0, nameAt) + noteBeside(name.slice(nameAt));
}

/** Which names of a listing are wanted. Of each folder it is asked once whether it is, as long as names come in order. */
export class WantedNames {
  readonly #filter: ListFilter;
  /** The folders around the last name, outermost first, up to one that is not wanted. */
  #folders: { readonly name: string; readonly isWanted: boolean }[] = [];

  constructor(filter: ListFilter) {
    this.#filter = filter;
  }

  /** @param place a name below the root */
  has(place: string): boolean {
    // What ends with a slash stands for a folder, as consoles make them.
    if (place === '' || place.endsWith('/')) return false;
    return this.unwantedFolder(place) === null && this.#filter.isFileWanted(place);
  }

  /** The outermost folder around a name that is not to be looked into, with its slash; null when there is none. */
  unwantedFolder(place: string): string | null {
    this.#folders = this.#folders.filter(({ name }) => place.startsWith(name));
    const innermost = this.#folders.at(-1);
    if (innermost?.isWanted === false) return innermost.name;
    for (let end = place.indexOf('/', innermost?.name.length); end >= 0; end = place.indexOf('/', end + 1)) {
      const isWanted = this.#filter.isFolderWanted(place.slice(0, end));
      const name = place.slice(0, end + 1);
      this.#folders.push({ name, isWanted });
      if (!isWanted) return name;
    }
    return null;
  }
}
