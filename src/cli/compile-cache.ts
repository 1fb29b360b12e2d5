import { mkdirSync } from 'node:fs';
import { enableCompileCache } from 'node:module';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { isPrivateFolder } from '../private-folder.ts';

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

/** What is in the cache is run, so nobody else may be able to write there, or to put another folder in its place. */
function privateFolder(): string | null {
  const { XDG_CACHE_HOME } = process.env;
  try {
    const caches = XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME) ? XDG_CACHE_HOME : join(homedir(), '.cache');
    const folder = join(caches, 'headrace', 'compile-cache');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    return isPrivateFolder(folder) ? folder : null;
  } catch {
    return null;
  }
}
