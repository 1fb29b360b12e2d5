import { setTimeout as sleep } from 'node:timers/promises';
import { BroadcastChannel } from 'node:worker_threads';
import type { SQS } from '@aws-sdk/client-sqs';
import { messageOf, type PluginLog } from '../../src/plugin/index.ts';
import type { Waker } from '../files/watching/watch-task.ts';

/** So long SQS waits for a message at most before it answers that there is none. */
const POLL_SECONDS = 20;
const FIRST_WAIT_MS = 1000;
const MOST_WAIT_MS = 60_000;

export interface QueueWakerOptions {
  readonly queueUrl: string;
  /** null in tasks other than the first, which are woken by that one. */
  readonly client: SQS | null;
  readonly connector: string;
  readonly wake: () => void;
  readonly log: PluginLog;
}

/**
 * Wakes the listing when a queue has messages that objects have come. Nothing is read in a message, and none is kept: a
 * listing finds all there is, and a start begins with one.
 */
export class QueueWaker implements Waker {
  readonly #options: QueueWakerOptions;
  /** To the tasks of the connector in other threads. */
  readonly #others: BroadcastChannel;
  readonly #closing = new AbortController();
  readonly #polling: Promise<void>;
  #failures = 0;

  constructor(options: QueueWakerOptions) {
    this.#options = options;
    this.#others = new BroadcastChannel(`headrace s3 ${options.connector}`);
    this.#others.onmessage = options.wake;
    this.#polling = options.client === null ? Promise.resolve() : this.#poll(options.client);
  }

  async listed(): Promise<void> {}

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#polling;
    this.#others.close();
    this.#options.client?.destroy();
  }

  async #poll(client: SQS): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      try {
        await this.#pollOnce(client, signal);
        this.#failures = 0;
      } catch (error) {
        if (!signal.aborted) await this.#waitAfter(error);
      }
    }
  }

  async #pollOnce(client: SQS, abortSignal: AbortSignal): Promise<void> {
    const { queueUrl: QueueUrl, wake } = this.#options;
    const asked = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: POLL_SECONDS };
    const { Messages = [] } = await client.receiveMessage(asked, { abortSignal });
    if (Messages.length === 0) return;
    wake();
    this.#others.postMessage('');
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await client.deleteMessageBatch({ QueueUrl, Entries }, { abortSignal });
  }

  /** The queue is a help and no more, so its trouble is told once and ends nothing. */
  async #waitAfter(error: unknown): Promise<void> {
    const { queueUrl, log } = this.#options;
    const waitMs = Math.min(MOST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures++;
    log[this.#failures === 1 ? 'warn' : 'debug'](
      's3.events.queue.url cannot be read; objects are found by listings alone, each scan.interval.ms. Check its address, ' +
        'and let the role or user do sqs:ReceiveMessage and sqs:DeleteMessage',
      { queueUrl, error: messageOf(error), waitMs },
    );
    await sleep(waitMs, undefined, { signal: this.#closing.signal }).catch(() => {});
  }
}
