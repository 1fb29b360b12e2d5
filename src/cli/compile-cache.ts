import { lstatSync, mkdirSync, realpathSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';

/**
 * Lets Node keep what it compiles, for this process and its tasks' threads: the next start takes it from there. Does
 * nothing where Node was told of a folder, or to have none, and where there is no folder that is the user's alone.
 */
export function useCompileCache(): void {
  const { env } = process;
  if (env.NODE_COMPILE_CACHE !== undefined || env.NODE_DISABLE_COMPILE_CACHE !== undefined) return;
  const folder = privateFolder();
  if (folder === null) return;
  enableCompileCache(folder);
  // Threads do not take it over, but look here.
  env.NODE_COMPILE_CACHE = folder;
}

function privateFolder(): string | null {
  const { XDG_CACHE_HOME } = process.env;
  try {
    const caches = XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache');
    const folder = join(caches, 'headrace', 'compile-cache');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isPrivate(folder) ? folder : null;
  } catch {
    return null;
  }
}

/**
 * What is in the cache is run. So it is a folder, not a link, that only this user may enter, whatever the modes of what
 * is in it; and nobody else can put another folder in its place. False where the system knows no users.
 */
function isPrivate(path: string): boolean {
  const folder = lstatSync(path);
  const isOurs = folder.uid === process.getuid?.() && (folder.mode & 0o077) === 0;
  return folder.isDirectory() && isOurs && isSafe(dirname(realpathSync(path)));
}

/** For everybody, as in /tmp: who may write there may not take away or rename what is others'. */
const STICKY = 0o1000;

function isSafe(path: string): boolean {
  const { uid, mode } = lstatSync(path);
  const isTrusted = uid === 0 || uid === process.getuid?.();
  const isShared = (mode & 0o022) !== 0 && (mode & STICKY) === 0;
  return isTrusted && !isShared && (dirname(path) === path || isSafe(dirname(path)));
}
