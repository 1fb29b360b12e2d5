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
import { changed, unreadable } from '../files/source-errors.ts';
import type { AzureBlob, AzureContainer } from './azure-container.ts';
import { statusOf } from './azure-failures.ts';

export interface AzureStoreOptions {
  readonly container: AzureContainer;
  /** What the names of all blobs begin with; empty, or with a slash at its end. */
  readonly prefix: string;
  readonly log: PluginLog;
}

/** The blobs of a container below a prefix. */
export class AzureStore implements FileStore, Mover {
  readonly promises: StorePromises = {
    hasVersions: true,
    hasWholeFiles: true,
    hasAtomicMoves: false,
    listsInOrder: true,
  };
  readonly #options: AzureStoreOptions;
  readonly #container: AzureContainer;
  readonly #closed = new AbortController();
  /** Blobs of which it was told why they may not be read. */
  readonly #told = new Set<string>();

  constructor(options: AzureStoreOptions) {
    this.#options = options;
    this.#container = options.container;
  }

  async *list(
    filter: ListFilter,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedFile[], boolean, undefined> {
    const wanted = new WantedNames(filter);
    let start: string | undefined;
    do {
      const page = await this.#container.page(this.#options.prefix, start, signal);
      yield page.blobs.map((blob) => this.#listed(blob)).filter(({ place }) => wanted.has(place));
      start = page.next;
    } while (start !== undefined);
    return true;
  }

  async stat({ absolute }: FoundFile): Promise<FileVersion | null> {
    const blob = await this.#container.blob(absolute, this.#closed.signal);
    return blob === null ? null : versionOf(blob);
  }

  async open(found: FoundFile, signal: AbortSignal): Promise<StoredFile | NotOpened> {
    let blob: AzureBlob | null;
    try {
      blob = await this.#container.blob(found.absolute, signal);
    } catch (error) {
      if (statusOf((error as Error).cause) !== 403) throw error;
      this.#tellOnce(found, error);
      return 'denied';
    }
    if (blob === null) return 'gone';
    const opened = blob;
    return new RangeReader({
      found,
      version: versionOf(opened),
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
    const outcome = await this.#container.remove(blobIn(found, version), this.#closed.signal);
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
    return typeof moved === 'string' ? moved : { target: this.#container.url(moved.target) };
  }

  async moveTo(found: FoundFile, version: FileVersion, target: string): Promise<PutAwayOutcome | 'taken'> {
    const { signal } = this.#closed;
    const there = await this.#container.copied(target, signal);
    // What a copy leaves that the service gave up holds nothing.
    const isLeftOver =
      there !== null && there.copyStatus === 'failed' && this.#container.isCopyOf(there, found.absolute);
    if (there !== null && !isLeftOver) return 'taken';
    const copy = await this.#container.copy(blobIn(found, version), target, there, signal);
    if (copy === 'gone') return 'gone';
    // Which of its two conditions did not hold is not told.
    if (copy === 'refused')
      return (await this.#container.blob(target, signal)) === null ? 'replaced' : 'taken';
    // What was delivered is in its place, whatever has come under its name meanwhile.
    await this.remove(found, version);
    return 'done';
  }

  /** The same bytes, written after the file was: a blob that was there before is another delivery's. */
  async isCopy(found: FoundFile, version: FileVersion, target: string): Promise<boolean> {
    const { signal } = this.#closed;
    const [from, to] = await Promise.all([
      this.#container.blob(found.absolute, signal),
      this.#container.copied(target, signal),
    ]);
    if (from === null || to === null || from.etag !== version.identity) return false;
    if (from.size !== to.size || to.lastModified < from.lastModified) return false;
    // Not every blob has a checksum.
    if (from.md5 !== undefined && to.md5 !== undefined) return from.md5 === to.md5;
    return to.copyStatus === 'success' && this.#container.isCopyOf(to, found.absolute);
  }

  async writeNote(target: string, text: string): Promise<void> {
    const name = target.slice(this.#container.url('').length);
    await this.#container.write(noteName(name), text, this.#closed.signal);
  }

  async tag(
    found: FoundFile,
    version: FileVersion,
    tags: Readonly<Record<string, string>>,
  ): Promise<PutAwayOutcome> {
    const now = await this.stat(found);
    if (now === null) return 'gone';
    if (now.identity !== version.identity) return 'replaced';
    const outcome = await this.#container.tag(blobIn(found, version), tags, this.#closed.signal);
    return outcome === 'refused' ? 'replaced' : outcome;
  }

  async close(): Promise<void> {
    this.#closed.abort(unreadable('the store is closed', 'start the task again'));
  }

  async #read(
    found: FoundFile,
    opened: AzureBlob,
    range: { readonly from: number; readonly to: number },
    signal: AbortSignal,
  ): Promise<AsyncIterable<Uint8Array>> {
    const bytes = await this.#container.range(opened, range, signal);
    if (bytes === null) throw changed(found.path, 'was replaced, appended to or deleted');
    return bytes;
  }

  #tellOnce({ path }: FoundFile, error: unknown): void {
    if (this.#told.has(path)) return;
    this.#told.add(path);
    this.#options.log.warn('blob may not be read', { file: path, error: messageOf(error) });
  }

  #listed(blob: AzureBlob): ListedFile {
    const place = blob.name.slice(this.#options.prefix.length);
    return { path: place, absolute: blob.name, place, version: versionOf(blob) };
  }
}

function versionOf({ size, lastModified, etag }: AzureBlob): FileVersion {
  return { size, mtimeNs: BigInt(lastModified.getTime()) * 1_000_000n, identity: etag, change: '' };
}

function blobIn({ absolute }: FoundFile, { identity }: FileVersion): Pick<AzureBlob, 'name' | 'etag'> {
  return { name: absolute, etag: identity };
}
