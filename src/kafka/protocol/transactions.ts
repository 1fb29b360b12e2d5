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

/** InitProducerId v1: fences the producers that came before under the same id and ends their transaction. */
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

/** AddPartitionsToTxn v1: one error code for each partition asked about. */
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

/** EndTxn v1. */
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
