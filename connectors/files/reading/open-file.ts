import type { FileStore, NotOpened, StoredFile } from '../file-store.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import type { Fingerprint } from '../recognition/fingerprint.ts';
import { fingerprintOf } from '../recognition/fingerprint.ts';
import { type Compression, compressionOf } from './compression.ts';
import { type Content, PlainContent } from './content.ts';
import { DecodedStreams } from './decoded-streams.ts';
import { DecompressedContent, type Decompression } from './decompressed-content.ts';
import { DEFAULT_LIMITS, type DecompressionLimits } from './decompression-limits.ts';
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
  const raw = new PlainContent(file);
  const fingerprint = await fingerprintOf(raw, file.version.size);
  const content = await contentOf(file, raw, found, limits);
  return { file, version: file.version, fingerprint, raw, content, compressed: content !== raw };
}

async function contentOf(
  { version }: StoredFile,
  raw: Content,
  { absolute, path }: FoundFile,
  limits: DecompressionLimits,
): Promise<Content> {
  const compression = await compressionOf(absolute, raw);
  if (compression === null) return raw;
  return new DecompressedContent(decompressionOf(compression, raw, version.size, path), path, limits);
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
