import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { retryWhile } from '../connection/retry.ts';
import type { TopicPartition } from '../protocol/api.ts';
import { isError } from '../protocol/error-codes.ts';
import type { LogPlace } from '../protocol/list-offsets.ts';
import type { ReadRecord } from '../records/record-batch-reader.ts';
import { committedRecords } from './committed-records.ts';
import { type FetchLoopOptions, fetchPieces } from './fetch-loop.ts';
import { spansOf } from './spans.ts';

const DEFAULT_TIMEOUT_MS = 90_000;

/** A committed record of a topic. Its buffers are views of the broker's answer: copy what is kept. */
export interface TopicRecord extends ReadRecord, TopicPartition {}

export interface ReadToEndOptions {
  /**
   * How long nothing may move before it is an error, in milliseconds; default 90,000. It must be longer than the
   * transaction.timeout.ms of those who write to the topic: until then one of them may hold a transaction open.
   */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Reads all committed records of a topic, up to where it ended when this was called. Records of one partition come
 * in order. A transaction that is open below that end is waited for, so that nothing read can be outdated by it:
 * for tasks, which go on from here.
 *
 * Throws TOPIC_INVALID, KAFKA_DENIED or KAFKA_UNAVAILABLE, the last also when a transaction stayed open too long.
 */
export function readToEnd(
  client: KafkaClient,
  topic: string,
  onRecord: (record: TopicRecord) => void,
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal }: ReadToEndOptions = {},
): Promise<void> {
  return client.withConnection((connection) =>
    readUntil(connection, topic, 'end', onRecord, { timeoutMs, signal, log: client.log }),
  );
}

/**
 * Reads what is committed in a topic now. It does not wait for transactions that are open, which a task may keep open
 * for minutes: it ends where the first of them begins. For people who look.
 *
 * @returns false when there is no such topic
 * @throws HeadraceError KAFKA_UNAVAILABLE or KAFKA_DENIED
 */
export function readCommitted(
  client: KafkaClient,
  topic: string,
  onRecord: (record: TopicRecord) => void,
): Promise<boolean> {
  return client.withConnection(async (connection) => {
    const [found] = await connection.metadata([topic]);
    if (found === undefined || isError(found.errorCode, 'UNKNOWN_TOPIC_OR_PARTITION')) return false;
    const { requestTimeoutMs: timeoutMs } = connection;
    await readUntil(connection, topic, 'stableEnd', onRecord, { timeoutMs, log: client.log });
    return true;
  });
}

async function readUntil(
  connection: KafkaConnection,
  topic: string,
  end: LogPlace,
  onRecord: (record: TopicRecord) => void,
  options: FetchLoopOptions,
): Promise<void> {
  const isPassing = (error: unknown) => error instanceof HeadraceError && error.retriable;
  const { requestTimeoutMs: timeoutMs } = connection;
  const spans = await retryWhile(isPassing, { timeoutMs, signal: options.signal }, () => {
    connection.forget(topic);
    return spansOf(connection, topic, end);
  });
  for await (const { span, batches, abortedTransactions } of fetchPieces(connection, spans, options)) {
    for (const record of committedRecords(batches, abortedTransactions, span.offset)) {
      if (record.offset >= span.end) break;
      onRecord({ ...record, topic, partition: span.partition });
    }
  }
}
