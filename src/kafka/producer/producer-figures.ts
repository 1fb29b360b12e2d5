import { HeadraceError } from '../../errors.ts';
import { ProtocolFailure } from '../connection/errors.ts';
import { type RetryOptions, retryWhile } from '../connection/retry.ts';

type Counts = Record<string, number>;

/** What producers have done. Plain data. */
export interface ProducerChange {
  /** Producers that have got their identity. */
  readonly initialised: number;
  /** Producers that could not be started, by the name of the error. */
  readonly initErrors: Readonly<Counts>;
  /** Requests that were sent again, as the broker was not ready for them. */
  readonly retries: number;
  /** Requests for which it was not ready in time. */
  readonly retriesExhausted: number;
  /** What ended producers, by the name of the error. */
  readonly errors: Readonly<Counts>;
  /** Seconds until each Produce request was answered, by the topics in it. */
  readonly produceSeconds: Readonly<Record<string, readonly number[]>>;
}

/** Counts what the producers of a task do, request by request. */
export class ProducerFigures {
  #change = noChange();
  #hasChanged = false;

  initialised(): void {
    this.#changing().initialised++;
  }

  notInitialised(error: unknown): void {
    count(this.#changing().initErrors, error);
  }

  failed(errors: readonly unknown[]): void {
    const { errors: counts } = this.#changing();
    for (const error of errors) count(counts, error);
  }

  answered(topics: Iterable<string>, seconds: number): void {
    const { produceSeconds } = this.#changing();
    for (const topic of topics) {
      produceSeconds[topic] ??= [];
      produceSeconds[topic].push(seconds);
    }
  }

  /** See {@link retryWhile}. */
  async retryWhile<T>(
    passing: (error: unknown) => boolean,
    options: RetryOptions,
    attempt: () => Promise<T>,
  ): Promise<T> {
    const onRetry = (error: unknown, time: number) => {
      this.#changing().retries++;
      options.onRetry?.(error, time);
    };
    try {
      return await retryWhile(passing, { ...options, onRetry }, attempt);
    } catch (error) {
      if (passing(error)) this.#changing().retriesExhausted++;
      throw error;
    }
  }

  /** What was done since it was asked last; null when that is nothing. */
  take(): ProducerChange | null {
    if (!this.#hasChanged) return null;
    const change = this.#change;
    this.#change = noChange();
    this.#hasChanged = false;
    return change;
  }

  #changing(): ReturnType<typeof noChange> {
    this.#hasChanged = true;
    return this.#change;
  }
}

function noChange() {
  return {
    initialised: 0,
    initErrors: {} as Counts,
    retries: 0,
    retriesExhausted: 0,
    errors: {} as Counts,
    produceSeconds: {} as Record<string, number[]>,
  };
}

/** By Kafka's name where a broker has answered with it, else by our code. */
function count(counts: Counts, error: unknown): void {
  const { cause } = error as { readonly cause?: unknown };
  const answer = [error, cause].find((one) => one instanceof ProtocolFailure);
  const name = answer?.errorName ?? (error instanceof HeadraceError ? error.code : 'UNEXPECTED');
  counts[name] = (counts[name] ?? 0) + 1;
}
