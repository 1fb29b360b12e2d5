import { join, resolve } from 'node:path';

const GLOB = /[*?[\]{}()!]/;

/** Whether a path, or a part of one, is a glob pattern. */
export function isGlob(path: string): boolean {
  return GLOB.test(path);
}

/**
 * Makes a path, or a glob pattern, absolute. Only the folders before the first part that is a pattern are resolved:
 * `..` after one (`{a,b/c}/../x`) has no single meaning that could be worked out here.
 */
export function absolutePath(text: string, folder: string): string {
  const parts = text.split('/');
  const pattern = parts.findIndex(isGlob);
  if (pattern === -1) return resolve(folder, text);
  const fixed = parts.slice(0, pattern).join('/');
  const root = text.startsWith('/') ? resolve('/', fixed) : resolve(folder, fixed);
  return join(root, '/') + parts.slice(pattern).join('/');
}
