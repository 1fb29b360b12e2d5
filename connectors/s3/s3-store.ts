import type { HeadObjectCommandOutput } from '@aws-sdk/client-s3';
import { HeadraceError, type PluginLog } from '../../src/plugin/index.ts';
import type {
  FileStore,
  ListedFile,
  ListFilter,
  MovedFile,
  NotOpened,
  PutAwayOutcome,
  StoredFile,
} from '../files/file-store.ts';
import type { FileVersion, FoundFile } from '../files/file-version.ts';
import { isSameVersion } from '../files/file-version.ts';
import { type Mover, moveInto } from '../files/remote/move-into.ts';
import { noteName } from '../files/remote/object-names.ts';
import { RangeReader } from '../files/remote/range-reader.ts';
import { haveSameBytes } from '../files/remote/same-bytes.ts';
import type { S3Calls } from './s3-calls.ts';
import { type CopySizes, copyObject } from './s3-copy.ts';
import { isConditionFailed, isDenied, isGone, isUnreadable } from './s3-errors.ts';
import { listedPages } from './s3-listing.ts';
import { checksumOf, etagOf, versionOfHead } from './s3-object.ts';
import { objectAt, placeOf, type S3Place, urlOf } from './s3-place.ts';
import { S3Ranges } from './s3-ranges.ts';

/** Tries to open an object that is replaced again and again between a look and a read. */
const MOST_OPENS = 3;

export interface S3StoreOptions extends S3Place {
  readonly calls: S3Calls;
  readonly requesterPays: boolean;
  readonly log: PluginLog;
  /** Objects of a page of a listing, at most 1,000; not set: as many as S3 gives. */
  readonly pageObjects?: number | undefined;
  readonly copySizes?: CopySizes | undefined;
  /** Milliseconds without a byte after which an answer is given up for another one. */
  readonly stallMs?: number | undefined;
}

/** Objects of a bucket whose keys begin with a prefix. */
export class S3Store implements FileStore, Mover {
  readonly promises;
  readonly #options: S3StoreOptions;
  readonly #calls: S3Calls;
  readonly #payer;
  /** Objects of which it was told why they cannot be read. */
  readonly #told = new Set<string>();

  constructor(options: S3StoreOptions) {
    this.#options = options;
    this.#calls = options.calls;
    this.#payer = options.requesterPays ? ({ RequestPayer: 'requester' } as const) : {};
    // Directory buckets (S3 Express) list in no order.
    const listsInOrder = !options.bucket.endsWith('--x-s3');
    this.promises = { hasVersions: true, hasWholeFiles: true, hasAtomicMoves: false, listsInOrder };
  }

  async *list(
    filter: ListFilter,
    signal: AbortSignal,
  ): AsyncGenerator<readonly ListedFile[], boolean, undefined> {
    const { bucket: Bucket, prefix: Prefix, pageObjects: MaxKeys } = this.#options;
    const problem = `${urlOf(Bucket, Prefix)} cannot be listed`;
    const asked = { Bucket, Prefix, MaxKeys, EncodingType: 'url', ...this.#payer } as const;
    yield* listedPages(Prefix, filter, (next) =>
      this.#explaining(problem, () =>
        this.#calls.ask(problem, (s3, options) => s3.listObjectsV2({ ...asked, ...next }, options), signal),
      ),
    );
    return true;
  }

