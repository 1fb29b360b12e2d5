import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { failOn, gravest, partitionName, protocolError, reasonOf } from '../connection/errors.ts';
import type { KafkaLog } from '../connection/kafkajs-internals.ts';
import { retryWhile } from '../connection/retry.ts';
import { EARLIEST, FETCH, type FetchedPartition, LATEST } from '../protocol/fetch.ts';
import { committedRecords } from './committed-records.ts';
import { byLeader, offsetsAt } from './partition-offsets.ts';

const MAX_WAIT_MS = 250;
const MAX_BYTES = 16 * 1024 * 1024;
const MAX_PARTITION_BYTES = 1024 * 1024;
const DEFAULT_TIMEOUT_MS = 90_000;
const TELL_AFTER_MS = 2_000;

/** A committed record. Its key and value are copies and may be kept; headers are views. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: bigint;
  /** Milliseconds since 1970. */
  readonly timestamp: number;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: readonly (readonly [name: string, value: Buffer | null])[];
}

export interface ReadToEndOptions {
  /**
   * How long nothing may move before it is an error, in milliseconds; default 90,000. It must be longer than the
   * transaction.timeout.ms of those who write to the topic: until then one of them may hold a transaction open.
   */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

interface Position {
  readonly topic: string;
  readonly partition: number;
  offset: bigint;
  readonly end: bigint;
}

/**
 * Reads all committed records of a topic, up to where it ended when this was called. Records of one partition come
 * in order. A transaction that is open below that end is waited for, so that nothing read can be outdated by it:
 * Kafka gives a committed reader nothing that lies behind the last stable offset.
 *
 * Throws TOPIC_INVALID, KAFKA_DENIED or KAFKA_UNAVAILABLE, the last also when a transaction stayed open too long.
 */
export function readToEnd(
  client: KafkaClient,
  topic: string,
  onRecord: (record: LogRecord) => void,
  options: ReadToEndOptions = {},
): Promise<void> {
  return client.withConnection(async (connection) => {
    const passing = (error: unknown) => error instanceof HeadraceError && error.retriable;
    const timeoutMs = connection.requestTimeoutMs;
    const positions = await retryWhile(passing, { timeoutMs, signal: options.signal }, async () => {
      connection.forget(topic);
      return positionsOf(connection, topic);
    });
    await readFrom(connection, positions, onRecord, { ...options, log: client.log });
  });
}

async function positionsOf(connection: KafkaConnection, topic: string): Promise<Position[]> {
  const partitions = [...(await connection.leaders(topic)).keys()].map((partition) => ({ topic, partition }));
  const [ends, starts] = await Promise.all([
    offsetsAt(connection, partitions, LATEST),
    offsetsAt(connection, partitions, EARLIEST),
  ]);
  return partitions.map(({ partition }) => ({
    topic,
    partition,
    offset: starts.get(partition) as bigint,
    end: ends.get(partition) as bigint,
  }));
}

async function readFrom(
  connection: KafkaConnection,
  positions: readonly Position[],
  onRecord: (record: LogRecord) => void,
  { timeoutMs = DEFAULT_TIMEOUT_MS, signal, log }: ReadToEndOptions & { readonly log: KafkaLog },
): Promise<void> {
  let open = positions.filter(({ offset, end }) => offset < end);
  let trouble: unknown;
  let movedAt = performance.now();
  let told = false;
  while (open.length > 0) {
    signal?.throwIfAborted();
    const before = offsetSum(open);
    try {
      await readOnce(connection, open, onRecord);
      trouble = undefined;
    } catch (error) {
      if (!(error instanceof HeadraceError && error.retriable)) throw error;
      trouble = error;
      for (const { topic } of open) connection.forget(topic);
      await new Promise((resolve) => setTimeout(resolve, MAX_WAIT_MS));
    }
    if (offsetSum(open) > before) movedAt = performance.now();
    open = open.filter(({ offset, end }) => offset < end);
    const stoodMs = performance.now() - movedAt;
    if (open.length > 0 && stoodMs > TELL_AFTER_MS && !told) {
      told = true;
      const reason = trouble === undefined ? 'a transaction is open' : reasonOf(trouble);
      log('info', 'Waiting to read what is committed', { where: placesOf(open), reason });
    }
    if (open.length > 0 && stoodMs > timeoutMs) throw trouble ?? stillOpen(open, timeoutMs);
  }
}

function offsetSum(positions: readonly Position[]): bigint {
  return positions.reduce((sum, { offset }) => sum + offset, 0n);
}

/** One fetch from each leader; moves the positions. */
async function readOnce(
  connection: KafkaConnection,
  positions: readonly Position[],
  onRecord: (record: LogRecord) => void,
): Promise<void> {
  const groups = await byLeader(connection, positions);
  // All are waited for: one that still moves its positions must not meet the next round.
  const outcomes = await Promise.allSettled(
    [...groups].map(async ([leader, group]) => {
      const request = {
        partitions: group,
        maxWaitMs: MAX_WAIT_MS,
        maxBytes: MAX_BYTES,
        maxPartitionBytes: MAX_PARTITION_BYTES,
      };
      const answer = await connection.call(leader, FETCH, request, `Reading topic "${group[0]?.topic}"`);
      failOn(answer.errorCode, `Reading topic "${group[0]?.topic}"`);
      const isIdle = answer.partitions.every(({ records }) => records.length === 0);
      for (const fetched of answer.partitions) {
        const position = group.find(({ partition }) => partition === fetched.partition);
        if (position !== undefined) advance(position, fetched, isIdle, onRecord);
      }
    }),
  );
  const errors = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : []));
  if (errors.length > 0) throw gravest(errors);
}

function advance(
  position: Position,
  fetched: FetchedPartition,
  isIdle: boolean,
  onRecord: (record: LogRecord) => void,
): void {
  const { topic, partition } = position;
  if (fetched.errorCode !== 0) {
    throw protocolError(fetched.errorCode, `Reading ${partitionName(topic, partition)}`);
  }
  const { records, nextOffset } = committedRecords(
    fetched.records,
    fetched.abortedTransactions,
    position.offset,
  );
  for (const { offset, timestamp, key, value, headers } of records) {
    if (offset >= position.end) break;
    onRecord({ topic, partition, offset, timestamp, key: copy(key), value: copy(value), headers });
  }
  if (nextOffset !== null) position.offset = nextOffset;
  // Compaction may have taken away all that lay before the end. A partition that others left no room for in the
  // answer looks the same, hence the second condition.
  else if (isIdle && fetched.lastStableOffset >= position.end) position.offset = position.end;
}

/** Views would keep whole answers of the broker in memory for a few small records. */
function copy(bytes: Buffer | null): Buffer | null {
  return bytes === null ? null : Buffer.from(bytes);
}

function placesOf(open: readonly Position[]): string[] {
  return open.map(
    ({ topic, partition, offset, end }) => `${partitionName(topic, partition)} at offset ${offset} of ${end}`,
  );
}

function stillOpen(open: readonly Position[], timeoutMs: number): HeadraceError {
  const where = placesOf(open);
  return new HeadraceError(
    'KAFKA_UNAVAILABLE',
    `A transaction is still open in ${where.join('; ')} after ${timeoutMs} ms, so what is committed cannot be known yet. Its producer ends it, or the broker does after the producer's transaction.timeout.ms.`,
  );
}
