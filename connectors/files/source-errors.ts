import type { HeadraceErrorOptions } from '../../src/plugin/index.ts';
import { HeadraceError, messageOf } from '../../src/plugin/index.ts';

/** The system's short name of an error (`ENOENT`); empty when it has none. */
export function systemCode(thrown: unknown): string {
  const code = (thrown as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : '';
}

/** SOURCE_UNREADABLE: what was tried on which path, what the system said, what to do. */
export function unreadable(
  problem: string,
  mend: string,
  cause?: unknown,
  options: HeadraceErrorOptions = {},
): HeadraceError {
  const said = cause === undefined ? '' : ` (${messageOf(cause)})`;
  return new HeadraceError('SOURCE_UNREADABLE', `${problem}${said}; ${mend}`, { cause, ...options });
}

/** SOURCE_CHANGED: a file is no longer what it was when reading began. */
export function changed(path: string, what: string): HeadraceError {
  return new HeadraceError(
    'SOURCE_CHANGED',
    `${JSON.stringify(path)} ${what} while it was being read; write files elsewhere and rename them in when they are ` +
      'complete, or raise settle.ms',
  );
}

/** SOURCE_MALFORMED: a compressed file is cut short or damaged. An error in reading it stays what it is. */
export function malformed(
  path: string,
  compression: string,
  position: number,
  cause: unknown,
): HeadraceError {
  if (cause instanceof HeadraceError) return cause;
  return new HeadraceError(
    'SOURCE_MALFORMED',
    `${JSON.stringify(path)} cannot be decompressed (${compression}) after byte ${position} of its content ` +
      `(${messageOf(cause)}); it is cut short or damaged: have it sent again`,
    { cause },
  );
}

/** SOURCE_MALFORMED: a compressed file is not what its name says, or is more than its limits. */
export function notDecompressed(path: string, what: string): HeadraceError {
  return new HeadraceError('SOURCE_MALFORMED', `${JSON.stringify(path)} ${what}`);
}

/** SOURCE_MALFORMED: a compressed file has something else behind what is compressed. */
export function trailing(path: string, compression: string): HeadraceError {
  const what = `goes on behind the end of its ${compression} data with what is none`;
  return notDecompressed(path, `${what}; cut that off, or have the file sent again`);
}
