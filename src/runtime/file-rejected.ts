import { type ErrorCode, HeadraceError } from '../errors.ts';
import type { SourceFile } from '../plugin/index.ts';

/** A file as a whole is given up; its source may put it away so that the task can go on with others. */
export class FileRejected extends HeadraceError {
  readonly file: SourceFile;

  constructor(file: SourceFile, code: ErrorCode, message: string, cause?: unknown) {
    super(code, message, { cause });
    this.file = file;
  }
}
