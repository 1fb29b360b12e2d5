import { setTimeout as delay } from 'node:timers/promises';
import type { Notify } from '../../config/define/hand-over.ts';
import { messageOf } from '../../errors.ts';

/** How long a receiver is waited for, and how often it is asked again. Milliseconds. */
export interface NotifyPatience {
  readonly answerMs: number;
  readonly firstWaitMs: number;
  readonly mostWaitMs: number;
  /** From when there was something to tell. */
  readonly giveUpMs: number;
}

const PATIENCE: NotifyPatience = {
  answerMs: 10_000,
  firstWaitMs: 1_000,
  mostWaitMs: 60_000,
  giveUpMs: 15 * 60_000,
};
/** So many wait for a receiver that does not answer; what comes then is given up. */
const MOST_WAITING = 100;
/** As long as the end of a worker waits for a request that is under way. */
const LAST_MS = 2_000;

/** JSON that is sent. */
export interface Notice {
  readonly connector: string;
  readonly event: string;
  readonly [field: string]: unknown;
}

/** A notice that could not be sent. */
export interface Unsent {
  readonly connector: string;
  readonly event: string;
  /** Without what of the address may be a secret. */
  readonly to: string;
  readonly reason: string;
  readonly isLast: boolean;
}

export type Sending = 'sent' | 'given up' | 'stopped';

/**
 * Tells receivers by HTTP, those of a connector in their order, each until it is taken or given up. Nothing waits for it.
 */
export class Notifier {
  readonly #onUnsent: (unsent: Unsent) => void;
  readonly #patience: NotifyPatience;
  readonly #stop = new AbortController();
  readonly #queues = new Map<string, { waiting: number; last: Promise<unknown> }>();

  /** @param onUnsent told of the first try that fails, and of the last */
  constructor(onUnsent: (unsent: Unsent) => void, patience = PATIENCE) {
    this.#onUnsent = onUnsent;
    this.#patience = patience;
  }

  /** Resolves when nothing more is done about it; never rejects. */
  send(to: Notify, notice: Notice): Promise<Sending> {
    const { connector, event } = notice;
    const queue = this.#queues.get(connector) ?? { waiting: 0, last: Promise.resolve() };
    const told = { connector, event, to: new URL(to.url).origin };
    if (queue.waiting >= MOST_WAITING) {
      this.#onUnsent({ ...told, reason: `${MOST_WAITING} others wait before it`, isLast: true });
      return Promise.resolve('given up');
    }
    this.#queues.set(connector, queue);
    queue.waiting += 1;
    const since = performance.now();
    const sending = queue.last.then(() =>
      this.#sendPatiently(to, JSON.stringify(notice), since, (reason, isLast) =>
        this.#onUnsent({ ...told, reason, isLast }),
      ),
    );
    queue.last = sending.then(() => {
      queue.waiting -= 1;
      if (queue.waiting === 0) this.#queues.delete(connector);
    });
    return sending;
  }

  /** Lets requests that are under way come to their end; nothing is tried again. */
  async close(): Promise<void> {
    this.#stop.abort();
    const all = [...this.#queues.values()].map(({ last }) => last);
    await Promise.race([Promise.all(all), delay(LAST_MS, undefined, { ref: false })]);
  }

  async #sendPatiently(
    to: Notify,
    body: string,
    since: number,
    onUnsent: (reason: string, isLast: boolean) => void,
  ): Promise<Sending> {
    const { signal } = this.#stop;
    const { firstWaitMs, mostWaitMs, giveUpMs } = this.#patience;
    for (let waitMs = firstWaitMs; ; waitMs = Math.min(2 * waitMs, mostWaitMs)) {
      if (signal.aborted) return 'stopped';
      const trouble = await this.#post(to, body);
      if (trouble === null) return 'sent';
      const isLast = !trouble.mayPass || performance.now() - since + waitMs > giveUpMs;
      if (isLast || waitMs === firstWaitMs) onUnsent(trouble.reason, isLast);
      if (isLast) return 'given up';
      await delay(waitMs, undefined, { signal, ref: false }).catch(() => {});
    }
  }

  /** null when it was taken. */
  async #post({ url, authorization }: Notify, body: string): Promise<Trouble | null> {
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...(authorization !== null && { authorization }) },
        body,
        signal: AbortSignal.timeout(this.#patience.answerMs),
      });
      await response.body?.cancel();
      const { status, ok } = response;
      return ok ? null : { reason: `HTTP ${status}`, mayPass: status >= 500 || PASSING.has(status) };
    } catch (error) {
      return { reason: reasonOf(error, this.#patience.answerMs), mayPass: true };
    }
  }
}

interface Trouble {
  readonly reason: string;
  readonly mayPass: boolean;
}

/** Answers that say nothing of the notice itself. */
const PASSING: ReadonlySet<number> = new Set([404, 408, 409, 423, 425, 429]);

/** What fetch says itself may have the address in it. */
function reasonOf(error: unknown, answerMs: number): string {
  if ((error as Error).name === 'TimeoutError') return `no answer within ${answerMs} ms`;
  const { cause } = error as Error;
  if (cause instanceof AggregateError) return cause.errors.map(messageOf).join(', ');
  return cause instanceof Error ? cause.message : 'the request could not be made';
}
