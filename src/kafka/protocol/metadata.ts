import { defineApi } from './api.ts';

export interface MetadataRequest {
  /** The topics asked about; an empty list asks about brokers alone. */
  readonly topics: readonly string[];
}

export interface MetadataResponse {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly controllerId: number;
  readonly topics: readonly TopicMetadata[];
}

export interface TopicMetadata {
  readonly errorCode: number;
  readonly topic: string;
  readonly partitions: readonly PartitionMetadata[];
}

export interface PartitionMetadata {
  readonly errorCode: number;
  readonly partition: number;
  /** The node that leads the partition, -1 when none does. */
  readonly leader: number;
}

/** Metadata v5. Topics are never created by asking. */
export const METADATA = defineApi<MetadataRequest, MetadataResponse>({
  name: 'Metadata',
  key: 3,
  version: 5,
  write: (writer, { topics }) => {
    writer.array(topics, (w, topic) => w.string(topic)).boolean(false);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    const brokers = reader.array((r) => {
      const broker = { nodeId: r.int32(), host: r.string(), port: r.int32() };
      r.nullableString(); // rack
      return broker;
    });
    reader.nullableString(); // cluster_id
    const controllerId = reader.int32();
    const topics = reader.array((r) => {
      const errorCode = r.int16();
      const topic = r.string();
      r.boolean(); // is_internal
      const partitions = r.array((p) => {
        const partition = { errorCode: p.int16(), partition: p.int32(), leader: p.int32() };
        for (let list = 0; list < 3; list++) p.array((n) => n.int32()); // replicas, isr, offline_replicas
        return partition;
      });
      return { errorCode, topic, partitions };
    });
    return { brokers, controllerId, topics };
  },
});

/** FindCoordinator v1, for transactional ids. */
export const FIND_TRANSACTION_COORDINATOR = defineApi<
  { readonly transactionalId: string },
  { readonly errorCode: number; readonly nodeId: number }
>({
  name: 'FindCoordinator',
  key: 10,
  version: 1,
  write: (writer, { transactionalId }) => {
    writer.string(transactionalId).int8(1);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    const errorCode = reader.int16();
    reader.nullableString(); // error_message
    return { errorCode, nodeId: reader.int32() };
  },
});
