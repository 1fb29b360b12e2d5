import type { BigIntStats } from 'node:fs';

/** One state of one file on disk, as the file system tells it. Any change of content gives another version. */
export interface FileVersion {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  /** When its inode came to be; 0 where the file system does not tell. */
  readonly birthtimeNs: bigint;
}

/** A file that was found, under the names it goes by. */
export interface FoundFile {
  /** The path as users know it, and the `file` of its source partition. */
  readonly path: string;
  /** Where it is opened. */
  readonly absolute: string;
  /** Its path below `finished.path` and `error.path`, with forward slashes. */
  readonly place: string;
  /** Data rows of it that are wanted, from its beginning; not set: all of them. */
  readonly rowLimit?: number | undefined;
}

export function versionOf(stats: BigIntStats): FileVersion {
  const { dev, ino, mtimeNs, ctimeNs, birthtimeNs } = stats;
  return { dev, ino, size: Number(stats.size), mtimeNs, ctimeNs, birthtimeNs };
}

/** Milliseconds since 1970, whole. */
export function mtimeMsOf(version: FileVersion): number {
  return Number(version.mtimeNs / 1_000_000n);
}

/** The same file as far as its writer tells; a changed mode or owner, or a rename, does not matter. */
export function isSameVersion(one: FileVersion, other: FileVersion): boolean {
  return isSameFile(one, other) && one.size === other.size && one.mtimeNs === other.mtimeNs;
}

export function isSameFile(one: FileVersion, other: FileVersion): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** Nothing at all has happened to the file, not even a write that put the modification time back. */
export function isUntouched(one: FileVersion, other: FileVersion): boolean {
  return isSameVersion(one, other) && one.ctimeNs === other.ctimeNs;
}
