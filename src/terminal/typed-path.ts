import { relative } from 'node:path';

/** A path as one would type it here: relative where it is below this folder. */
export function typedPath(path: string): string {
  const below = relative(process.cwd(), path);
  return below.startsWith('..') ? path : below || '.';
}
