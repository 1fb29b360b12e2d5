import { byTopic, defineApi, type TopicPartition } from './api.ts';

const NO_REPLICA = -1;
const NO_LEADER_EPOCH = -1;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
/** "No session": epoch -1 of session 0 (KIP-227). */
const NO_SESSION_EPOCH = -1;

/** The special timestamps of ListOffsets. */
export const LATEST = -1n;
export const EARLIEST = -2n;

export interface ListOffsetsRequest {
  readonly partitions: readonly TopicPartition[];
  /** LATEST gives the high watermark, EARLIEST the first offset that is kept. */
  readonly timestamp: bigint;
}

/** ListOffsets v2, not held back by open transactions. */
export const LIST_OFFSETS = defineApi<
  ListOffsetsRequest,
  readonly (TopicPartition & { readonly errorCode: number; readonly offset: bigint })[]
>({
  name: 'ListOffsets',
  key: 2,
  version: 2,
  write: (writer, { partitions, timestamp }) => {
    writer.int32(NO_REPLICA).int8(READ_UNCOMMITTED);
    writer.array(byTopic(partitions), (w, [topic, items]) => {
      w.string(topic).array(items, (p, { partition }) => p.int32(partition).int64(timestamp));
    });
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    return reader
      .array((r) => {
        const topic = r.string();
        return r.array((p) => {
          const head = { topic, partition: p.int32(), errorCode: p.int16() };
          p.int64(); // timestamp
          return { ...head, offset: p.int64() };
        });
      })
      .flat();
  },
});

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

/** Fetch v10, READ_COMMITTED, without a session. */
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
