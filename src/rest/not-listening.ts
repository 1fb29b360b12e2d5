import { HeadraceError, messageOf } from '../errors.ts';

/**
 * Why an address cannot be listened on.
 *
 * @param key that it was given by
 */
export function notListening(key: string, text: string, error: unknown): HeadraceError {
  const isInUse = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
  const why = isInUse
    ? `another process listens on ${text} already; end it, or name another port (0 takes one that is free)`
    : `cannot listen on ${text}: ${messageOf(error)}`;
  return new HeadraceError('CONFIG_INVALID', `${key}: ${why}`, { cause: error });
}
