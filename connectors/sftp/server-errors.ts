import type { HeadraceError } from '../../src/plugin/index.ts';
import { unreadable } from '../files/source-errors.ts';
import { STATUS, statusOf } from './session.ts';

/**
 * SOURCE_UNREADABLE for a call that the server refused; what is no answer of the server is given back as it is.
 *
 * @param problem what could not be done
 * @param right what the user must be allowed to do for it
 */
export function refusedCall(problem: string, right: string, error: unknown): unknown {
  const status = statusOf(error);
  return status === undefined ? error : unreadable(problem, mendOf(status, right), error);
}

/** For a rename: there is one more reason why a server may not do it. */
export function refusedMove(problem: string, error: unknown): unknown {
  if (statusOf(error) !== STATUS.FAILURE) return refusedCall(problem, 'write to both folders', error);
  return otherFileSystem(problem, error);
}

function otherFileSystem(problem: string, error: unknown): HeadraceError {
  const mend =
    'the server renames within one file system only: choose a folder on that of input.path, and see that it is not full';
  return unreadable(problem, mend, error);
}

function mendOf(status: number, right: string): string {
  switch (status) {
    case STATUS.PERMISSION_DENIED:
      return `give sftp.user the right to ${right}`;
    case STATUS.NO_SUCH_FILE:
      return 'check the path as the server shows it to sftp.user, or make the folder';
    default:
      return "the server's log tells why";
  }
}
