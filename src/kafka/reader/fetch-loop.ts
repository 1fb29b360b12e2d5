import { setTimeout as sleep } from 'node:timers/promises';
import { HeadraceError } from '../../errors.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { failOn, gravest, partitionName } from '../connection/errors.ts';
import type { BrokerLink, KafkaLog } from '../connection/kafkajs-internals.ts';
import { FETCH, type FetchedPartition } from '../protocol/fetch.ts';
import { offsetBehind, type ReadBatch, readBatches } from '../records/record-batch-reader.ts';
import { byLeader, type Span } from './spans.ts';
import { Standstill } from './standstill.ts';

const MAX_WAIT_MS = 250;
/** Of one broker's answer: what a loop holds at a time. */
const MAX_BYTES = 4 * 1024 * 1024;
const MAX_PARTITION_BYTES = 1024 * 1024;

/** What came of a partition with one answer, perhaps nothing; its last records may lie behind the end of the span. */
export interface FetchedPiece {
  /** From where on it was asked for: records before that may lie in its first batch. */
  readonly span: Span;
  readonly batches: readonly ReadBatch[];
  readonly abortedTransactions: FetchedPartition['abortedTransactions'];
}

export interface FetchLoopOptions {
  /** How long nothing may move before it is an error, in milliseconds. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  readonly log: KafkaLog;
}

type Position = { -readonly [K in keyof Span]: Span[K] };

/**
 * Reads partitions to their ends, one fetch from each leader at a time; pieces of one partition come in order. Brokers give
 * nothing behind the last stable offset: where an end lies behind it, the transaction that is open is waited for.
 * Errors that may pass, such as a leader that moves, are waited out.
 *
 * Throws KAFKA_DENIED, TOPIC_INVALID, or KAFKA_UNAVAILABLE, the last when nothing moved for `timeoutMs`.
 */
export async function* fetchPieces(
  connection: KafkaConnection,
  spans: readonly Span[],
  { timeoutMs, signal, log }: FetchLoopOptions,
): AsyncGenerator<FetchedPiece> {
  const isOpen = ({ offset, end }: Span) => offset < end;
  const positions: readonly Position[] = spans.map((span) => ({ ...span }));
  const standstill = new Standstill(positions, timeoutMs, log);
  for (let open = positions.filter(isOpen); open.length > 0; open = open.filter(isOpen)) {
    signal?.throwIfAborted();
    const { answers, errors } = await fetchOnce(connection, open);
    for (const answer of answers) {
      const piece = tryAdvance(answer, errors);
      if (piece !== null) yield piece;
    }
    const trouble = errors.length === 0 ? undefined : gravest(errors);
    if (trouble !== undefined) {
      if (!(trouble instanceof HeadraceError && trouble.retriable)) throw trouble;
      for (const { topic } of open) connection.forget(topic);
      await sleep(MAX_WAIT_MS);
    }
    if (open.some(isOpen)) standstill.look(trouble);
  }
}

interface Answer {
  readonly position: Position;
  readonly fetched: FetchedPartition;
  /** Nothing came of any partition: none was left out for want of room. */
  readonly isIdle: boolean;
}

/** One fetch from each leader; what came, and what went wrong. */
async function fetchOnce(
  connection: KafkaConnection,
  positions: readonly Position[],
): Promise<{ readonly answers: readonly Answer[]; readonly errors: unknown[] }> {
  try {
    const groups = await byLeader(connection, positions);
    // All are waited for: an answer that comes late must not meet the next round.
    const outcomes = await Promise.allSettled(
      [...groups].map(([leader, group]) => fetchFrom(connection, leader, group)),
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
): Promise<Answer[]> {
  const doing = `Reading topic "${group[0]?.topic}"`;
  const request = {
    partitions: group,
    maxWaitMs: MAX_WAIT_MS,
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

function tryAdvance(answer: Answer, errors: unknown[]): FetchedPiece | null {
  try {
    return advance(answer);
  } catch (error) {
    errors.push(error);
    return null;
  }
}

/** Unpacks what was fetched, and moves the position behind it. */
function advance({ position, fetched, isIdle }: Answer): FetchedPiece {
  const span = { ...position };
  failOn(fetched.errorCode, `Reading ${partitionName(span.topic, span.partition)}`);
  const batches = readBatches(fetched.records);
  const behind = offsetBehind(batches);
  if (behind !== null) position.offset = behind;
  // Compaction may have taken away all that lay before the end. A partition that others left no room for in the
  // answer looks the same, hence the second condition.
  else if (isIdle && fetched.lastStableOffset >= position.end) position.offset = position.end;
  return { span, batches, abortedTransactions: fetched.abortedTransactions };
}
