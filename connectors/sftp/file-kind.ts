import { constants } from 'node:fs';
import type { Stats } from 'ssh2';
import type { FileVersion } from '../files/file-version.ts';
import type { SftpSession } from './session.ts';
import { isMissing } from './session.ts';

export type FileKind = 'file' | 'folder' | 'link' | 'other';

/**
 * What something is. Servers that have no such bits tell it in the line that is made for people, which only listings have;
 * otherwise it is taken for a file.
 */
export function kindOf({ mode }: Stats, line = '-'): FileKind {
  switch ((mode ?? 0) & constants.S_IFMT) {
    case constants.S_IFREG:
      return 'file';
    case constants.S_IFDIR:
      return 'folder';
    case constants.S_IFLNK:
      return 'link';
    case 0:
      if (line.startsWith('d')) return 'folder';
      return line.startsWith('l') ? 'link' : 'file';
    default:
      return 'other';
  }
}

/** Version 3 of the protocol tells whole seconds, and nothing of which file it is. */
export function versionOf({ size, mtime }: Stats): FileVersion {
  return { size: size ?? 0, mtimeNs: BigInt(mtime ?? 0) * 1_000_000_000n, identity: '', change: '' };
}

/** What has a name, without following it; null when nothing has. */
export async function lookAt(session: SftpSession, path: string): Promise<Stats | null> {
  try {
    return await session.lstat(path);
  } catch (error) {
    if (isMissing(error)) return null;
    throw error;
  }
}
