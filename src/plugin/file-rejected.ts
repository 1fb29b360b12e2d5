import { type ErrorCode, HeadraceError } from '../errors.ts';
import type { SourceFile } from './source-connector.ts';

/**
 * A file as a whole is given up: damaged, not to be parsed, or with too many bad rows; its source may put it away
 * (`failed`), and the task goes on with others. When it is retriable, as its cause is, the file is tried again.
 */
export class FileRejected extends HeadraceError {
  readonly file: SourceFile;

  constructor(file: SourceFile, code: ErrorCode, message: string, cause?: unknown) {
    super(code, message, { cause, ...(cause instanceof HeadraceError && { retriable: cause.retriable }) });
    this.file = file;
  }
}
