import { setTimeout as sleep } from 'node:timers/promises';
import type { PluginLog } from '../../../src/plugin/index.ts';
import { messageOf } from '../../../src/plugin/index.ts';

const FIRST_WAIT_MS = 200;
const MOST_WAIT_MS = 10_000;
const MOST_ATTEMPTS = 6;

/** Thrown by what a store does for a failure that may pass: a busy server, a connection that broke. */
export class MayPass extends Error {}

export interface RetryOptions {
  readonly signal: AbortSignal;
  readonly log: PluginLog;
  /** What grows while there is progress: failures before it grew do not count. */
  readonly progress?: () => number;
  /** Milliseconds; the waits after it grow from there. */
  readonly firstWaitMs?: number | undefined;
}

/**
 * Does something until it succeeds or fails for good. Waits grow twofold and are random by half, so that many tasks do
 * not come back together.
 *
 * @param what for the log, as in `list s3://bucket/prefix`
 * @throws the last failure's cause when it has failed six times in a row; what `act` throws that is no MayPass at once;
 *   the signal's reason once it has aborted
 */
export async function retrying<T>(what: string, act: () => Promise<T>, options: RetryOptions): Promise<T> {
  const { signal, log, progress = () => 0, firstWaitMs = FIRST_WAIT_MS } = options;
  let before = progress();
  for (let attempt = 1; ; attempt++) {
    signal.throwIfAborted();
    try {
      return await act();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof MayPass)) throw error;
      const now = progress();
      if (now > before) attempt = 1;
      before = now;
      if (attempt === MOST_ATTEMPTS) throw error.cause;
      const wait = Math.min(MOST_WAIT_MS, firstWaitMs * 2 ** (attempt - 1));
      const waitMs = Math.round(wait * (0.5 + Math.random() / 2));
      log.debug('tried again', { what, attempt, error: messageOf(error.cause), waitMs });
      await sleep(waitMs, undefined, { signal });
    }
  }
}
