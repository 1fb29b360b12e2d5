import { FileRejected, HeadraceError } from '../../../src/plugin/index.ts';
import { changed } from '../source-errors.ts';
import type { LoadingFile } from './loading-file.ts';
import type { OpenFile } from './open-file.ts';
import { hasChanged } from './read-chunks.ts';

const FILE_CODES: readonly string[] = ['SOURCE_MALFORMED', 'SOURCE_CHANGED', 'SOURCE_UNREADABLE'];

/** Whether the trouble is with one file, so that others can be read. */
export function isOfFile(error: unknown): error is HeadraceError {
  return error instanceof HeadraceError && FILE_CODES.includes(error.code);
}

/** A file that looks damaged while it is written to may not be. */
export async function rejectionOf(
  open: OpenFile,
  file: LoadingFile,
  error: HeadraceError,
): Promise<FileRejected> {
  const isWritten = error.code === 'SOURCE_MALFORMED' && (await hasChanged(open, file.version));
  const reason = isWritten ? changed(file.path, 'was written to') : error;
  return new FileRejected(file.part, reason.code, reason.message, reason);
}