  at(path: string): FoundFile {
    return { path, place: path, absolute: this.#options.prefix + path };
  }

  targetIn(destination: string, place: string): string {
    return destination + place;
  }

  movedTo(target: string, path: string): MovedFile {
    const { bucket, key } = objectAt(target);
    return { store: this.#inBucket(bucket), file: { path, place: path, absolute: key } };
  }

  async stat(found: FoundFile): Promise<FileVersion | null> {
    const head = await this.#head(found);
    return head === null ? null : versionOfHead(head);
  }

  async open(found: FoundFile, signal: AbortSignal): Promise<StoredFile | NotOpened> {
    for (let tries = 1; ; tries++) {
      const head = await this.#headOrDenied(found, signal);
      if (head === null) return 'gone';
      if (head === 'denied') return head;
      const version = versionOfHead(head);
      const source = new S3Ranges({ ...this.#options, found, version, payer: this.#payer });
      const { log, stallMs } = this.#options;
      const checksum = checksumOf(head);
      const file = new RangeReader({ found, version, checksum, source, signal, log, stallMs });
      try {
        // The right to look is not the right to read, and what is archived can be looked at.
        await file.read(Buffer.allocUnsafe(1), 0);
        return file;
      } catch (error) {
        await file.close();
        signal.throwIfAborted();
        if (isChanged(error) && tries < MOST_OPENS) continue;
        if (!isUnreadable((error as Error).cause)) throw error;
        this.#tellOnce(found, error as Error);
        return 'denied';
      }
    }
  }

  async remove(found: FoundFile, version: FileVersion): Promise<PutAwayOutcome> {
    const now = await this.stat(found);
    if (now === null) return 'gone';
    if (!isSameVersion(now, version)) return 'replaced';
    const problem = this.#problem(found, 'cannot be deleted');
    const object = { ...this.#object(found.absolute), IfMatch: etagOf(version) };
    try {
      await this.#calls.ask(problem, (s3, options) => s3.deleteObject(object, options));
      return 'done';
    } catch (error) {
      if (isConditionFailed(error)) return 'replaced';
      if (isGone(error)) return 'gone';
      throw this.#calls.explained(problem, error);
    }
  }

  /** Nothing is made: a prefix is there once an object has it. */
  async prepareDestination(option: string, path: string): Promise<string> {
    const { bucket, prefix } = placeOf(path, this.#options.bucket);
    if (bucket === this.#options.bucket) return urlOf(bucket, prefix);
    const problem = `${option} ${JSON.stringify(path)} cannot be used`;
    try {
      await this.#calls.ask(problem, (s3, options) => s3.headBucket({ Bucket: bucket }, options));
    } catch (error) {
      // To put objects there may be allowed all the same.
      if (!isDenied(error)) throw this.#calls.explained(problem, error);
    }
    return urlOf(bucket, prefix);
  }

  moveInto(destination: string, found: FoundFile, version: FileVersion, generation: string) {
    return moveInto(this, destination, found, version, generation);
  }

  async moveTo(found: FoundFile, version: FileVersion, target: string): Promise<PutAwayOutcome | 'taken'> {
    const head = await this.#head(found);
    if (head === null) return 'gone';
    if (!isSameVersion(versionOfHead(head), version)) return 'replaced';
    const to = objectAt(target);
    const problem = this.#problem(found, `cannot be copied to ${target}`);
    const { bucket, requesterPays, copySizes } = this.#options;
    const from = { bucket, key: found.absolute, etag: etagOf(version) };
    try {
      // Not every server knows the condition that nothing has the name.
      if (await this.#isThere(to)) return 'taken';
      const copy = { from, to, head, requesterPays };
      await copyObject(copy, (act) => this.#calls.ask(problem, act), copySizes);
    } catch (error) {
      if (isConditionFailed(error)) return (await this.#isThere(to)) ? 'taken' : 'replaced';
      if (isGone(error)) return 'gone';
      throw this.#calls.explained(problem, error);
    }
    // What was delivered is in its place, whatever has come under its name meanwhile.
    await this.remove(found, version);
    return 'done';
  }

  /** By size and the tag or checksum that both have, and else by their bytes: the tag of an object tells how it was put. */
  async isCopy(found: FoundFile, version: FileVersion, target: string): Promise<boolean> {
    const at = objectAt(target);
    const copy = { ...found, absolute: at.key };
    const there = this.#inBucket(at.bucket);
    const now = await there.stat(copy);
    if (now === null || now.size !== version.size) return false;
    if (now.identity === version.identity) return true;
    const store: Pick<FileStore, 'open'> = {
      open: (file, signal) => (file === copy ? there : this).open(file, signal),
    };
    return await haveSameBytes(store, found, copy, this.#calls.signal);
  }

  #inBucket(bucket: string): S3Store {
    return bucket === this.#options.bucket ? this : new S3Store({ ...this.#options, bucket, prefix: '' });
  }

  async writeNote(target: string, text: string): Promise<void> {
    const { bucket: Bucket, key } = objectAt(target);
    const Key = noteName(key);
    const problem = `${urlOf(Bucket, Key)} cannot be written`;
    const note = { Bucket, Key, Body: text, ContentType: 'application/json', ...this.#payer };
    await this.#explaining(problem, () =>
      this.#calls.ask(problem, (s3, options) => s3.putObject(note, options)),
    );
  }

  async tag(
    found: FoundFile,
    version: FileVersion,
    tags: Readonly<Record<string, string>>,
  ): Promise<PutAwayOutcome> {
    const now = await this.stat(found);
    if (now === null) return 'gone';
    if (!isSameVersion(now, version)) return 'replaced';
    const problem = this.#problem(found, 'cannot be tagged');
    const object = this.#object(found.absolute);
    await this.#explaining(problem, async () => {
      const { TagSet = [] } = await this.#calls.ask(problem, (s3, options) =>
        s3.getObjectTagging(object, options),
      );
      const kept = TagSet.filter(({ Key }) => Key === undefined || !Object.hasOwn(tags, Key));
      const added = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
      const Tagging = { TagSet: [...kept, ...added] };
      await this.#calls.ask(problem, (s3, options) => s3.putObjectTagging({ ...object, Tagging }, options));
    });
    return 'done';
  }

  async close(): Promise<void> {
    this.#calls.close();
  }

  async #head(found: FoundFile, signal?: AbortSignal): Promise<HeadObjectCommandOutput | null> {
    const problem = this.#problem(found, 'cannot be looked at');
    const object = { ...this.#object(found.absolute), ChecksumMode: 'ENABLED' } as const;
    try {
      return await this.#calls.ask(problem, (s3, options) => s3.headObject(object, options), signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (isGone(error)) return null;
      throw this.#calls.explained(problem, error);
    }
  }

  async #headOrDenied(
    found: FoundFile,
    signal: AbortSignal,
  ): Promise<HeadObjectCommandOutput | 'denied' | null> {
    try {
      return await this.#head(found, signal);
    } catch (error) {
      if (!isDenied((error as Error).cause)) throw error;
      this.#tellOnce(found, error as Error);
      return 'denied';
    }
  }

  async #isThere({ bucket: Bucket, key: Key }: { bucket: string; key: string }): Promise<boolean> {
    const problem = `${urlOf(Bucket, Key)} cannot be looked at`;
    try {
      await this.#calls.ask(problem, (s3, options) =>
        s3.headObject({ Bucket, Key, ...this.#payer }, options),
      );
      return true;
    } catch (error) {
      // Without the right to list, what is not there is denied.
      if (isGone(error) || isDenied(error)) return false;
      throw this.#calls.explained(problem, error);
    }
  }

  #object(Key: string) {
    return { Bucket: this.#options.bucket, Key, ...this.#payer };
  }

  #problem({ path }: FoundFile, what: string): string {
    return `${JSON.stringify(path)} of s3://${this.#options.bucket} ${what}`;
  }

  #tellOnce({ path }: FoundFile, { message }: Error): void {
    if (this.#told.has(path)) return;
    this.#told.add(path);
    this.#options.log.warn('object cannot be read', { file: path, error: message });
  }

  async #explaining<T>(problem: string, act: () => Promise<T>): Promise<T> {
    try {
      return await act();
    } catch (error) {
      throw this.#calls.explained(problem, error);
    }
  }
}

function isChanged(error: unknown): boolean {
  return error instanceof HeadraceError && error.code === 'SOURCE_CHANGED';
}
