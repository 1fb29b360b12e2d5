import type { PluginLog } from '../../src/plugin/index.ts';
import type { FileVersion, FoundFile } from './file-version.ts';

/*
 * What a place is asked that has files: a disk, a bucket, a server. What is done with files is written once above this
 * (`file-task.ts`, `watching/`, `recognition/`, `finishing/`) and knows no store by name; one battery of tests
 * (`test/connectors/store-conformance.ts`) is run against every implementation.
 *
 * Every call that fails throws a HeadraceError: SOURCE_UNREADABLE with what was tried, what the store answered and how to
 * mend it, SOURCE_CHANGED where a file is no longer what it was. A store tries again by itself what may pass in a few
 * seconds (`remote/retrying.ts`); what it throws after that is tried again by those above, for as long as they are told to.
 */

/** What a store can promise; what it cannot is seen to by those above. */
export interface StorePromises {
  /**
   * Every change of a file gives it another version, and what is read through an open file is of the version that was
   * opened, or fails. Otherwise whoever reads looks at the version again after each read.
   */
  readonly hasVersions: boolean;
  /** A file is there at once and whole. Otherwise it must have been quiet for a while before it is read. */
  readonly hasWholeFiles: boolean;
  /** A move is one step. Otherwise it is a copy and a removal, and a process that ends in between leaves both. */
  readonly hasAtomicMoves: boolean;
  /** Pages come in the order of their paths. Otherwise in any. */
  readonly listsInOrder: boolean;
}

/** A file that a listing has met. */
export interface ListedFile extends FoundFile {
  readonly version: FileVersion;
}

/** What of a listing is wanted; the rest costs as little as the store allows. */
export interface ListFilter {
  /** A folder, by its path below the store's root, that is to be looked into. */
  isFolderWanted(place: string): boolean;
  /** A file, by its path below the store's root. */
  isFileWanted(place: string): boolean;
  /**
   * The version that a file is in, as far as anybody needs to know: where looking at it costs, it is not looked at. One that has
   * a version is wanted.
   */
  versionOf?(place: string): FileVersion | undefined;
  /** A link was met, which no listing follows. */
  metLink?(place: string): void;
}

/** Why a file cannot be opened while others can. */
export type NotOpened = 'gone' | 'denied' | 'not a regular file' | 'a link';

/** What became of a file that was to be moved or removed: `replaced`, it is not what it was and was left alone. */
export type PutAwayOutcome = 'done' | 'gone' | 'replaced';

/** A file that is open for reading. */
export interface StoredFile {
  /** As it was when it was opened. */
  readonly version: FileVersion;
  /** The store's own checksum of all of its bytes, where it keeps one. */
  readonly checksum?: { readonly algorithm: 'crc32' | 'crc32c'; readonly value: number };
  /**
   * Reads bytes from `position` into `into`, as many as fit or fewer; gives their number, 0 at the end of the file.
   * Any position will do; one after the other is fastest. Reads throw the signal's reason once it has aborted.
   */
  read(into: Buffer, position: number): Promise<number>;
  /** As it is now, under the name or without one. Costs nothing where the store has versions. */
  stat(): Promise<FileVersion>;
  close(): Promise<void>;
}

export interface LateWritesOptions {
  /** How long what is written to must be quiet before it is taken for complete. */
  readonly settleMs: number;
  readonly log: PluginLog;
  /** Rows came that will not be delivered. */
  readonly onLost: (path: string, error: string) => void;
}

/** Looks after delivered files for what their writers add to them after they were put away. */
export interface LateWrites {
  /** null when the file is not there in this version, or cannot be held: then there is nothing to look after. */
  hold(found: FoundFile, version: FileVersion): Promise<HeldFile | null>;
  /** A file that was put away was written to, and is back under its path. */
  hasBroughtBack(path: string): boolean;
  /** Whether there are files that it looks after now. */
  readonly isWatching: boolean;
  /** A file that was put away is still looked after. */
  watches(path: string): boolean;
  /** A file under this path was dealt with. */
  settled(path: string): void;
  /** Has a last look. */
  close(): Promise<void>;
}

/** A delivered file that is kept open while it is put away. */
export interface HeldFile {
  /** Looks after it from now on. `target`: where it was moved; null when it was deleted. */
  watch(target: string | null): void;
  release(): Promise<void>;
}

/** A file that was moved away, and the store that it can be taken from. */
export interface MovedFile {
  readonly store: FileStore;
  readonly file: FoundFile;
}

/** Where files are. Made for one task; used by one caller at a time, but for open files, which are independent. */
export interface FileStore {
  readonly promises: StorePromises;
  /**
   * Every wanted regular file below the root, page after page, never all of them in memory. A file that comes or goes
   * meanwhile may be among them or not; one that is there throughout is. A page that cannot be had is asked for again,
   * those before it are not.
   *
   * @returns whether all of it was seen; false, after it was told in the log, when a part could not be looked into, so
   *   that nothing follows from a file's absence
   */
  list(filter: ListFilter, signal: AbortSignal): AsyncGenerator<readonly ListedFile[], boolean, undefined>;
  /** The file that a listing would give under this path, whether it is there or not; only of stores that are listed. */
  at?(path: string): FoundFile;
  /** Where `moveInto` will have put a file under this place, as it tells it; only of stores that are listed. */
  targetIn?(destination: string, place: string): string;
  /** What `moveInto` has moved there from this path; only of stores that are listed. */
  movedTo?(target: string, path: string): MovedFile;
  /** A file as it is now; null when it is not there. */
  stat(found: FoundFile): Promise<FileVersion | null>;
  open(found: FoundFile, signal: AbortSignal): Promise<StoredFile | NotOpened>;
  /** Removes a file, if it still is in this version. */
  remove(found: FoundFile, version: FileVersion): Promise<PutAwayOutcome>;
  /**
   * Makes sure, before anything is read, that files can be moved there; makes what can be made.
   *
   * @param option the key that names the place, for messages
   * @returns what `moveInto` is given
   */
  prepareDestination(option: string, path: string, log: PluginLog): Promise<string>;
  /**
   * Moves a file below a prepared place, keeping its path and replacing nothing: where the name is taken, the generation
   * goes before its extension. Whatever cuts it short, the next attempt ends with one file under one name.
   *
   * @returns where it is now, or what kept it from it
   */
  moveInto(
    destination: string,
    found: FoundFile,
    version: FileVersion,
    generation: string,
  ): Promise<{ readonly target: string } | 'gone' | 'replaced'>;
  /** As `moveInto`, compressed with gzip unless it is compressed already; only of stores that write. */
  compressInto?: FileStore['moveInto'];
  /** Writes why a file was given up beside what was moved to `target` (`noteBeside`), replacing an earlier note. */
  writeNote(target: string, text: string): Promise<void>;
  /** Looks after files for a while once they were put away; only of stores in which a writer can go on writing to one. */
  lateWrites?(options: LateWritesOptions): LateWrites;
  /** Puts a tag on a file, if it still is in this version; only of stores that have tags. */
  tag?(
    found: FoundFile,
    version: FileVersion,
    tags: Readonly<Record<string, string>>,
  ): Promise<PutAwayOutcome>;
  close(): Promise<void>;
}
