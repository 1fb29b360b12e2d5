import type { FileProgress, SourceOffset } from '../../src/plugin/index.ts';
import type { FileVersion } from './file-version.ts';
import { mtimeMsOf } from './file-version.ts';
import type { Fingerprint } from './fingerprint.ts';
import { shortHash } from './fingerprint.ts';
import { unreadable } from './source-errors.ts';

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
}

/**
 * What the file system alone decides about a file, as text, as it is beyond what JSON's numbers hold. Whoever writes to
 * a file can put its size and modification time back, but not its change time. Device numbers are not in it: a restart
 * of the machine may change them.
 */
export interface Identity {
  /** The inode's number, and when it came to be, as numbers are given again. */
  readonly inode: string;
  readonly ctimeNs: string;
}

export function identityOf({ ino, birthtimeNs, ctimeNs }: FileVersion): Identity {
  return { inode: `${ino}.${birthtimeNs}`, ctimeNs: String(ctimeNs) };
}

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
    ...(isAsRead ? identityOf(version) : {}),
    ...(progress.eof ? { eof: true } : {}),
  };
}

/**
 * Reads an offset back.
 *
 * @throws HeadraceError SOURCE_UNREADABLE when it does not say how far the file was read.
 */
export function parseOffset(path: string, offset: SourceOffset): StoredOffset {
  const needed = (name: string): number => {
    const value = count(offset[name]);
    if (value === null) throw unusable(path, name, offset[name]);
    return value;
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
    identity: identified(offset.inode, offset.ctimeNs),
    eof: offset.eof === true,
  };
}

function count(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : null;
}

function hashed(hash: unknown, length: unknown): Fingerprint | null {
  const bytes = count(length);
  return typeof hash === 'string' && bytes !== null ? { hash, bytes } : null;
}

function identified(inode: unknown, ctimeNs: unknown): Identity | null {
  return typeof inode === 'string' && typeof ctimeNs === 'string' ? { inode, ctimeNs } : null;
}

function unusable(path: string, name: string, value: unknown) {
  return unreadable(
    `the stored offset of ${JSON.stringify(path)} has ${name} ${JSON.stringify(value)}, not a whole number of zero or more`,
    'it was not written by Headrace: write a tombstone for its key to the offsets topic, and the file is loaded anew',
    undefined,
    { retriable: false },
  );
}
