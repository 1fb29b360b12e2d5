import type { TransactionalProducer } from '../kafka/producer/transactional-producer.ts';
import { partitionKey } from '../kafka/protocol/api.ts';
import type { PartitionBatch } from './partition-buffers.ts';

/** A transaction that is committed. */
export interface Committed {
  /** Its name, as the producer gives it. */
  readonly transaction: string;
  /** By performance.now(). */
  readonly at: number;
}

/** What is sent last in a transaction, made when everything before it is encoded. */
export interface Closing {
  /** The batches that remain. */
  readonly batches: readonly PartitionBatch[];
  /** The source offsets; they go with the batches, or after them where there is no transaction. */
  readonly offsets: readonly PartitionBatch[];
  /** Must be done before the transaction may be committed; begins when Kafka has taken everything else, so that a worker that was replaced does not come as far as this. */
  before(): Promise<void>;
  /**
   * Runs once it is committed. The next transaction does not wait for it; errors end the queue.
   */
  committed(committed: Committed): Promise<void> | void;
}

/**
 * Sends transactions one after another, each strictly after the commit of the one before it, while the caller goes on
 * encoding. The first error ends it: nothing is sent, repeated or committed after it.
 */
export class TransactionQueue {
  readonly #producer: TransactionalProducer;
  readonly #release: (batches: readonly PartitionBatch[]) => void;
  readonly #onError: (error: unknown) => void;
  #begun: Promise<unknown> = Promise.resolve();
  #sends: Promise<void>[] = [];
  #open = false;
  #finishing: Promise<void> = Promise.resolve();
  #failure: { error: unknown } | null = null;
  #pendingBytes = 0;
  #roomWaiters: (() => void)[] = [];

  constructor(
    producer: TransactionalProducer,
    release: (batches: readonly PartitionBatch[]) => void,
    onError: (error: unknown) => void,
  ) {
    this.#producer = producer;
    this.#release = release;
    this.#onError = onError;
  }

  /** Sends batches in the transaction that is open, or opens one. Returns at once. */
  send(batches: readonly PartitionBatch[]): void {
    if (batches.length === 0) return;
    if (!this.#open) this.#begin();
    this.#sends.push(
      this.#guard(
        this.#begun.then(() => this.#transmit(batches)),
        sizeOf(batches),
      ),
    );
  }

  /** Commits the transaction that is open, with what closes it. Returns at once. */
  commit(closing: Closing): void {
    if (!this.#open) this.#begin();
    const { batches, offsets } = closing;
    const sends = this.#sends;
    let committed: Committed = { transaction: '', at: 0 };
    const done = this.#begun.then(async () => {
      this.#throwFailure();
      if (!this.#producer.isTransactional) {
        await this.#transmit(batches);
        await Promise.all(sends);
        this.#throwFailure();
        await closing.before();
        await this.#transmit(offsets);
      } else {
        await Promise.all([...sends, this.#transmit([...batches, ...offsets])]);
        this.#throwFailure();
        await closing.before();
      }
      this.#throwFailure();
      const { transaction } = this.#producer;
      await this.#producer.commit();
      committed = { transaction, at: performance.now() };
    });
    this.#begun = this.#guard(done, sizeOf(batches) + sizeOf(offsets));
    this.#finishing = this.#guard(
      Promise.all([this.#begun, this.#finishing]).then(() =>
        this.#unlessFailed(() => closing.committed(committed)),
      ),
      0,
    );
    this.#sends = [];
    this.#open = false;
  }

  /** Resolves when there is room for more, or when the queue has failed. */
  async room(): Promise<void> {
    while (this.#failure === null && this.#pendingBytes > this.#producer.pace.limitBytes) {
      await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
    }
    this.#throwFailure();
  }

  /** Resolves when everything committed so far is committed and finished. */
  async settled(): Promise<void> {
    await this.#begun;
    await this.#finishing;
    this.#throwFailure();
  }

  /** Aborts the transaction that is open, so that nothing of it becomes visible; resolves when the next may begin. */
  async abandon(): Promise<void> {
    if (this.#open) {
      const sends = this.#sends;
      const done = this.#begun.then(async () => {
        await Promise.all(sends);
        this.#throwFailure();
        await this.#producer.abort();
      });
      this.#begun = this.#guard(done, 0);
      this.#sends = [];
      this.#open = false;
    }
    await this.settled();
  }

  /** Gives up what is open, for good: nothing of it becomes visible. */
  async abort(): Promise<void> {
    await Promise.allSettled([this.#begun, ...this.#sends]);
    await this.#finishing;
    if (this.#failure === null && this.#open) await this.#producer.abort();
  }

  #begin(): void {
    this.#open = true;
    this.#begun = this.#begun.then(() => this.#unlessFailed(() => this.#producer.begin()));
  }

  async #transmit(batches: readonly PartitionBatch[]): Promise<void> {
    if (this.#failure !== null) return;
    await Promise.all(rounds(batches).map((round) => this.#producer.send(round)));
    this.#release(batches);
  }

  #unlessFailed<T>(act: () => T): T | undefined {
    return this.#failure === null ? act() : undefined;
  }

  /** Never rejects: the first error is kept, told once, and ends everything that comes after it. */
  #guard(work: Promise<unknown>, bytes: number): Promise<void> {
    this.#pendingBytes += bytes;
    return work
      .then(
        () => undefined,
        (error) => this.#fail(error),
      )
      .then(() => {
        this.#pendingBytes -= bytes;
        for (const wake of this.#roomWaiters.splice(0)) wake();
      });
  }

  #fail(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = { error };
    this.#onError(error);
  }

  #throwFailure(): void {
    if (this.#failure !== null) throw this.#failure.error;
  }
}

/** Splits batches into sends that hold one batch of a partition at most, in order. */
function rounds(batches: readonly PartitionBatch[]): PartitionBatch[][] {
  const sends: PartitionBatch[][] = [];
  const seen = new Map<string, number>();
  for (const batch of batches) {
    const target = partitionKey(batch);
    const round = seen.get(target) ?? 0;
    seen.set(target, round + 1);
    const send = sends[round];
    if (send === undefined) sends[round] = [batch];
    else send.push(batch);
  }
  return sends;
}

function sizeOf(batches: readonly PartitionBatch[]): number {
  let bytes = 0;
  for (const { batch } of batches) bytes += batch.estimatedSize;
  return bytes;
}
