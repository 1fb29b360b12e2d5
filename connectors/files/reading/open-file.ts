import type { FileStore, NotOpened, StoredFile } from '../file-store.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import type { Fingerprint } from '../recognition/fingerprint.ts';
import { fingerprintOf } from '../recognition/fingerprint.ts';
import { type Compression, compressionOf } from './compression.ts';
import { type Content, PlainContent } from './content.ts';
import { DecodedStreams } from './decoded-streams.ts';
import { DecompressedContent, type Decompression } from './decompressed-content.ts';
import { DEFAULT_LIMITS, type DecompressionLimits } from './decompression-limits.ts';
import type { Member } from './loading-archive.ts';
import { Members } from './members.ts';
import { ZipArchive } from './zip-archive.ts';

/** A file open for reading, and what its bytes are. */
export interface OpenFile {
  readonly file: StoredFile;
  /** As it was when it was opened. */
  readonly version: FileVersion;
  readonly fingerprint: Fingerprint;
  /** The bytes as they are stored. */
  readonly raw: Content;
  /** The rows' bytes: positions count these. */
  readonly content: Content;
  /** `raw` and `content` differ. */
  readonly compressed: boolean;
  /** Of an archive: the files that are in it, one after another in `content`. */
  readonly members?: () => Promise<readonly Member[]>;
}

/**
 * Opens a file of a store.
 *
 * @throws HeadraceError SOURCE_UNREADABLE when the trouble is not the file's own.
 */
export async function openFile(
  store: FileStore,
  found: FoundFile,
  signal: AbortSignal,
  limits = DEFAULT_LIMITS,
): Promise<OpenFile | NotOpened> {
  const file = await store.open(found, signal);
  if (typeof file === 'string') return file;
  try {
    return await opened(file, found, limits);
  } catch (error) {
    await file.close();
    throw error;
  }
}

async function opened(file: StoredFile, found: FoundFile, limits: DecompressionLimits): Promise<OpenFile> {
  const { version } = file;
  const { absolute, path } = found;
  const raw = new PlainContent(file);
  const fingerprint = await fingerprintOf(raw, version.size);
  const compression = await compressionOf(absolute, raw);
  const stored = { file, version, fingerprint, raw };
  if (compression === null) return { ...stored, content: raw, compressed: false };
  const decompression = decompressionOf(compression, raw, version.size, path);
  const content = new DecompressedContent(decompression, path, limits);
  const archive = decompression instanceof ZipArchive ? { members: () => decompression.members() } : {};
  return { ...stored, content, compressed: true, ...archive };
}

function decompressionOf(
  compression: Compression | 'zip',
  raw: Content,
  size: number,
  path: string,
): Decompression {
  switch (compression) {
    case 'zip':
      return new ZipArchive(raw, size, path);
    case 'gzip':
    case 'zstd':
      return new Members(raw, compression, path);
    case 'bzip2':
    case 'xz':
      return new DecodedStreams(raw, compression, path);
  }
}
