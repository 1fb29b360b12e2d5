import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { failOn, partitionName } from '../connection/errors.ts';
import { retryWhile } from '../connection/retry.ts';
import type { TopicPartition } from '../protocol/api.ts';
import { EARLIEST, FETCH, type FetchedPartition, LATEST } from '../protocol/fetch.ts';
import type { ReadRecord } from '../records/record-batch-reader.ts';
import { committedRecords } from './committed-records.ts';
import { offsetsAt } from './partition-offsets.ts';

const MAX_WAIT_MS = 250;
const MAX_BYTES = 4 * 1024 * 1024;
const UNKNOWN_TOPIC = 3;

/** A committed record with the partition that it is in. Its buffers are views: copy what is kept. */
export interface StoredRecord extends ReadRecord {
  readonly partition: number;
}

/**
 * Reads what is committed in a topic now. Unlike `readToEnd` of src/kafka it does not wait for transactions that are
 * open, which a task may keep open for minutes: for people who look, not for tasks that go on from here.
 *
 * @returns false when there is no such topic
 * @throws HeadraceError KAFKA_UNAVAILABLE or KAFKA_DENIED
 */
export function readCommitted(
  client: KafkaClient,
  topic: string,
  onRecord: (record: StoredRecord) => void,
): Promise<boolean> {
  return client.withConnection(async (connection) => {
    const [found] = await connection.metadata([topic]);
    if (found === undefined || found.errorCode === UNKNOWN_TOPIC) return false;
    const partitions = [...(await connection.leaders(topic)).keys()].map((partition) => ({
      topic,
      partition,
    }));
    const starts = await offsetsAt(connection, partitions, EARLIEST);
    const ends = await offsetsAt(connection, partitions, LATEST);
    for (const place of partitions) {
      const start = starts.get(place.partition) as bigint;
      if (start < (ends.get(place.partition) as bigint)) {
        await readPartition(connection, place, start, onRecord);
      }
    }
    return true;
  });
}

/** To where the first transaction that is open now begins. */
async function readPartition(
  connection: KafkaConnection,
  place: TopicPartition,
  start: bigint,
  onRecord: (record: StoredRecord) => void,
): Promise<void> {
  let end: bigint | null = null;
  for (let offset = start; end === null || offset < end; ) {
    const fetched = await fetchFrom(connection, place, offset);
    end ??= fetched.lastStableOffset;
    const piece = committedRecords(fetched.records, fetched.abortedTransactions, offset);
    for (const record of piece.records) {
      if (record.offset < end) onRecord({ ...record, partition: place.partition });
    }
    // Compaction may have taken away all that lay before the end.
    offset = piece.nextOffset ?? end;
  }
}

function fetchFrom(
  connection: KafkaConnection,
  place: TopicPartition,
  offset: bigint,
): Promise<FetchedPartition> {
  const doing = `Reading ${partitionName(place.topic, place.partition)}`;
  const isPassing = (error: unknown) => error instanceof HeadraceError && error.retriable;
  const retry = { timeoutMs: connection.requestTimeoutMs, onRetry: () => connection.forget(place.topic) };
  return retryWhile(isPassing, retry, async () => {
    const leader = await connection.leaderOf(place);
    const request = {
      partitions: [{ ...place, offset }],
      maxWaitMs: MAX_WAIT_MS,
      maxBytes: MAX_BYTES,
      maxPartitionBytes: MAX_BYTES,
    };
    const answer = await connection.call(leader, FETCH, request, doing);
    failOn(answer.errorCode, doing);
    const [fetched] = answer.partitions;
    failOn(fetched?.errorCode ?? UNKNOWN_TOPIC, doing);
    return fetched as FetchedPartition;
  });
}
