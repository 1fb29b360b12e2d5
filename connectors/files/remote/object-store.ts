import type { PluginLog } from '../../../src/plugin/index.ts';
import { messageOf } from '../../../src/plugin/index.ts';
import type {
  FileStore,
  ListedFile,
  ListFilter,
  MovedFile,
  NotOpened,
  PutAwayOutcome,
  StoredFile,
  StorePromises,
} from '../file-store.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import { changed, unreadable } from '../source-errors.ts';
import { type Mover, moveInto } from './move-into.ts';
import { folderName, noteName, WantedNames } from './object-names.ts';
import { RangeReader } from './range-reader.ts';
import { MayPass } from './retrying.ts';

/** An object under a name; which version of it the identity of its version tells. */
export interface NamedObject {
  readonly name: string;
  readonly version: FileVersion;
}

export interface ObjectInBucket extends NamedObject {
  readonly checksum?: StoredFile['checksum'];
}

/** Where a page of a listing begins: behind the page that gave the token, or with a name; null: with the first. */
export type PageStart = { readonly token: string } | { readonly name: string } | null;

export interface ObjectPage {
  readonly objects: readonly NamedObject[];
  /** null: there is no other page. */
  readonly nextToken: string | null;
}

/** From a byte up to, not including, another one. */
export interface ByteRange {
  readonly from: number;
  readonly to: number;
}

/**
 * What a bucket is asked, by whichever service it is of. What may pass is tried again there; everything else is thrown as
 * a HeadraceError.
 */
