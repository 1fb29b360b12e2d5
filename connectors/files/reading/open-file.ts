import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { lstat, open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileVersion, FoundFile } from '../file-version.ts';
import { isSameFile, versionOf } from '../file-version.ts';
import type { Fingerprint } from '../recognition/fingerprint.ts';
import { fingerprintOf } from '../recognition/fingerprint.ts';
import { systemCode, unreadable } from '../source-errors.ts';
import {
  CompressedContent,
  compressionOf,
  DEFAULT_LIMITS,
  type DecompressionLimits,
} from './compressed-content.ts';
import type { Content } from './content.ts';
import { PlainContent } from './content.ts';

/** A file open for reading. */
export interface OpenFile {
  readonly handle: FileHandle;
  /** As it was when it was opened. */
  readonly version: FileVersion;
  readonly fingerprint: Fingerprint;
  /** The bytes on disk. */
  readonly raw: Content;
  /** The rows' bytes: positions count these. */
  readonly content: Content;
  /** `raw` and `content` differ. */
  readonly compressed: boolean;
}

/** Why a file cannot be opened while others can. */
export type NotOpened = 'gone' | 'denied' | 'not a regular file' | 'a link';

// A FIFO without a writer would hold the open for ever; a link may have taken the place of the file since the scan.
export const OPEN_FLAGS =
  constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0) | (constants.O_NOCTTY ?? 0);

/**
 * Opens a regular file that lies below `root`, or anywhere when `root` is null.
 *
 * @throws HeadraceError SOURCE_UNREADABLE when the trouble is not the file's own.
 */
export async function openFile(
  found: FoundFile,
  root: string | null,
  signal: AbortSignal,
  limits = DEFAULT_LIMITS,
): Promise<OpenFile | NotOpened> {
  let handle: FileHandle;
  try {
    handle = await open(found.absolute, OPEN_FLAGS);
  } catch (error) {
    return notOpened(found, error);
  }
  try {
    const stats = await handle.stat({ bigint: true });
    const version = versionOf(stats);
    const refused = stats.isFile() ? await whyOutside(found, root, version) : 'not a regular file';
    if (refused === null) return await opened(handle, version, found, signal, limits);
    await handle.close();
    return refused;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

async function opened(
  handle: FileHandle,
  version: FileVersion,
  found: FoundFile,
  signal: AbortSignal,
  limits: DecompressionLimits,
): Promise<OpenFile> {
  const raw = new PlainContent(handle, found.path, version.size, signal);
  const fingerprint = await fingerprintOf(raw, version.size);
  const compression = await compressionOf(found.absolute, raw);
  const content = compression === null ? raw : new CompressedContent(raw, compression, found.path, limits);
  return { handle, version, fingerprint, raw, content, compressed: compression !== null };
}

function notOpened(found: FoundFile, error: unknown): NotOpened {
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return 'gone';
    case 'EACCES':
    case 'EPERM':
      return 'denied';
    case 'ELOOP':
    case 'EMLINK':
      return 'a link';
    case 'ENXIO':
    case 'ENODEV':
    case 'EISDIR':
      return 'not a regular file';
    default:
      throw unreadable(
        `${JSON.stringify(found.path)} could not be opened`,
        'check the disk or network share it is on, and the limit of open files',
        error,
      );
  }
}

/** A folder on the way may have become a link since the scan: what is open must be what lies below the root. */
async function whyOutside(
  found: FoundFile,
  root: string | null,
  version: FileVersion,
): Promise<NotOpened | null> {
  if (root === null) return null;
  try {
    const real = await realpath(found.absolute);
    if (real !== join(root, found.place)) return 'a link';
    return isSameFile(versionOf(await lstat(real, { bigint: true })), version) ? null : 'gone';
  } catch {
    return 'gone';
  }
}
