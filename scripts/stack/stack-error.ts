/**
 * Something this machine lacks or a server that would not start. The message says what is missing and how to
 * mend it; the command line prints it without a stack trace.
 */
export class StackError extends Error {
  override readonly name = 'StackError';
}
