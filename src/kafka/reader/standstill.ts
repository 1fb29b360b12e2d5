import { HeadraceError } from '../../errors.ts';
import { partitionName, reasonOf } from '../connection/errors.ts';
import type { KafkaLog } from '../connection/kafkajs-internals.ts';
import type { Span } from './spans.ts';

const TELL_AFTER_MS = 2_000;

/** Sees that a loop over partitions moves: tells of it once when it does not, and then gives up. */
export class Standstill {
  readonly #spans: readonly Span[];
  readonly #timeoutMs: number;
  readonly #log: KafkaLog;
  #sum: bigint;
  #movedAt = performance.now();
  #isTold = false;

  /** @param spans what the loop reads, whose offsets move */
  constructor(spans: readonly Span[], timeoutMs: number, log: KafkaLog) {
    this.#spans = spans;
    this.#timeoutMs = timeoutMs;
    this.#log = log;
    this.#sum = offsetSum(spans);
  }

  /**
   * @param trouble what went wrong in this turn of the loop
   * @throws what went wrong, or KAFKA_UNAVAILABLE, when nothing has moved for too long
   */
  look(trouble: unknown): void {
    const sum = offsetSum(this.#spans);
    if (sum > this.#sum) this.#movedAt = performance.now();
    this.#sum = sum;
    const stoodMs = performance.now() - this.#movedAt;
    if (stoodMs > TELL_AFTER_MS && !this.#isTold) {
      this.#isTold = true;
      const reason = trouble === undefined ? 'a transaction is open' : reasonOf(trouble);
      this.#log('info', 'Waiting to read what is committed', { where: placesOf(this.#spans), reason });
    }
    if (stoodMs > this.#timeoutMs) throw trouble ?? stillOpen(this.#spans, this.#timeoutMs);
  }
}

function offsetSum(spans: readonly Span[]): bigint {
  return spans.reduce((sum, { offset }) => sum + offset, 0n);
}

function placesOf(spans: readonly Span[]): string[] {
  const open = spans.filter(({ offset, end }) => offset < end);
  return open.map(
    ({ topic, partition, offset, end }) => `${partitionName(topic, partition)} at offset ${offset} of ${end}`,
  );
}

function stillOpen(spans: readonly Span[], timeoutMs: number): HeadraceError {
  const where = placesOf(spans);
  return new HeadraceError(
    'KAFKA_UNAVAILABLE',
    `A transaction is still open in ${where.join('; ')} after ${timeoutMs} ms, so what is committed cannot be known yet. Its producer ends it, or the broker does after the producer's transaction.timeout.ms.`,
  );
}
