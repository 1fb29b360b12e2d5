import { defineApi } from './api.ts';
import { PROTOCOL_ERRORS } from './error-codes.ts';
import type { WireReader } from './wire.ts';

const NAME = 'Metadata';
const KEY = 3;

export interface MetadataRequest {
  /** The topics asked about; an empty list asks about brokers alone. */
  readonly topics: readonly string[];
}

export interface MetadataResponse {
  readonly brokers: readonly { readonly nodeId: number; readonly host: string; readonly port: number }[];
  readonly clusterId: string | null;
  /** The broker that does what only a controller can, -1 when there is none now. */
  readonly controllerId: number;
  readonly topics: readonly TopicMetadata[];
}

export interface TopicMetadata {
  readonly errorCode: number;
  readonly topic: string;
  readonly partitions: readonly PartitionMetadata[];
}

/** In place of the id of a broker, where there is none: a partition without a leader. */
export const NO_BROKER = -1;

export interface PartitionMetadata {
  readonly errorCode: number;
  readonly partition: number;
  /** The node that leads the partition, -1 when none does. */
  readonly leader: number;
}

/**
 * Topics are never created by asking.
 *
 * ```
 * Metadata Request (Version: 5) => [topics] allow_auto_topic_creation
 *   topics => name
 *     name => STRING
 *   allow_auto_topic_creation => BOOLEAN
 *
 * Metadata Response (Version: 5) => throttle_time_ms [brokers] cluster_id controller_id [topics]
 *   throttle_time_ms => INT32
 *   brokers => node_id host port rack
 *     node_id => INT32
 *     host => STRING
 *     port => INT32
 *     rack => NULLABLE_STRING
 *   cluster_id => NULLABLE_STRING
 *   controller_id => INT32
 *   topics => error_code name is_internal [partitions]
 *     error_code => INT16
 *     name => STRING
 *     is_internal => BOOLEAN
 *     partitions => error_code partition_index leader_id [replica_nodes] [isr_nodes] [offline_replicas]
 *       error_code => INT16
 *       partition_index => INT32
 *       leader_id => INT32
 *       replica_nodes => INT32
 *       isr_nodes => INT32
 *       offline_replicas => INT32
 * ```
 */
export const METADATA = defineApi<MetadataRequest, MetadataResponse>({
  name: NAME,
  key: KEY,
  version: 5,
  write: (writer, { topics }) => {
    writer.array(topics, (w, topic) => w.string(topic)).boolean(false);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    const brokers = readBrokers(reader);
    const clusterId = reader.nullableString();
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
    return { brokers, clusterId, controllerId, topics };
  },
});

function readBrokers(reader: WireReader): MetadataResponse['brokers'] {
  return reader.array((r) => {
    const broker = { nodeId: r.int32(), host: r.string(), port: r.int32() };
    r.nullableString(); // rack
    return broker;
  });
}

/** What brokers write in the place of operations that they were not asked for, or cannot tell. */
const NOT_TOLD = -2_147_483_648;

/**
 * Of one topic, with the operations that the principal may do with it, as bits by their number in Kafka's authorizer
 * (KIP-430); null where they are not told.
 *
 * ```
 * Metadata Request (Version: 8) => [topics] allow_auto_topic_creation include_cluster_authorized_operations
 *     include_topic_authorized_operations
 *   topics => name
 *     name => STRING
 *   allow_auto_topic_creation => BOOLEAN
 *   include_cluster_authorized_operations => BOOLEAN
 *   include_topic_authorized_operations => BOOLEAN
 *
 * Metadata Response (Version: 8) => throttle_time_ms [brokers] cluster_id controller_id [topics]
 *     cluster_authorized_operations
 *   (brokers, cluster_id, controller_id as in version 5)
 *   topics => error_code name is_internal [partitions] topic_authorized_operations
 *     partitions => error_code partition_index leader_id leader_epoch [replica_nodes] [isr_nodes] [offline_replicas]
 *       leader_epoch => INT32
 *     topic_authorized_operations => INT32
 *   cluster_authorized_operations => INT32
 * ```
 */
