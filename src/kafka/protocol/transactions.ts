import { byTopic, defineApi, type TopicPartition } from './api.ts';
import type { WireReader } from './wire.ts';

/** Who writes: what InitProducerId gave. */
export interface ProducerIdentity {
  readonly producerId: bigint;
  readonly producerEpoch: number;
}

const INIT_PRODUCER_ID_NAME = { name: 'InitProducerId', key: 22 };
const END_TXN_NAME = { name: 'EndTxn', key: 26 };

export interface InitProducerIdRequest {
  /** Null for a producer that is idempotent without transactions. */
  readonly transactionalId: string | null;
  readonly transactionTimeoutMs: number;
}

export interface InitProducerIdResponse extends ProducerIdentity {
  readonly errorCode: number;
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
export const INIT_PRODUCER_ID = defineApi<InitProducerIdRequest, InitProducerIdResponse>({
  ...INIT_PRODUCER_ID_NAME,
  version: 1,
  write: (writer, request) => {
    writer.string(request.transactionalId).int32(request.transactionTimeoutMs);
  },
  read: readIdentity,
});

/**
 * The same for those who speak of transactions as of KIP-890. Which identity it takes the place of is not said, as brokers
 * look at that only between transactions.
 *
 * ```
 * InitProducerId Request (Version: 5) => transactional_id transaction_timeout_ms producer_id producer_epoch TAG_BUFFER
 *   transactional_id => COMPACT_NULLABLE_STRING
 *   transaction_timeout_ms => INT32
 *   producer_id => INT64
 *   producer_epoch => INT16
 *
 * InitProducerId Response (Version: 5): as in version 1, with a TAG_BUFFER at its end
 * ```
 */
export const INIT_PRODUCER_ID_FLEXIBLE = defineApi<InitProducerIdRequest, InitProducerIdResponse>({
  ...INIT_PRODUCER_ID_NAME,
  version: 5,
  throttleAt: 1,
  write: (writer, request) => {
    writer.noTags(); // of the header
    writer.compactString(request.transactionalId).int32(request.transactionTimeoutMs);
    writer.int64(NO_IDENTITY.producerId).int16(NO_IDENTITY.producerEpoch).noTags();
  },
  read: (reader) => {
    reader.tags(); // of the header
    return readIdentity(reader);
  },
});

const NO_IDENTITY: ProducerIdentity = { producerId: -1n, producerEpoch: -1 };

function readIdentity(reader: WireReader): InitProducerIdResponse {
  reader.int32(); // throttle_time_ms
  return { errorCode: reader.int16(), producerId: reader.int64(), producerEpoch: reader.int16() };
}

export interface AddPartitionsRequest extends ProducerIdentity {
  readonly transactionalId: string;
  readonly partitions: readonly TopicPartition[];
}

export type AddPartitionsResponse = readonly (TopicPartition & { readonly errorCode: number })[];

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
export const ADD_PARTITIONS_TO_TXN = defineApi<AddPartitionsRequest, AddPartitionsResponse>({
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

export interface EndTxnResponse {
  readonly errorCode: number;
  /** Who writes from now on; null: who wrote before. */
  readonly next: ProducerIdentity | null;
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
export const END_TXN = defineApi<EndTxnRequest, EndTxnResponse>({
  ...END_TXN_NAME,
  version: 1,
  write: (writer, request) => {
    writer.string(request.transactionalId).int64(request.producerId).int16(request.producerEpoch);
    writer.boolean(request.commit);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    return { errorCode: reader.int16(), next: null };
  },
});

/**
 * The same, and raises the epoch (KIP-890): whatever comes late of this transaction is refused from now on. When an id has
 * used up its epochs the next transaction has another id.
 *
 * ```
 * EndTxn Request (Version: 5) => transactional_id producer_id producer_epoch committed TAG_BUFFER
 *   transactional_id => COMPACT_STRING
 *   (else as in version 1)
 *
 * EndTxn Response (Version: 5) => throttle_time_ms error_code producer_id producer_epoch TAG_BUFFER
 *   throttle_time_ms => INT32
 *   error_code => INT16
 *   producer_id => INT64
 *   producer_epoch => INT16
 * ```
 */
export const END_TXN_RAISING_EPOCH = defineApi<EndTxnRequest, EndTxnResponse>({
  ...END_TXN_NAME,
  version: 5,
  throttleAt: 1,
  write: (writer, request) => {
    writer.noTags(); // of the header
    writer.compactString(request.transactionalId).int64(request.producerId).int16(request.producerEpoch);
    writer.boolean(request.commit).noTags();
  },
  read: (reader) => {
    reader.tags(); // of the header
    const { errorCode, ...next } = readIdentity(reader);
    return { errorCode, next };
  },
});
