import { HeadraceError } from '../../errors.ts';
import { type ProtocolFailure, partitionName, protocolError } from '../connection/errors.ts';
import type { TopicPartition } from '../protocol/api.ts';
import { isError } from '../protocol/error-codes.ts';
import type { ProducedBatch, ProduceResponse } from '../protocol/produce.ts';
import { readBatches } from '../records/record-batch-reader.ts';
import type { SealedBatch } from './produce-check.ts';

/** What a broker answers when it is the records that it does not take, and not the time, the topic or the producer. */
const OF_RECORDS = [
  'MESSAGE_TOO_LARGE',
  'RECORD_LIST_TOO_LARGE',
  'INVALID_TIMESTAMP',
  'INVALID_RECORD',
] as const;
/** What it answers to the batches behind one that it did not take. */
const OF_FOLLOWERS = ['OUT_OF_ORDER_SEQUENCE_NUMBER', 'UNKNOWN_PRODUCER_ID'] as const;

/** A record of a batch that was not taken. */
export interface RefusedRecord {
  /** What the sender said of it (`OutgoingBatch.origins`), if anything. */
  readonly origin: unknown;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  /** What the broker said of it, if anything. */
  readonly message: string | null;
}

/** A batch that a broker did not take for what is in it. */
export interface RefusedBatch extends TopicPartition {
  readonly error: ProtocolFailure;
  /** Whether `records` are those that the broker named, or all of the batch: brokers before 2.4 name none. */
  readonly isNamed: boolean;
  readonly records: readonly RefusedRecord[];
}

/** Brokers did not take records for what is in them. Holds what they refused of the whole transaction. */
export class RecordsRefused extends HeadraceError {
  readonly batches: readonly RefusedBatch[];

  constructor(batches: readonly [RefusedBatch, ...RefusedBatch[]]) {
    const { code, message } = batches[0].error;
    super(code, message, { cause: batches[0].error });
    this.batches = [...batches];
  }
}

/** The batches that the broker refused for their records. */
export function refusedIn(sent: readonly SealedBatch[], answer: ProduceResponse): RefusedBatch[] {
  return sent.flatMap((batch) => {
    const one = answerTo(batch, answer);
    return one !== undefined && isOfRecords(one) ? [refusedBatch(batch, one)] : [];
  });
}

/** Whether a batch was refused for its records, or could not follow one that was. */
export function isNotTaken(batch: SealedBatch, answer: ProduceResponse): boolean {
  const one = answerTo(batch, answer);
  return one !== undefined && (isOfRecords(one) || isError(one.errorCode, ...OF_FOLLOWERS));
}

function answerTo({ topic, partition }: TopicPartition, answer: ProduceResponse): ProducedBatch | undefined {
  return answer.partitions.find((one) => one.topic === topic && one.partition === partition);
}

function isOfRecords({ errorCode, recordErrors }: ProducedBatch): boolean {
  return errorCode !== 0 && (isError(errorCode, ...OF_RECORDS) || recordErrors.length > 0);
}

function refusedBatch(sent: SealedBatch, answer: ProducedBatch): RefusedBatch {
  const { topic, partition, bytes, count, origins } = sent;
  const { errorCode, recordErrors, message } = answer;
  const doing = `Writing ${count} records to ${partitionName(topic, partition)}`;
  const error = protocolError(errorCode, doing, recordErrors[0]?.message ?? message);
  const [batch] = readBatches(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
  const all = (batch?.records() ?? []).map(
    ({ timestamp }, index): RefusedRecord => ({ origin: origins?.[index], timestamp, message }),
  );
  const named = recordErrors.flatMap((one) => {
    const record = all[one.index];
    return record === undefined ? [] : [{ ...record, message: one.message ?? message }];
  });
  const isNamed = named.length > 0;
  return { topic, partition, error, isNamed, records: isNamed ? named : all };
}
