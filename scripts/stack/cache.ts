import { access, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withLock } from './lock.ts';

/** The folder kept between runs: `$XDG_CACHE_HOME/headrace`, else `~/.cache/headrace`. */
export function cacheRoot(): string {
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'headrace');
}

/**
 * The cache folder called `name` (which holds the version), built on first use. It appears whole or not at all:
 * `build` fills a folder beside it, which then takes the name. By each `tool` one is built at a time, as Maven's own
 * store of files is not made for several; who waited for another's build takes it.
 */
export async function cached(
  name: string,
  build: (folder: string) => Promise<void>,
  tool = 'fetch',
): Promise<string> {
  const folder = join(cacheRoot(), name);
  if (await exists(folder)) return folder;
  return withLock(join(cacheRoot(), `${tool}.lock`), async () => {
    if (await exists(folder)) return folder;
    const draft = await mkdtemp(`${folder}-`);
    try {
      await build(draft);
      await rename(draft, folder);
      return folder;
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  });
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
