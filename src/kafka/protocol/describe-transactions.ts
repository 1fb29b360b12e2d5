import { defineApi } from './api.ts';
import type { ProducerIdentity } from './transactions.ts';

/**
 * Of one transactional id (KIP-664, Apache Kafka 3.0 and later). It has flexible versions only: the tagged fields of the
 * headers are written and read here as the first of the body.
 *
 * ```
 * DescribeTransactions Request (Version: 0) => [transactional_ids] TAG_BUFFER
 *   transactional_ids => COMPACT_STRING
 *
 * DescribeTransactions Response (Version: 0) => throttle_time_ms [transaction_states] TAG_BUFFER
 *   throttle_time_ms => INT32
 *   transaction_states => error_code transactional_id transaction_state transaction_timeout_ms
 *       transaction_start_time_ms producer_id producer_epoch [topics] TAG_BUFFER
 *     error_code => INT16
 *     transactional_id => COMPACT_STRING
 *     transaction_state => COMPACT_STRING
 *     transaction_timeout_ms => INT32
 *     transaction_start_time_ms => INT64
 *     producer_id => INT64
 *     producer_epoch => INT16
 *     topics => topic [partitions] TAG_BUFFER
 *       topic => COMPACT_STRING
 *       partitions => INT32
 * ```
 */
export const DESCRIBE_TRANSACTIONS = defineApi<
  { readonly transactionalId: string },
  readonly (ProducerIdentity & { readonly errorCode: number; readonly state: string })[]
>({
  name: 'DescribeTransactions',
  key: 65,
  version: 0,
  throttleAt: 1,
  write: (writer, { transactionalId }) => {
    writer
      .noTags()
      .compactArray([transactionalId], (w, id) => w.compactString(id))
      .noTags();
  },
  read: (reader) => {
    reader.tags();
    reader.int32(); // throttle_time_ms
    return reader.compactArray((r) => {
      const errorCode = r.int16();
      r.compactString(); // transactional_id
      const state = r.compactString();
      r.int32(); // transaction_timeout_ms
      r.int64(); // transaction_start_time_ms
      const identity = { producerId: r.int64(), producerEpoch: r.int16() };
      r.compactArray((topic) => {
        topic.compactString();
        topic.compactArray((partition) => partition.int32());
        topic.tags();
      });
      r.tags();
      return { errorCode, state, ...identity };
    });
  },
});
