import { HeadraceError } from '../../src/plugin/index.ts';

/** The file as a whole cannot be parsed. */
export function malformed(path: string, message: string, cause?: unknown): HeadraceError {
  return new HeadraceError('SOURCE_MALFORMED', `${path}: ${message}`, { cause });
}
