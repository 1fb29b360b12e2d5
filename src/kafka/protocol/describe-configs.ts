import { defineApi } from './api.ts';

/** What has a configuration, by its number in Kafka (org.apache.kafka.common.config.ConfigResource). */
const RESOURCES = { topic: 2, broker: 4 } as const;

export interface DescribedConfig {
  readonly errorCode: number;
  /** Of the topic; of a broker, its id. */
  readonly name: string;
  /** Value by name, defaults included. */
  readonly values: ReadonlyMap<string, string | null>;
}

/**
 * Of topics, or of the broker that is asked.
 *
 * ```
 * DescribeConfigs Request (Version: 1) => [resources] include_synonyms
 *   resources => resource_type resource_name [configuration_keys]
 *     resource_type => INT8
 *     resource_name => STRING
 *     configuration_keys => STRING
 *   include_synonyms => BOOLEAN
 *
 * DescribeConfigs Response (Version: 1) => throttle_time_ms [results]
 *   throttle_time_ms => INT32
 *   results => error_code error_message resource_type resource_name [configs]
 *     error_code => INT16
 *     error_message => NULLABLE_STRING
 *     resource_type => INT8
 *     resource_name => STRING
 *     configs => name value read_only config_source is_sensitive [synonyms]
 *       name => STRING
 *       value => NULLABLE_STRING
 *       read_only => BOOLEAN
 *       config_source => INT8
 *       is_sensitive => BOOLEAN
 *       synonyms => name value source
 *         name => STRING
 *         value => NULLABLE_STRING
 *         source => INT8
 * ```
 */
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
