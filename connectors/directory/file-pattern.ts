import { posix } from 'node:path';
import picomatch from 'picomatch';

/**
 * What a pattern means: without a slash it is for the name alone, in whatever folder; with one, for the path below the
 * watched folder.
 */
export function filePattern(pattern: string): (path: string) => boolean {
  // Without the flag a line feed in a name would not be matched by a star.
  const matches = picomatch(pattern, { flags: 's' });
  return pattern.includes('/') ? (path) => matches(path) : (path) => matches(posix.basename(path));
}
