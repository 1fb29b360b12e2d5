import { HeadraceError, messageOf } from '../../errors.ts';
import type { ErrorReport } from './events.ts';

/**
 * An error as it crosses threads. What nobody foresaw is a fault in a plugin or in Headrace: it keeps its stack, for
 * the log, and is not tried again.
 */
export function reportOf(error: unknown): ErrorReport {
  if (error instanceof HeadraceError) {
    const { code, message, retriable, awaits, masked, cause } = error;
    const { stack } = code === 'PLUGIN_FAILED' && !retriable && cause instanceof Error ? cause : {};
    return {
      ...{ code, message, retriable },
      ...(awaits === undefined ? {} : { awaits }),
      ...(masked === undefined || masked === message ? {} : { masked }),
      ...(stack === undefined ? {} : { stack }),
    };
  }
  const stack = error instanceof Error ? error.stack : undefined;
  return {
    code: 'PLUGIN_FAILED',
    message: messageOf(error),
    retriable: false,
    ...(stack === undefined ? {} : { stack }),
  };
}
