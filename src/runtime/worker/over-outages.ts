import { setTimeout as delay } from 'node:timers/promises';
import { HeadraceError, messageOf } from '../../errors.ts';
import { RestartPolicy } from './restart-policy.ts';
import { withinGrace } from './within-grace.ts';

const KAFKA_RETRY = { initialMs: 500, maxMs: 15_000 };

export interface OutageOptions {
  /** Whose abort ends the tries. */
  readonly signal: AbortSignal;
  /** As long as the try under way has then. */
  readonly gracefulMs: number;
  readonly onWaiting: (reason: string, retryInMs: number) => void;
}

/** Tries again while Kafka is away; other errors are thrown. */
export async function overOutages<T>(
  attempt: () => Promise<T>,
  { signal, gracefulMs, onWaiting }: OutageOptions,
): Promise<T | 'stopped'> {
  const retries = new RestartPolicy(KAFKA_RETRY);
  while (!signal.aborted) {
    try {
      return await withinGrace(attempt(), signal, gracefulMs);
    } catch (error) {
      if (signal.aborted) break;
      if (!(error instanceof HeadraceError) || !error.retriable) throw error;
      const retryInMs = retries.nextDelayMs();
      onWaiting(messageOf(error), retryInMs);
      await delay(retryInMs, undefined, { signal }).catch(() => {});
    }
  }
  return 'stopped';
}
