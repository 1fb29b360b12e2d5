import { readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { HeadraceError } from '../errors.ts';

/**
 * The files that `errors.deadletterqueue.file` stands for: itself, or one of each task, and the rows that were rejected
 * again.
 *
 * @throws HeadraceError CONFIG_INVALID when there is none
 */
export async function queueFiles(path: string): Promise<string[]> {
  const name = basename(path);
  const isOne = (found: string) =>
    found === name ||
    (found.startsWith(`${name}.`) && /^(\d{1,4}|replay)$/.test(found.slice(name.length + 1)));
  const found = (await readdir(dirname(path)).catch(() => [])).filter(isOne).sort();
  if (found.length > 0) return found.map((one) => join(dirname(path), one));
  throw new HeadraceError(
    'CONFIG_INVALID',
    `errors.deadletterqueue.file: there is no ${path}; it is made when the feed runs`,
  );
}
