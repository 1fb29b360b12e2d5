import { HeadraceError, type HeadraceErrorOptions, messageOf } from '../../src/plugin/index.ts';

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
