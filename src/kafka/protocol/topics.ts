import { defineApi } from './api.ts';

/** What has a configuration, by its number in Kafka (org.apache.kafka.common.config.ConfigResource). */
const RESOURCES = { topic: 2, broker: 4 } as const;

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

/** CreateTopics v3. */
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

export interface DescribedConfig {
  readonly errorCode: number;
  /** Of the topic; of a broker, its id. */
  readonly name: string;
  /** Value by name, defaults included. */
  readonly values: ReadonlyMap<string, string | null>;
}

/** DescribeConfigs v1, of topics, or of the broker that is asked. */
export const DESCRIBE_CONFIGS = defineApi<
  {
    readonly resource: keyof typeof RESOURCES;
    readonly resources: readonly string[];
    readonly names: readonly string[];
  },
  readonly DescribedConfig[]
>({
  name: 'DescribeConfigs',
  key: 32,
  version: 1,
  write: (writer, { resource, resources, names }) => {
    writer.array(resources, (w, one) => {
      w.int8(RESOURCES[resource])
        .string(one)
        .array(names, (n, name) => n.string(name));
    });
    writer.boolean(false);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    return reader.array((r) => {
      const errorCode = r.int16();
      r.nullableString(); // error_message
      r.int8(); // resource_type
      const name = r.string();
      const values = r.array((c): [string, string | null] => {
        const entry: [string, string | null] = [c.string(), c.nullableString()];
        c.boolean(); // read_only
        c.int8(); // config_source
        c.boolean(); // is_sensitive
        c.array((s) => [s.string(), s.nullableString(), s.int8()]); // synonyms
        return entry;
      });
      return { errorCode, name, values: new Map(values) };
    });
  },
});
