import { lstatSync, realpathSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';

/** For everybody, as in /tmp: who may write there may not take away or rename what is others'. */
const STICKY = 0o1000;

/**
 * Whether only this user can have put there what is in a folder, or can put another in its place: it is a folder, not a
 * link, the user's own, with nobody else's right to write; and so are all above it, or root's. False where there is no
 * such folder, and where the system knows no users.
 */
export function isPrivateFolder(path: string): boolean {
  try {
    const folder = lstatSync(path);
    return folder.isDirectory() && isOursAlone(folder) && areSafe(dirname(realpathSync(path)));
  } catch {
    return false;
  }
}

/** Owned by this user, and writable by nobody else. */
export function isOursAlone({ uid, mode }: Stats): boolean {
  return uid === process.getuid?.() && (mode & 0o022) === 0;
}

function areSafe(path: string): boolean {
  const { uid, mode } = lstatSync(path);
  const isTrusted = uid === 0 || uid === process.getuid?.();
  const isShared = (mode & 0o022) !== 0 && (mode & STICKY) === 0;
  return isTrusted && !isShared && (dirname(path) === path || areSafe(dirname(path)));
}
