import { byTopic, defineApi, type TopicPartition } from './api.ts';

const NO_REPLICA = -1;
const READ_UNCOMMITTED = 0;
const READ_COMMITTED = 1;
/** The special timestamps. */
const LATEST = -1n;
const EARLIEST = -2n;

/**
 * The places of a log that can be asked for: the first offset that is kept, the high watermark, and the last stable
 * offset, where the first transaction begins that is open.
 */
const PLACES = {
  start: { isolation: READ_UNCOMMITTED, timestamp: EARLIEST },
  end: { isolation: READ_UNCOMMITTED, timestamp: LATEST },
  stableEnd: { isolation: READ_COMMITTED, timestamp: LATEST },
} as const;

export type LogPlace = keyof typeof PLACES;

export interface ListOffsetsRequest {
  readonly partitions: readonly TopicPartition[];
  readonly place: LogPlace;
}

/**
 * ```
 * ListOffsets Request (Version: 2) => replica_id isolation_level [topics]
 *   replica_id => INT32
 *   isolation_level => INT8
 *   topics => name [partitions]
 *     name => STRING
 *     partitions => partition_index timestamp
 *       partition_index => INT32
 *       timestamp => INT64
 *
 * ListOffsets Response (Version: 2) => throttle_time_ms [topics]
 *   throttle_time_ms => INT32
 *   topics => name [partitions]
 *     name => STRING
 *     partitions => partition_index error_code timestamp offset
 *       partition_index => INT32
 *       error_code => INT16
 *       timestamp => INT64
 *       offset => INT64
 * ```
 */
export const LIST_OFFSETS = defineApi<
  ListOffsetsRequest,
  readonly (TopicPartition & { readonly errorCode: number; readonly offset: bigint })[]
>({
  name: 'ListOffsets',
  key: 2,
  version: 2,
  write: (writer, { partitions, place }) => {
    const { isolation, timestamp } = PLACES[place];
    writer.int32(NO_REPLICA).int8(isolation);
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
