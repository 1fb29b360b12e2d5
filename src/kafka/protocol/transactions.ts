import { byTopic, defineApi, type TopicPartition } from './api.ts';

/** Who writes: what InitProducerId gave. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

export interface InitProducerIdRequest {
  /** Null for a producer that is idempotent without transactions. */
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
}

/**
 * Fences the producers that came before under the same id and ends their transaction.
 *
 * ```
 * InitProducerId Request (Version: 1) => transactional_id transaction_timeout_ms
 *   transactional_id => NULLABLE_STRING
 *   transaction_timeout_ms => INT32
 *
 * InitProducerId Response (Version: 1) => throttle_time_ms error_code producer_id producer_epoch
 *   throttle_time_ms => INT32
 *   error_code => INT16
 *   producer_id => INT64
 *   producer_epoch => INT16
 * ```
 */
export const INIT_PRODUCER_ID = defineApi<
  InitProducerIdRequest,
  ProducerIdentity & { readonly errorCode: number }
>({
  name: 'InitProducerId',
  key: 22,
  version: 1,
  write: (writer, request) => {
    writer.string(request.transactionalId).int32(request.transactionTimeoutMs);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    return { errorCode: reader.int16(), producerId: reader.int64(), producerEpoch: reader.int16() };
  },
});

export interface AddPartitionsRequest extends ProducerIdentity {
  readonly transactionalId: string;
  readonly partitions: readonly TopicPartition[];
}

/**
 * One error code comes for each partition asked about.
 *
 * ```
 * AddPartitionsToTxn Request (Version: 1) => transactional_id producer_id producer_epoch [topics]
 *   transactional_id => STRING
 *   producer_id => INT64
 *   producer_epoch => INT16
 *   topics => name [partitions]
 *     name => STRING
 *     partitions => INT32
 *
 * AddPartitionsToTxn Response (Version: 1) => throttle_time_ms [results_by_topic]
 *   throttle_time_ms => INT32
 *   results_by_topic => name [results_by_partition]
 *     name => STRING
 *     results_by_partition => partition_index partition_error_code
 *       partition_index => INT32
 *       partition_error_code => INT16
 * ```
 */
export const ADD_PARTITIONS_TO_TXN = defineApi<
  AddPartitionsRequest,
  readonly (TopicPartition & { readonly errorCode: number })[]
>({
  name: 'AddPartitionsToTxn',
  key: 24,
  version: 1,
  write: (writer, request) => {
    writer.string(request.transactionalId).int64(request.producerId).int16(request.producerEpoch);
    writer.array(byTopic(request.partitions), (w, [topic, partitions]) => {
      w.string(topic).array(partitions, (p, { partition }) => p.int32(partition));
    });
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    return reader
      .array((r) => {
        const topic = r.string();
        return r.array((p) => ({ topic, partition: p.int32(), errorCode: p.int16() }));
      })
      .flat();
  },
});

export interface EndTxnRequest extends ProducerIdentity {
  readonly transactionalId: string;
  /** True commits, false aborts. */
  readonly commit: boolean;
}

/**
 * ```
 * EndTxn Request (Version: 1) => transactional_id producer_id producer_epoch committed
 *   transactional_id => STRING
 *   producer_id => INT64
 *   producer_epoch => INT16
 *   committed => BOOLEAN
 *
 * EndTxn Response (Version: 1) => throttle_time_ms error_code
 *   throttle_time_ms => INT32
 *   error_code => INT16
 * ```
 */
export const END_TXN = defineApi<EndTxnRequest, { readonly errorCode: number }>({
  name: 'EndTxn',
  key: 26,
  version: 1,
  write: (writer, request) => {
    writer.string(request.transactionalId).int64(request.producerId).int16(request.producerEpoch);
    writer.boolean(request.commit);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    return { errorCode: reader.int16() };
  },
});
