import { posix } from 'node:path';
import { HeadraceError, type PluginLog } from '../../src/plugin/index.ts';
import { didYouMean } from '../../src/values/closest-name.ts';
import { isUrl } from '../../src/values/url.ts';
import { DiskStore } from '../files/disk/disk-store.ts';
import type { FileStore, ListedFile, ListFilter, NotOpened, StoredFile } from '../files/file-store.ts';
import type { FileVersion, FoundFile } from '../files/file-version.ts';
import { filePattern } from '../files/glob/file-pattern.ts';
import { globMatcher } from '../files/glob/glob.ts';
import { folderMatcher, isGlob, splitGlob } from '../files/glob/glob-walk.ts';
import type { Connection } from './connections.ts';
import { type FileUrl, fileUrl, folderUrl, urlOf } from './file-url.ts';
import { findFiles } from './find-files.ts';
import { forWhoeverWaits, Place } from './place.ts';

/** A file that an input names. */
export interface InputFile extends FoundFile {
  /** Where a listing has told it; otherwise nobody has looked whether the file is there. */
  readonly version?: FileVersion;
}

/**
 * Files of this disk and those that URLs name, each in its own store, which is opened when it is first needed. What it
 * promises is what the disk does, as that promises least; only files of the disk are ever put away.
 */
export class InputStore extends DiskStore {
  readonly #connection: Connection;
  readonly #log: PluginLog;
  /** By what URLs begin with. */
  readonly #places = new Map<string, Place>();
  /** Of what listings have found: on a server, a file is opened below the folder that was listed. */
  readonly #listed = new Map<string, FileStore>();

  constructor(connection: Connection, log: PluginLog) {
    super();
    this.#connection = connection;
    this.#log = log;
  }

  /**
   * The files that a path, a URL or a glob of either names, in the order of their paths. What exists is taken as it is,
   * even if it has a star in it.
   *
   * @throws HeadraceError CONFIG_INVALID for a URL that is none; SOURCE_UNREADABLE
   */
  async find(input: string, signal: AbortSignal): Promise<InputFile[]> {
    if (!isUrl(input)) return findFiles(input);
    const url = fileUrl(input);
    const file = { path: urlOf(url, url.name), absolute: url.name, place: posix.basename(url.name) };
    if (!isGlob(url.name)) return [file];
    const version = await this.stat(file);
    if (version !== null) return [{ ...file, version }];
    const { folder, below } = splitGlob(url.name);
    return this.#list(
      { ...url, name: folder },
      { isFolderWanted: folderMatcher(below), isFileWanted: globMatcher(below.join('/')) },
      signal,
    );
  }

  /**
   * The files that a URL, or a glob of such, names, of which there is one at least.
   *
   * @throws HeadraceError as `find`
   */
  async require(input: string, signal: AbortSignal): Promise<ListedFile[]> {
    try {
      return await this.#require(input, signal);
    } catch (error) {
      throw forWhoeverWaits(error);
    }
  }

  async #require(input: string, signal: AbortSignal): Promise<ListedFile[]> {
    const found = await this.find(input, signal);
    if (found.length === 0) throw missing(input, 'no file matches');
    const there: ListedFile[] = [];
    for (const file of found) {
      const version = file.version ?? (await this.stat(file));
      if (version === null) throw missing(input, `no such file${await this.#meant(input, signal)}`);
      there.push({ ...file, version });
    }
    return there;
  }

  /**
   * The files below a folder, by its URL, that a pattern picks as in a folder that is watched, in the order of their paths.
   *
   * @throws HeadraceError as `find`
   */
  findBelow(folder: string, pattern: string, signal: AbortSignal): Promise<ListedFile[]> {
    const isHidden = (place: string) => posix.basename(place).startsWith('.');
    const isWanted = filePattern(pattern);
    const filter: ListFilter = {
      isFolderWanted: (place) => !isHidden(place),
      isFileWanted: (place) => !isHidden(place) && isWanted(place),
    };
    return this.#list(folderUrl(folder), filter, signal).catch((error: unknown) => {
      throw forWhoeverWaits(error);
    });
  }

  override async stat(found: FoundFile): Promise<FileVersion | null> {
    const store = await this.#storeOf(found);
    return store === null ? super.stat(found) : store.stat(found);
  }

  override async open(found: FoundFile, signal: AbortSignal): Promise<StoredFile | NotOpened> {
    const store = await this.#storeOf(found);
    return store === null ? super.open(found, signal) : store.open(found, signal);
  }

  override async close(): Promise<void> {
    await Promise.all([...this.#places.values()].map((place) => place.close()));
    await super.close();
  }

  async #list(url: FileUrl, filter: ListFilter, signal: AbortSignal): Promise<ListedFile[]> {
    const store = await this.#storeAt(url);
    const files: ListedFile[] = [];
    for await (const page of store.list(filter, signal)) {
      for (const { absolute, place, version } of page) {
        const file = { path: urlOf(url, absolute), absolute, place, version };
        this.#listed.set(file.path, store);
        files.push(file);
      }
    }
    return files.sort((one, other) => (one.path < other.path ? -1 : 1));
  }

  /** null: the disk. */
  async #storeOf({ path }: FoundFile): Promise<FileStore | null> {
    if (!isUrl(path)) return null;
    return this.#listed.get(path) ?? (await this.#storeAt({ ...fileUrl(path), name: '' }));
  }

  /** What a user may have meant. Throws what keeps the folder from being listed, as that there is no such bucket. */
  async #meant(url: string, signal: AbortSignal): Promise<string> {
    const place = fileUrl(url);
    const folder = place.name.slice(0, place.name.lastIndexOf('/') + 1);
    const filter: ListFilter = { isFolderWanted: () => false, isFileWanted: () => true };
    const pages = (await this.#storeAt({ ...place, name: folder })).list(filter, signal);
    const first = await pages.next();
    await pages.return(false);
    const names = first.done ? [] : first.value.map((file) => file.place);
    const guess = didYouMean(posix.basename(place.name), names);
    if (guess !== '' || !/%[\da-f]{2}/i.test(url)) return guess;
    return '; % is part of the name: write the name as it is, without escapes';
  }

  /** @param folder of which the name ends with a slash, or is empty */
  #storeAt(folder: FileUrl): Promise<FileStore> {
    const { base, name } = folder;
    const place =
      this.#places.get(base) ?? new Place(folder, this.#connection, { log: this.#log, wantedBy: base });
    this.#places.set(base, place);
    return place.folder(name);
  }
}

function missing(input: string, problem: string): HeadraceError {
  return new HeadraceError('SOURCE_UNREADABLE', `${input}: ${problem}`, { retriable: false });
}
