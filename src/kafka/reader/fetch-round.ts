import type { KafkaConnection } from '../connection/connection.ts';
import { failOn, partitionName } from '../connection/errors.ts';
import type { BrokerLink } from '../connection/kafkajs-internals.ts';
import { FETCH, type FetchedPartition } from '../protocol/fetch.ts';
import { offsetBehind, type ReadBatch, readBatches } from '../records/record-batch-reader.ts';
import { byLeader, type Span } from './spans.ts';

/** Of one broker's answer: what a round holds at a time. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_PARTITION_BYTES = 1024 * 1024;

/** What came of a partition with one answer, perhaps nothing; its last records may lie behind the end of the span. */
export interface FetchedPiece {
  /** From where on it was asked for: records before that may lie in its first batch. */
  readonly span: Span;
  readonly batches: readonly ReadBatch[];
  readonly abortedTransactions: FetchedPartition['abortedTransactions'];
  /** Up to here the partition could be read at that time. */
  readonly stableEnd: bigint;
}

/** A span that is being read: its offset moves. */
export type Position = { -readonly [K in keyof Span]: Span[K] };

export interface FetchRound {
  readonly pieces: readonly FetchedPiece[];
  /** What went wrong, of brokers and of partitions. */
  readonly errors: readonly unknown[];
}

/**
 * One fetch from each leader, which moves the positions behind what came. Throws nothing.
 *
 * @param maxWaitMs how long a broker that has nothing waits for something
 */
export async function fetchRound(
  connection: KafkaConnection,
  positions: readonly Position[],
  maxWaitMs: number,
): Promise<FetchRound> {
  const { answers, errors } = await fetchOnce(connection, positions, maxWaitMs);
  const pieces: FetchedPiece[] = [];
  for (const answer of answers) {
    try {
      pieces.push(advance(answer));
    } catch (error) {
      errors.push(error);
    }
  }
  return { pieces, errors };
}

interface Answer {
  readonly position: Position;
  readonly fetched: FetchedPartition;
  /** Nothing came of any partition: none was left out for want of room. */
  readonly isIdle: boolean;
}

async function fetchOnce(
  connection: KafkaConnection,
  positions: readonly Position[],
  maxWaitMs: number,
): Promise<{ readonly answers: readonly Answer[]; readonly errors: unknown[] }> {
  try {
    const groups = await byLeader(connection, positions);
    // All are waited for: an answer that comes late must not meet the next round.
    const outcomes = await Promise.allSettled(
      [...groups].map(([leader, group]) => fetchFrom(connection, leader, group, maxWaitMs)),
    );
    return {
      answers: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : [])),
      errors: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
    };
  } catch (error) {
    return { answers: [], errors: [error] };
  }
}

async function fetchFrom(
  connection: KafkaConnection,
  leader: BrokerLink,
  group: readonly Position[],
  maxWaitMs: number,
): Promise<Answer[]> {
  const doing = `Reading topic "${group[0]?.topic}"`;
  const request = {
    partitions: group,
    maxWaitMs,
    maxBytes: MAX_BYTES,
    maxPartitionBytes: MAX_PARTITION_BYTES,
  };
  const { errorCode, partitions } = await connection.call(leader, FETCH, request, doing);
  failOn(errorCode, doing);
  const isIdle = partitions.every(({ records }) => records.length === 0);
  return partitions.flatMap((fetched) => {
    const position = group.find(
      ({ topic, partition }) => topic === fetched.topic && partition === fetched.partition,
    );
    return position === undefined ? [] : [{ position, fetched, isIdle }];
  });
}

/** Unpacks what was fetched, and moves the position behind it. */
function advance({ position, fetched, isIdle }: Answer): FetchedPiece {
  const span = { ...position };
  const { abortedTransactions, lastStableOffset: stableEnd } = fetched;
  failOn(fetched.errorCode, `Reading ${partitionName(span.topic, span.partition)}`);
  const batches = readBatches(fetched.records);
  const behind = offsetBehind(batches);
  if (behind !== null) position.offset = behind;
  // Compaction may have taken away all that lay before the end. A partition that others left no room for in the
  // answer looks the same, hence the first condition.
  else if (isIdle && stableEnd > position.offset)
    position.offset = stableEnd < position.end ? stableEnd : position.end;
  return { span, batches, abortedTransactions, stableEnd };
}