export const METADATA_WITH_RIGHTS = defineApi<
  { readonly topic: string },
  { readonly errorCode: number; readonly operations: number | null }
>({
  name: NAME,
  key: KEY,
  version: 8,
  write: (writer, { topic }) => {
    writer.array([topic], (w, name) => w.string(name));
    writer.boolean(false).boolean(false).boolean(true);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    readBrokers(reader);
    reader.nullableString(); // cluster_id
    reader.int32(); // controller_id
    const [answer] = reader.array((r) => {
      const errorCode = r.int16();
      r.string(); // name
      r.boolean(); // is_internal
      r.array((p) => {
        p.int16(); // error_code
        for (let field = 0; field < 3; field++) p.int32(); // partition, leader, leader_epoch
        for (let list = 0; list < 3; list++) p.array((n) => n.int32()); // replicas, isr, offline_replicas
      });
      const operations = r.int32();
      return { errorCode, operations: operations === NOT_TOLD ? null : operations };
    });
    return answer ?? { errorCode: PROTOCOL_ERRORS.UNKNOWN_TOPIC_OR_PARTITION.id, operations: null };
  },
});

const NO_ID = '00000000000000000000000000000000';

/**
 * Of one topic, in the first version that tells its id (KIP-516, Apache Kafka 2.8): 32 digits, base 16; null when it has
 * none.
 *
 * ```
 * Metadata Request (Version: 10) => [topics] allow_auto_topic_creation include_cluster_authorized_operations
 *     include_topic_authorized_operations TAG_BUFFER
 *   topics => topic_id name TAG_BUFFER
 *     topic_id => UUID
 *     name => COMPACT_NULLABLE_STRING
 *
 * Metadata Response (Version: 10) => throttle_time_ms [brokers] cluster_id controller_id [topics]
 *     cluster_authorized_operations TAG_BUFFER
 *   (arrays and strings are compact, each structure ends with a TAG_BUFFER; what is not said is as in version 8)
 *   topics => error_code name topic_id is_internal [partitions] topic_authorized_operations TAG_BUFFER
 *     topic_id => UUID
 * ```
 */
export const METADATA_WITH_ID = defineApi<
  { readonly topic: string },
  { readonly errorCode: number; readonly id: string | null }
>({
  name: NAME,
  key: KEY,
  version: 10,
  throttleAt: 1,
  write: (writer, { topic }) => {
    writer.noTags(); // of the header
    writer.compactArray([topic], (w, name) => w.int64(0n).int64(0n).compactString(name).noTags());
    writer.boolean(false).boolean(false).boolean(false).noTags();
  },
  read: (reader) => {
    reader.tags(); // of the header
    reader.int32(); // throttle_time_ms
    reader.compactArray((r) => {
      r.int32(); // node_id
      r.compactString(); // host
      r.int32(); // port
      r.compactString(); // rack
      r.tags();
    });
    reader.compactString(); // cluster_id
    reader.int32(); // controller_id
    const [found] = reader.compactArray((r) => {
      const errorCode = r.int16();
      r.compactString(); // name
      const id = hex(r.int64()) + hex(r.int64());
      r.boolean(); // is_internal
      r.compactArray((p) => {
        p.int16(); // error_code
        for (let field = 0; field < 3; field++) p.int32(); // partition, leader, leader_epoch
        for (let list = 0; list < 3; list++) p.compactArray((n) => n.int32()); // replicas, isr, offline_replicas
        p.tags();
      });
      r.int32(); // topic_authorized_operations
      r.tags();
      return { errorCode, id: id === NO_ID ? null : id };
    });
    return found ?? { errorCode: 0, id: null };
  },
});

function hex(half: bigint): string {
  return BigInt.asUintN(64, half).toString(16).padStart(16, '0');
}
