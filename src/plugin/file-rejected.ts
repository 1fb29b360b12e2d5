import { type ErrorCode, HeadraceError } from '../errors.ts';
import type { SourceFile } from './source-connector.ts';

/**
 * A file as a whole is given up: damaged, not to be parsed, or with too many bad rows. Its source may put it away
 * (`failed`), so that the task can go on with others.
 */
export class FileRejected extends HeadraceError {
  readonly file: SourceFile;

  constructor(file: SourceFile, code: ErrorCode, message: string, cause?: unknown) {
    super(code, message, { cause });
    this.file = file;
  }
}
