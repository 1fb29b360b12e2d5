import type { S3 } from '@aws-sdk/client-s3';
import type { PluginLog } from '../../src/plugin/index.ts';
import { MayPass, retrying } from '../files/remote/retrying.ts';
import { explained, isExpired, mayPass, type S3Where } from './s3-errors.ts';

export interface S3CallsOptions extends S3Where {
  /** A client that asks for its credentials anew. */
  readonly connect: () => S3;
  readonly log: PluginLog;
}

/** Requests to S3, tried again here and nowhere else: the SDK's own retries are off. */
export class S3Calls {
  readonly #options: S3CallsOptions;
  readonly #closing = new AbortController();
  #client: S3;

  constructor(options: S3CallsOptions) {
    this.#options = options;
    this.#client = options.connect();
  }

  /** Aborts when the store is closed. */
  get signal(): AbortSignal {
    return this.#closing.signal;
  }

  /**
   * @param problem what could not be done when it fails, as in `"a.csv" cannot be looked at`
   * @throws a HeadraceError when what may pass did not; S3's own answer when that is an error for good
   */
  async ask<T>(
    problem: string,
    act: (s3: S3, options: { readonly abortSignal: AbortSignal }) => Promise<T>,
    signal: AbortSignal = this.#closing.signal,
  ): Promise<T> {
    const { log } = this.#options;
    return await retrying(problem, () => this.once(problem, act, signal), { signal, log });
  }

  /** One try. @throws MayPass for what may pass, S3's own answer for what does not */
  async once<T>(
    problem: string,
    act: (s3: S3, options: { readonly abortSignal: AbortSignal }) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> {
    const client = this.#client;
    try {
      return await act(client, { abortSignal: signal });
    } catch (error) {
      if (!mayPass(error)) throw error;
      if (isExpired(error) && client === this.#client) this.#renew();
      throw new MayPass(problem, { cause: this.explained(problem, error) });
    }
  }

  explained(problem: string, error: unknown): Error {
    return explained(problem, error, this.#options);
  }

  close(): void {
    this.#closing.abort(new Error('closed'));
    this.#client.destroy();
  }

  /** The chain of credentials remembers those it found until they say that they end. */
  #renew(): void {
    this.#options.log.info('credentials for S3 have expired; asked for anew', {
      bucket: this.#options.bucket,
    });
    // What is on its way through the old client comes to its end.
    this.#client = this.#options.connect();
  }
}
