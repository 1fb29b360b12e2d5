import { byTopic, defineApi, type TopicPartition } from './api.ts';

const NO_REPLICA = -1;
const NO_LEADER_EPOCH = -1;
const READ_COMMITTED = 1;
/** "No session": epoch -1 of session 0 (KIP-227). */
const NO_SESSION_EPOCH = -1;

export interface FetchRequest {
  readonly partitions: readonly (TopicPartition & { readonly offset: bigint })[];
  /** How long the broker may wait for the first byte, in milliseconds. */
  readonly maxWaitMs: number;
  readonly maxBytes: number;
  readonly maxPartitionBytes: number;
}

export interface FetchedPartition extends TopicPartition {
  readonly errorCode: number;
  /** The first offset of the earliest open transaction, or the high watermark. */
  readonly lastStableOffset: bigint;
  readonly abortedTransactions: readonly AbortedTransaction[];
  /** Whole record batches, perhaps with a part of one more at the end. */
  readonly records: Buffer;
}

export interface AbortedTransaction {
  readonly producerId: bigint;
  readonly firstOffset: bigint;
}

/**
 * Of committed records, without a session.
 *
 * ```
 * Fetch Request (Version: 10) => replica_id max_wait_ms min_bytes max_bytes isolation_level session_id session_epoch
 *     [topics] [forgotten_topics_data]
 *   replica_id => INT32
 *   max_wait_ms => INT32
 *   min_bytes => INT32
 *   max_bytes => INT32
 *   isolation_level => INT8
 *   session_id => INT32
 *   session_epoch => INT32
 *   topics => topic [partitions]
 *     topic => STRING
 *     partitions => partition current_leader_epoch fetch_offset log_start_offset partition_max_bytes
 *       partition => INT32
 *       current_leader_epoch => INT32
 *       fetch_offset => INT64
 *       log_start_offset => INT64
 *       partition_max_bytes => INT32
 *   forgotten_topics_data => topic [partitions]
 *     topic => STRING
 *     partitions => INT32
 *
 * Fetch Response (Version: 10) => throttle_time_ms error_code session_id [responses]
 *   throttle_time_ms => INT32
 *   error_code => INT16
 *   session_id => INT32
 *   responses => topic [partitions]
 *     topic => STRING
 *     partitions => partition_index error_code high_watermark last_stable_offset log_start_offset
 *         [aborted_transactions] records
 *       partition_index => INT32
 *       error_code => INT16
 *       high_watermark => INT64
 *       last_stable_offset => INT64
 *       log_start_offset => INT64
 *       aborted_transactions => producer_id first_offset
 *         producer_id => INT64
 *         first_offset => INT64
 *       records => NULLABLE_BYTES
 * ```
 */
export const FETCH = defineApi<
  FetchRequest,
  {
    readonly errorCode: number;
    /** Empty when the client is throttled (KIP-219). */
    readonly partitions: readonly FetchedPartition[];
  }
>({
  name: 'Fetch',
  key: 1,
  version: 10,
  write: (writer, request) => {
    writer.int32(NO_REPLICA).int32(request.maxWaitMs).int32(1).int32(request.maxBytes).int8(READ_COMMITTED);
    writer.int32(0).int32(NO_SESSION_EPOCH);
    writer.array(byTopic(request.partitions), (w, [topic, items]) => {
      w.string(topic).array(items, (p, { partition, offset }) => {
        p.int32(partition).int32(NO_LEADER_EPOCH).int64(offset).int64(-1n).int32(request.maxPartitionBytes);
      });
    });
    writer.int32(0); // forgotten_topics_data
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    const errorCode = reader.int16();
    reader.int32(); // session_id
    const partitions = reader
      .array((r) => {
        const topic = r.string();
        return r.array((p) => {
          const head = { topic, partition: p.int32(), errorCode: p.int16() };
          p.int64(); // high_watermark
          const lastStableOffset = p.int64();
          p.int64(); // log_start_offset
          const abortedTransactions = p.array((a) => ({ producerId: a.int64(), firstOffset: a.int64() }));
          return { ...head, lastStableOffset, abortedTransactions, records: p.bytes() };
        });
      })
      .flat();
    return { errorCode, partitions };
  },
});
