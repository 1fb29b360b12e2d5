/** One state of one file, as its store tells it. Any change of content gives another version. */
export interface FileVersion {
  /** Bytes. */
  readonly size: number;
  /** When it was last written to, as its writer or its store says, in nanoseconds since 1970. */
  readonly mtimeNs: bigint;
  /**
   * Which file it is, whatever is written to it: on a disk its inode, in a bucket its ETag or generation, as objects are
   * replaced and not written to. Empty where a server does not tell.
   */
  readonly identity: string;
  /** What changes with everything that happens to it, the putting back of times too; empty where nothing tells. */
  readonly change: string;
}

/** A checksum of all bytes of a file, as its sender has it. */
export interface Checksum {
  readonly algorithm: 'sha256' | 'md5';
  /** In small letters. */
  readonly hex: string;
}

/** A row at the end of a file that says how many there are before it, and is none of them. */
export interface Trailer {
  /** Byte of the content at which it begins. */
  readonly position: number;
  /** Data rows, as it says. */
  readonly rows: number;
}

/** What a file's sender says of it, which must hold. */
export interface Claims {
  readonly checksum?: Checksum | undefined;
  readonly trailer?: Trailer | undefined;
}

/** A file that was found, under the names it goes by. */
export interface FoundFile {
  /** The path as users know it, and the `file` of its source partition. */
  readonly path: string;
  /** Where it is opened: its path on the disk or server, its name in the bucket. */
  readonly absolute: string;
  /** Its path below `finished.path` and `error.path`, with forward slashes. */
  readonly place: string;
  /** Data rows of it that are wanted, from its beginning; not set: all of them. */
  readonly rowLimit?: number | undefined;
  /** When it was met first, in milliseconds since 1970; not set where it is loaded at once. */
  readonly discoveredMs?: number | undefined;
  readonly claims?: Claims | undefined;
}

/** Milliseconds since 1970, whole. */
export function mtimeMsOf(version: FileVersion): number {
  return Number(version.mtimeNs / 1_000_000n);
}

export function isSameFile(one: FileVersion, other: FileVersion): boolean {
  return one.identity === other.identity;
}

/** The same file as far as its writer tells; a changed mode or owner, or a rename, does not matter. */
export function isSameVersion(one: FileVersion, other: FileVersion): boolean {
  return isSameFile(one, other) && one.size === other.size && one.mtimeNs === other.mtimeNs;
}

/** Nothing at all has happened to the file, not even a write that put the modification time back. */
export function isUntouched(one: FileVersion, other: FileVersion): boolean {
  return one === other || (isSameVersion(one, other) && one.change === other.change);
}