export interface ObjectBucket {
  /** A page may begin with a name. */
  readonly startsWithNames: boolean;
  /** How users write the name of an object, as in `gs://bucket/name`. */
  url(name: string): string;
  page(prefix: string, start: PageStart, signal: AbortSignal): Promise<ObjectPage>;
  /** null when it is not there. */
  object(name: string, signal: AbortSignal): Promise<ObjectInBucket | null>;
  /** Bytes of one version as they are stored, asked for once, as `RangeSource` has it; null when it is not there. */
  range(
    object: NamedObject,
    range: ByteRange,
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array> | null>;
  /** Of what was there a moment ago. */
  remove(object: NamedObject, signal: AbortSignal): Promise<PutAwayOutcome>;
  /** Copies a version in the service, to a name that nothing has. */
  copy(object: NamedObject, target: string, signal: AbortSignal): Promise<PutAwayOutcome | 'taken'>;
  /** Whether what has a name is a copy of a version: an object that was there before it is another delivery's. */
  isCopy(object: NamedObject, target: string, signal: AbortSignal): Promise<boolean>;
  write(name: string, text: string, signal: AbortSignal): Promise<void>;
  /** Puts tags on a version, beside those that it has; only where there are tags. */
  tag?(
    object: NamedObject,
    tags: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<PutAwayOutcome>;
  /** What was asked is not allowed. */
  isDenied(error: unknown): boolean;
  close(): void;
}

/** An answer begins with the first byte though another one was asked for. One of several proxies may do it, and the next not. */
export function rangeIgnored(url: string, from: number): MayPass {
  const problem = `could not read ${url} from byte ${from}: it came from its beginning`;
  return new MayPass(problem, { cause: unreadable(problem, 'let no proxy take the header Range away') });
}

export interface ObjectStoreOptions {
  readonly bucket: ObjectBucket;
  /** What the names of all objects begin with; empty, or with a slash at its end. */
  readonly prefix: string;
  readonly log: PluginLog;
}

/** The objects of a bucket below a prefix. */
export class ObjectStore implements FileStore, Mover {
  readonly promises: StorePromises = {
    hasVersions: true,
    hasWholeFiles: true,
    hasAtomicMoves: false,
    listsInOrder: true,
  };
  readonly tag?: NonNullable<FileStore['tag']>;
  readonly #options: ObjectStoreOptions;
  readonly #bucket: ObjectBucket;
  readonly #closed = new AbortController();
  /** Objects of which it was told why they may not be read. */
  readonly #told = new Set<string>();

  constructor(options: ObjectStoreOptions) {
    this.#options = options;
    this.#bucket = options.bucket;
    const tag = this.#bucket.tag?.bind(this.#bucket);
    if (tag === undefined) return;
    this.tag = (found, version, tags) =>
      this.#ifThere(found, version, (object) => tag(object, tags, this.#closed.signal));
  }

  async *list(
    filter: ListFilter,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedFile[], boolean, undefined> {
    const { prefix } = this.#options;
    const wanted = new WantedNames(filter);
    let start: PageStart = null;
    do {
      const { objects, nextToken }: ObjectPage = await this.#bucket.page(prefix, start, signal);
      yield objects.map((object) => this.#listed(object)).filter(({ place }) => wanted.has(place));
      start = nextToken === null ? null : { token: nextToken };
      const unwanted = wanted.unwantedFolder(objects.at(-1)?.name.slice(prefix.length) ?? '');
      // A folder of delivered files may hold far more of them than there are new ones. Behind the slash comes the 0.
      if (start !== null && unwanted !== null && this.#bucket.startsWithNames)
        start = { name: `${prefix}${unwanted.slice(0, -1)}0` };
    } while (start !== null);
    return true;
  }

  at(path: string): FoundFile {
    return { path, place: path, absolute: this.#options.prefix + path };
  }

  targetIn(destination: string, place: string): string {
    return this.#bucket.url(destination + place);
  }

  movedTo(target: string, path: string): MovedFile {
    return { store: this, file: { path, place: path, absolute: this.#nameIn(target) } };
  }

  async stat({ absolute }: FoundFile): Promise<FileVersion | null> {
    return (await this.#bucket.object(absolute, this.#closed.signal))?.version ?? null;
  }

  async open(found: FoundFile, signal: AbortSignal): Promise<StoredFile | NotOpened> {
    let object: ObjectInBucket | null;
    try {
      object = await this.#bucket.object(found.absolute, signal);
    } catch (error) {
      if (!this.#bucket.isDenied(error)) throw error;
      this.#tellOnce(found, error);
      return 'denied';
    }
    if (object === null) return 'gone';
    const { version, checksum } = object;
    const read = async (from: number, to: number, ending: AbortSignal) => {
      const bytes = await this.#bucket.range({ name: found.absolute, version }, { from, to }, ending);
      if (bytes === null) throw changed(found.path, 'was replaced, appended to or deleted');
      return bytes;
    };
    return new RangeReader({ found, version, checksum, source: { read }, signal, log: this.#options.log });
  }

  remove(found: FoundFile, version: FileVersion): Promise<PutAwayOutcome> {
    return this.#ifThere(found, version, (object) => this.#bucket.remove(object, this.#closed.signal));
  }

  /** A folder is there once something is in it. Whether it may be written to shows with the first file that is moved. */
  async prepareDestination(_option: string, path: string): Promise<string> {
    return folderName(path);
  }

  async moveInto(
    destination: string,
    found: FoundFile,
    version: FileVersion,
    generation: string,
  ): Promise<{ readonly target: string } | 'gone' | 'replaced'> {
    const moved = await moveInto(this, destination, found, version, generation);
    return typeof moved === 'string' ? moved : { target: this.#bucket.url(moved.target) };
  }

  async moveTo(found: FoundFile, version: FileVersion, target: string): Promise<PutAwayOutcome | 'taken'> {
    const object = { name: found.absolute, version };
    const copied = await this.#bucket.copy(object, target, this.#closed.signal);
    // What was delivered is in its place then, whatever has come under its name meanwhile.
    if (copied === 'done') await this.remove(found, version);
    return copied;
  }

  isCopy(found: FoundFile, version: FileVersion, target: string): Promise<boolean> {
    return this.#bucket.isCopy({ name: found.absolute, version }, target, this.#closed.signal);
  }

  async writeNote(target: string, text: string): Promise<void> {
    await this.#bucket.write(noteName(this.#nameIn(target)), text, this.#closed.signal);
  }

  #nameIn(url: string): string {
    return url.slice(this.#bucket.url('').length);
  }

  async close(): Promise<void> {
    this.#closed.abort(unreadable('the store is closed', 'start the task again'));
    this.#bucket.close();
  }

  /** Asked first: of a request that is repeated, "not found" does not tell whether the one before it has done it. */
  async #ifThere(
    found: FoundFile,
    version: FileVersion,
    act: (object: NamedObject) => Promise<PutAwayOutcome>,
  ): Promise<PutAwayOutcome> {
    const now = await this.stat(found);
    if (now === null) return 'gone';
    if (now.identity !== version.identity) return 'replaced';
    return await act({ name: found.absolute, version });
  }

  #tellOnce({ path }: FoundFile, error: unknown): void {
    if (this.#told.has(path)) return;
    this.#told.add(path);
    this.#options.log.warn('object may not be read', { file: path, error: messageOf(error) });
  }

  #listed({ name, version }: NamedObject): ListedFile {
    const place = name.slice(this.#options.prefix.length);
    return { path: place, absolute: name, place, version };
  }
}
