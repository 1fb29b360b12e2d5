import type { PluginLog } from '../../src/plugin/index.ts';
import { messageOf } from '../../src/plugin/index.ts';
import type {
  FileStore,
  ListedFile,
  ListFilter,
  NotOpened,
  PutAwayOutcome,
  StoredFile,
  StorePromises,
} from '../files/file-store.ts';
import type { FileVersion, FoundFile } from '../files/file-version.ts';
import { type Mover, moveInto } from '../files/remote/move-into.ts';
import { folderName, noteName, WantedNames } from '../files/remote/object-names.ts';
import { RangeReader } from '../files/remote/range-reader.ts';
import { MayPass } from '../files/remote/retrying.ts';
import { changed, unreadable } from '../files/source-errors.ts';
import { type GcsBucket, type GcsObject, type GcsPageStart, statusOf } from './gcs-bucket.ts';

export interface GcsStoreOptions {
  readonly bucket: GcsBucket;
  /** What the names of all objects begin with; empty, or with a slash at its end. */
  readonly prefix: string;
  readonly log: PluginLog;
}

/** The objects of a bucket below a prefix. */
export class GcsStore implements FileStore, Mover {
  readonly promises: StorePromises = {
    hasVersions: true,
    hasWholeFiles: true,
    hasAtomicMoves: false,
    listsInOrder: true,
  };
  readonly #options: GcsStoreOptions;
  readonly #bucket: GcsBucket;
  readonly #closed = new AbortController();
  /** Objects of which it was told why they may not be read. */
  readonly #told = new Set<string>();

  constructor(options: GcsStoreOptions) {
    this.#options = options;
    this.#bucket = options.bucket;
  }

  async *list(
    filter: ListFilter,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedFile[], boolean, undefined> {
    const { prefix } = this.#options;
    const wanted = new WantedNames(filter);
    let start: GcsPageStart = null;
    do {
      const { items = [], nextPageToken } = await this.#bucket.page(prefix, start, signal);
      yield items.map((object) => this.#listed(object)).filter(({ place }) => wanted.has(place));
      start = nextPageToken === undefined ? null : { pageToken: nextPageToken };
      const unwanted = wanted.unwantedFolder(items.at(-1)?.name.slice(prefix.length) ?? '');
      // A folder of delivered files may hold far more of them than there are new ones. Behind the slash comes the 0.
      if (start !== null && unwanted !== null) start = { startOffset: `${prefix}${unwanted.slice(0, -1)}0` };
    } while (start !== null);
    return true;
  }

  async stat({ absolute }: FoundFile): Promise<FileVersion | null> {
    const object = await this.#bucket.object(absolute, this.#closed.signal);
    return object === null ? null : versionOf(object);
  }

  async open(found: FoundFile, signal: AbortSignal): Promise<StoredFile | NotOpened> {
    let object: GcsObject | null;
    try {
      object = await this.#bucket.object(found.absolute, signal);
    } catch (error) {
      if (statusOf(error) !== 403) throw error;
      this.#tellOnce(found, error);
      return 'denied';
    }
    if (object === null) return 'gone';
    const opened = object;
    return new RangeReader({
      found,
      version: versionOf(opened),
      checksum: checksumOf(opened),
      source: { read: (from, to, ending) => this.#read(found, opened, { from, to }, ending) },
      signal,
      log: this.#options.log,
    });
  }

  async remove(found: FoundFile, version: FileVersion): Promise<PutAwayOutcome> {
    // Asked first: of a request that is repeated, "not found" does not tell whether the one before it has done it.
    const now = await this.stat(found);
    if (now === null) return 'gone';
    if (now.identity !== version.identity) return 'replaced';
    const outcome = await this.#bucket.remove(found.absolute, version.identity, this.#closed.signal);
    return outcome === 'refused' ? 'replaced' : 'done';
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
    const { signal } = this.#closed;
    if ((await this.#bucket.object(target, signal)) !== null) return 'taken';
    const copied = await this.#bucket.copy(found.absolute, version.identity, target, signal);
    if (copied === 'gone') return (await this.stat(found)) === null ? 'gone' : 'replaced';
    // Which of its two conditions did not hold is not told.
    if (copied === 'refused')
      return (await this.#bucket.object(target, signal)) === null ? 'replaced' : 'taken';
    // What was delivered is in its place, whatever has come under its name meanwhile.
    await this.remove(found, version);
    return 'done';
  }

  /** The same bytes, written after the file was: an object that was there before is another delivery's. */
  async isCopy(found: FoundFile, version: FileVersion, target: string): Promise<boolean> {
    const { signal } = this.#closed;
    const [from, to] = await Promise.all([
      this.#bucket.object(found.absolute, signal),
      this.#bucket.object(target, signal),
    ]);
    if (from === null || to === null || from.generation !== version.identity) return false;
    return from.size === to.size && from.crc32c === to.crc32c && versionOf(to).mtimeNs >= version.mtimeNs;
  }

  async writeNote(target: string, text: string): Promise<void> {
    const name = target.slice(this.#bucket.url('').length);
    await this.#bucket.write(noteName(name), text, this.#closed.signal);
  }

  async close(): Promise<void> {
    this.#closed.abort(unreadable('the store is closed', 'start the task again'));
    this.#bucket.close();
  }

  async #read(
    found: FoundFile,
    opened: GcsObject,
    range: { readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const response = await this.#bucket.range(opened, range, signal);
    if (response === null) throw changed(found.path, 'was replaced or deleted');
    if (response.statusCode === 206 || range.from === 0) return response;
    response.destroy();
    const problem = `could not read ${this.#bucket.url(opened.name)} from byte ${range.from}: it came from its beginning`;
    const mend = 'let no proxy take the header Range away';
    // One of several proxies may do it, and the next one not.
    throw new MayPass(problem, { cause: unreadable(problem, mend) });
  }

  #tellOnce({ path }: FoundFile, error: unknown): void {
    if (this.#told.has(path)) return;
    this.#told.add(path);
    this.#options.log.warn('object may not be read', { file: path, error: messageOf(error) });
  }

  #listed(object: GcsObject): ListedFile {
    const place = object.name.slice(this.#options.prefix.length);
    return { path: place, absolute: object.name, place, version: versionOf(object) };
  }
}

function versionOf({ size, generation, metageneration, timeCreated }: GcsObject): FileVersion {
  return {
    size: Number(size),
    mtimeNs: BigInt(Date.parse(timeCreated)) * 1_000_000n,
    identity: generation,
    change: metageneration,
  };
}

function checksumOf({ crc32c }: GcsObject): StoredFile['checksum'] {
  return crc32c === undefined
    ? undefined
    : { algorithm: 'crc32c', value: Buffer.from(crc32c, 'base64').readUInt32BE() };
}
