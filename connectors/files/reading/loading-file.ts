import { posix } from 'node:path';
import type {
  FileProgress,
  FileStart,
  SourceFile,
  SourceOffset,
  SourcePartition,
} from '../../../src/plugin/index.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import type { ArchivePlace } from '../recognition/archive-place.ts';
import type { Fingerprint } from '../recognition/fingerprint.ts';
import { partitionOf } from '../recognition/known-offsets.ts';
import type { StoredOffset } from '../recognition/stored-offset.ts';
import { offsetOf } from '../recognition/stored-offset.ts';
import { crcOfFirst, readRange } from './content.ts';
import type { OpenFile } from './open-file.ts';

/** Reads a file a second time, from a byte up to another. */
export type LookAhead = (file: LoadingFile, from: number, to: number) => AsyncIterable<Buffer>;

/** Where to go on in a file, and in which file of an archive that is. */
export interface LoadingStart extends FileStart {
  readonly place: ArchivePlace | null;
}

/** A file on its way, from the moment it is read until it is finished or given up. */
export class LoadingFile implements SourceFile {
  readonly found: FoundFile;
  readonly generation: string;
  readonly partition: SourcePartition;
  readonly path: string;
  readonly name: string;
  readonly start: FileStart | null;
  /** Where it goes on, if it is an archive of several files. */
  readonly place: ArchivePlace | null;
  readonly size: number | null;
  readonly rowLimit: number | undefined;
  readonly claimedRows: number | undefined;
  /** Byte of the content behind its last row, where something else stands there. */
  readonly end: number;
  readonly fingerprint: Fingerprint;
  /** As last seen; after the last chunk, as at the end of the file. */
  version: FileVersion;
  /** It was written to while it was read: what its versions tell is no longer what was delivered. */
  wasWrittenTo = false;
  /** How far it was delivered when an offset was made of it last; null when none was yet. */
  delivered: FileProgress | null = null;
  /** It was given up, or has no more rows that are wanted. */
  abandoned = false;
  /** It could not be read to its end, for what may pass. */
  isToTryAgain = false;
  /** What of it is being read: one of its files, if it is an archive of several. */
  part: SourceFile = this;
  /** Of a compressed file: which bytes on disk were needed for which position, for positions not yet committed. */
  #diskPositions: { readonly position: number; readonly onDisk: number }[] = [];

  readonly #lookAhead: LookAhead;

  constructor(
    found: FoundFile,
    open: OpenFile,
    generation: string,
    start: LoadingStart | null,
    lookAhead: LookAhead,
  ) {
    this.found = found;
    this.#lookAhead = lookAhead;
    this.generation = generation;
    this.partition = partitionOf(found.path, generation);
    this.path = found.path;
    this.name = posix.basename(found.place);
    this.start = start;
    this.place = start?.place ?? null;
    this.rowLimit = found.rowLimit;
    this.claimedRows = found.claims?.trailer?.rows;
    this.end = found.claims?.trailer?.position ?? Number.POSITIVE_INFINITY;
    // Positions count decompressed bytes, of which the size on disk tells nothing.
    this.size = open.compressed ? null : open.version.size;
    this.fingerprint = open.fingerprint;
    this.version = open.version;
  }

  enough(): void {
    this.abandoned = true;
  }

  noteDiskPosition(position: number, onDisk: number): void {
    this.#diskPositions.push({ position, onDisk });
  }

  /** The nearest that is known at or before `position`; positions are asked for in order. */
  diskPosition(position: number): number {
    if (this.size !== null) return position;
    const last = this.#diskPositions.findLastIndex((known) => known.position <= position);
    if (last > 0) this.#diskPositions = this.#diskPositions.slice(last);
    return last < 0 ? 0 : (this.#diskPositions[0]?.onDisk ?? 0);
  }

  lookAhead(from: number, to = this.end): AsyncIterable<Buffer> {
    return this.#lookAhead(this, from, to);
  }

  offsetAt(progress: FileProgress): SourceOffset {
    this.delivered = progress;
    return offsetOf(progress, this.version, this.fingerprint, !this.wasWrittenTo);
  }
}

/** Where to go on in `file`; null when nothing of it was delivered. */
export async function startAt(file: OpenFile, offset: StoredOffset): Promise<LoadingStart | null> {
  const { position, row, line, head, produced, filtered, rejected, place } = offset;
  if (position === 0) return null;
  const headBytes = await readRange(file.content, 0, head);
  const crc32 = offset.crc32 ?? (await crcOfFirst(file.content, position)) ?? 0;
  return { position, row, line, head, produced, filtered, rejected, crc32, headBytes, place };
}
