import { defineApi } from './api.ts';

export interface CreateTopicsRequest {
  readonly topics: readonly {
    readonly topic: string;
    readonly partitions: number;
    readonly replicationFactor: number;
    readonly config: Readonly<Record<string, string>>;
  }[];
  readonly timeoutMs: number;
  /** Only checks: rights, replicas, configuration, policy. */
  readonly validateOnly: boolean;
}

/**
 * ```
 * CreateTopics Request (Version: 3) => [topics] timeout_ms validate_only
 *   topics => name num_partitions replication_factor [assignments] [configs]
 *     name => STRING
 *     num_partitions => INT32
 *     replication_factor => INT16
 *     assignments => partition_index [broker_ids]
 *       partition_index => INT32
 *       broker_ids => INT32
 *     configs => name value
 *       name => STRING
 *       value => NULLABLE_STRING
 *   timeout_ms => INT32
 *   validate_only => BOOLEAN
 *
 * CreateTopics Response (Version: 3) => throttle_time_ms [topics]
 *   throttle_time_ms => INT32
 *   topics => name error_code error_message
 *     name => STRING
 *     error_code => INT16
 *     error_message => NULLABLE_STRING
 * ```
 */
export const CREATE_TOPICS = defineApi<
  CreateTopicsRequest,
  readonly { readonly topic: string; readonly errorCode: number; readonly message: string | null }[]
>({
  name: 'CreateTopics',
  key: 19,
  version: 3,
  write: (writer, { topics, timeoutMs, validateOnly }) => {
    writer.array(topics, (w, topic) => {
      w.string(topic.topic).int32(topic.partitions).int16(topic.replicationFactor);
      w.int32(0); // replica assignments: the broker's choice
      w.array(Object.entries(topic.config), (c, [name, value]) => c.string(name).string(value));
    });
    writer.int32(timeoutMs).boolean(validateOnly);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    return reader.array((r) => ({ topic: r.string(), errorCode: r.int16(), message: r.nullableString() }));
  },
});
