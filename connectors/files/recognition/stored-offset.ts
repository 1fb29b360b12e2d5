import type { FileProgress, SourceOffset } from '../../../src/plugin/index.ts';
import { HeadraceError } from '../../../src/plugin/index.ts';
import type { FileVersion } from '../file-version.ts';
import { mtimeMsOf } from '../file-version.ts';
import { type ArchivePlace, archivePlaceIn } from './archive-place.ts';
import type { Fingerprint } from './fingerprint.ts';
import { shortHash } from './fingerprint.ts';

/**
 * The source offset of a file. Checks that are null are passed over: an offset that a person has written need not
 * have them.
 */
export interface StoredOffset {
  readonly position: number;
  readonly row: number;
  readonly line: number;
  readonly head: number;
  readonly produced: number;
  readonly filtered: number;
  readonly rejected: number;
  /** Of all content up to `position`. */
  readonly crc32: number | null;
  /** Of the beginning of the file on disk. */
  readonly fingerprint: Fingerprint | null;
  /** A hash of the bytes just before `position`. */
  readonly tail: Fingerprint | null;
  /** Bytes on disk when last seen. */
  readonly size: number | null;
  readonly mtimeMs: number | null;
  readonly identity: Identity | null;
  readonly eof: boolean;
  /** Nothing more of the file is to come: why it was given up. */
  readonly failed: string | null;
  /** Of an archive of several files. */
  readonly place: ArchivePlace | null;
}

/** What the store alone decides about a file: whoever writes to it can put its size and modification time back, not these. */
export type Identity = Pick<FileVersion, 'identity' | 'change'>;

/**
 * The offset to store for `progress` of a file that is in this version.
 *
 * @param isAsRead nothing has happened to the file since reading it began, so that its identity stands for its content
 */
export function offsetOf(
  progress: FileProgress,
  version: FileVersion,
  fingerprint: Fingerprint,
  isAsRead: boolean,
): SourceOffset {
  return {
    position: progress.position,
    row: progress.row,
    line: progress.line,
    head: progress.head,
    produced: progress.produced,
    filtered: progress.filtered,
    rejected: progress.rejected,
    crc32: progress.crc32,
    fingerprint: fingerprint.hash,
    fingerprintBytes: fingerprint.bytes,
    tail: shortHash(progress.tail),
    tailBytes: progress.tail.length,
    size: version.size,
    mtimeMs: mtimeMsOf(version),
    ...(isAsRead ? { identity: version.identity, change: version.change } : {}),
    ...(progress.eof ? { eof: true } : {}),
  };
}

/**
 * Reads an offset back.
 *
 * @throws HeadraceError SOURCE_UNREADABLE when it does not say how far the file was read.
 */
export function parseOffset(connector: string, path: string, offset: SourceOffset): StoredOffset {
  if (typeof offset.unreadable === 'string') {
    throw unusable(connector, path, `is ${JSON.stringify(offset.unreadable)}, not a JSON object`);
  }
  const needed = (name: string): number => {
    const value = count(offset[name]);
    if (value !== null) return value;
    const what = `has ${name} ${JSON.stringify(offset[name])}, not a whole number of zero or more`;
    throw unusable(connector, path, what);
  };
  return {
    position: needed('position'),
    row: needed('row'),
    line: needed('line'),
    head: needed('head'),
    produced: count(offset.produced) ?? 0,
    filtered: count(offset.filtered) ?? 0,
    rejected: count(offset.rejected) ?? 0,
    crc32: count(offset.crc32),
    fingerprint: hashed(offset.fingerprint, offset.fingerprintBytes),
    tail: hashed(offset.tail, offset.tailBytes),
    size: count(offset.size),
    mtimeMs: Number.isSafeInteger(offset.mtimeMs) ? (offset.mtimeMs as number) : null,
    identity: identified(offset.identity, offset.change),
    eof: offset.eof === true,
    failed: typeof offset.failed === 'string' ? offset.failed : null,
    place: archivePlaceIn(offset),
  };
}

/** Nothing at all has happened to the file since it had this offset. */
export function isUntouchedSince(version: FileVersion, { size, mtimeMs, identity }: StoredOffset): boolean {
  return (
    version.size === size &&
    mtimeMsOf(version) === mtimeMs &&
    version.identity === identity?.identity &&
    version.change === identity.change
  );
}

function count(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

function hashed(hash: unknown, length: unknown): Fingerprint | null {
  const bytes = count(length);
  return typeof hash === 'string' && bytes !== null ? { hash, bytes } : null;
}

function identified(identity: unknown, change: unknown): Identity | null {
  return typeof identity === 'string' && typeof change === 'string' ? { identity, change } : null;
}

function unusable(connector: string, path: string, what: string): UnusableOffset {
  const file = JSON.stringify(path);
  const mend = `forget it with headrace offsets reset ${connector} --file ${file}, and the file is loaded anew`;
  return new UnusableOffset(
    'SOURCE_UNREADABLE',
    `the stored offset of ${file} ${what}; it was not written by Headrace: ${mend}`,
    { retriable: false },
  );
}

/** What is delivered of one file cannot be known; the others are none the worse for it. */
export class UnusableOffset extends HeadraceError {}
