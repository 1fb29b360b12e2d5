import { posix } from 'node:path';
import { globMatcher } from './glob.ts';

/**
 * What a pattern means: without a slash it is for the name alone, in whatever folder; with one, for the path below the
 * watched folder.
 */
export function filePattern(pattern: string): (path: string) => boolean {
  const matches = globMatcher(pattern);
  return pattern.includes('/') ? (path) => matches(path) : (path) => matches(posix.basename(path));
}
