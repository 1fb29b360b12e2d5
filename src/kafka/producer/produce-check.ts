import { HeadraceError } from '../../errors.ts';
import { gravest, partitionName, protocolError } from '../connection/errors.ts';
import { partitionKey, type TopicPartition } from '../protocol/api.ts';
import type { ProduceResponse } from '../protocol/produce.ts';

/** A batch as it was sent. */
export interface SealedBatch extends TopicPartition {
  readonly bytes: Uint8Array;
  readonly count: number;
  /** Of each record, what its sender said of it. */
  readonly origins?: readonly unknown[] | undefined;
}

/** What a broker acknowledged: `count` records from `baseOffset` on. */
export interface SendResult extends TopicPartition {
  readonly baseOffset: bigint;
  readonly count: number;
}

/**
 * Compares a broker's answer with what was sent to it. Every partition must be there once, without an error and with
 * an offset: an answer that passes over one is an error like any other (kafkajs pull request 1798 tells of messages
 * lost this way). Throws the gravest error of all.
 */
export function verifyProduced(sent: readonly SealedBatch[], answer: ProduceResponse): SendResult[] {
  const answers = new Map(answer.partitions.map((one) => [partitionKey(one), one]));
  const errors: unknown[] = [];
  const results = sent.flatMap((batch) => {
    const { topic, partition, count } = batch;
    const one = answers.get(partitionKey(batch));
    if (one !== undefined && one.errorCode === 0 && one.baseOffset >= 0n) {
      return [{ topic, partition, count, baseOffset: one.baseOffset }];
    }
    const doing = `Writing ${count} records to ${partitionName(topic, partition)}`;
    errors.push(
      one !== undefined && one.errorCode !== 0 ? protocolError(one.errorCode, doing) : unanswered(doing),
    );
    return [];
  });
  if (errors.length > 0) throw gravest(errors);
  return results;
}

/** The error of a partition that the broker's answer passed over. */
export function unanswered(doing: string): HeadraceError {
  const mend = 'Whether it was done is not known; the task starts again from the last committed offset.';
  return new HeadraceError(
    'KAFKA_UNAVAILABLE',
    `${doing} failed: the broker's answer does not speak of it. ${mend}`,
  );
}
