import type { FileStore, NotOpened, StoredFile } from '../file-store.ts';
import type { FileVersion, FoundFile } from '../file-version.ts';
import type { Fingerprint } from '../recognition/fingerprint.ts';
import { fingerprintOf } from '../recognition/fingerprint.ts';
import {
  CompressedContent,
  compressionOf,
  DEFAULT_LIMITS,
  type DecompressionLimits,
} from './compressed-content.ts';
import type { Content } from './content.ts';
import { PlainContent } from './content.ts';

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
  const compression = await compressionOf(found.absolute, raw);
  const content = compression === null ? raw : new CompressedContent(raw, compression, found.path, limits);
  return { file, version: file.version, fingerprint, raw, content, compressed: compression !== null };
}
