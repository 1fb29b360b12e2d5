import { relative } from 'node:path';

/** A path as one would type it here: relative where it is below this folder. A URL stays as it is. */
export function typedPath(path: string): string {
  if (path.includes('://')) return path;
  const below = relative(process.cwd(), path);
  return below.startsWith('..') ? path : below || '.';
}
