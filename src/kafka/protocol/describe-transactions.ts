import { defineApi } from './api.ts';
import type { ProducerIdentity } from './transactions.ts';

/**
 * DescribeTransactions v0 (KIP-664, Apache Kafka 3.0 and later), of one transactional id. It has flexible versions only:
 * the tagged fields of the headers are written and read here as the first of the body.
 */
export const DESCRIBE_TRANSACTIONS = defineApi<
  { readonly transactionalId: string },
  readonly (ProducerIdentity & { readonly errorCode: number })[]
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
      r.compactString(); // transaction_state
      r.int32(); // transaction_timeout_ms
      r.int64(); // transaction_start_time_ms
      const identity = { producerId: r.int64(), producerEpoch: r.int16() };
      r.compactArray((topic) => {
        topic.compactString();
        topic.compactArray((partition) => partition.int32());
        topic.tags();
      });
      r.tags();
      return { errorCode, ...identity };
    });
  },
});
