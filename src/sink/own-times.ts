import { HeadraceError } from '../errors.ts';
import { partitionName } from '../kafka/connection/errors.ts';
import type { RefusedBatch } from '../kafka/producer/refused-batch.ts';
import { isError } from '../kafka/protocol/error-codes.ts';

/** What brokers refused, by whose fault it is. */
export interface JudgedRefusals {
  /** Of the records themselves. */
  readonly batches: readonly RefusedBatch[];
  /** Of this machine's clock, where records with its time were refused for it. */
  readonly clockError: HeadraceError | null;
}

/** The times of writing that were given to records which are not committed yet, in milliseconds since 1970. */
export class OwnTimes {
  #current = new Set<number>();
  /** By transaction. */
  readonly #open = new Set([this.#current]);
  #last: number | null = null;

  /** The time of writing for what comes next. */
  next(): number {
    this.#last = Date.now();
    this.#current.add(this.#last);
    return this.#last;
  }

  /**
   * What comes belongs to another transaction; a batch whose rows are divided among several keeps its time.
   *
   * @returns to be called when the transaction that ends is committed
   */
  endTransaction(): () => void {
    const ended = this.#current;
    this.#current = new Set(this.#last === null ? [] : [this.#last]);
    this.#open.add(this.#current);
    return () => void this.#open.delete(ended);
  }

  /**
   * Divides what was refused. A record with the time of writing that is refused for its time is a good one: the clock is
   * wrong. Brokers before 2.4 do not name the records that they mean; then all of the batch must have that time.
   */
  judge(refused: readonly RefusedBatch[]): JudgedRefusals {
    let clockError: HeadraceError | null = null;
    const batches = refused.flatMap((batch) => {
      if (!isError(batch.error.errorCode, 'INVALID_TIMESTAMP')) return [batch];
      const own = batch.records.filter(({ timestamp }) => this.#has(timestamp));
      const isMixed = own.length < batch.records.length;
      if (own.length === 0 || (isMixed && !batch.isNamed)) return [batch];
      clockError ??= clockErrorOf(batch, own[0]?.timestamp as number);
      return isMixed ? [{ ...batch, records: batch.records.filter((record) => !own.includes(record)) }] : [];
    });
    return { batches, clockError };
  }

  #has(time: number): boolean {
    for (const times of this.#open) if (times.has(time)) return true;
    return false;
  }
}

function clockErrorOf({ topic, partition, error }: RefusedBatch, time: number): HeadraceError {
  const refused = `Kafka refused records for ${partitionName(topic, partition)} whose time is that of their writing, ${new Date(time).toISOString()} by the clock of this machine: ${error.errorName}`;
  const mend =
    'The clock differs from that of the broker by more than message.timestamp.after.max.ms (or message.timestamp.before.max.ms) of the topic. Set it right; the rows wait, and none is rejected for it.';
  return new HeadraceError('KAFKA_UNAVAILABLE', `${refused}. ${mend}`, { cause: error });
}
