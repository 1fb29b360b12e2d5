import type { KafkaClient } from '../kafka/client.ts';
import { failOn } from '../kafka/errors.ts';
import { defineApi } from '../kafka/protocol/api.ts';
import { askEachBroker } from './brokers.ts';

const BROKER_RESOURCE = 4;
const CLUSTER_AUTHORIZATION_FAILED = 31;

interface BrokerConfigs {
  readonly errorCode: number;
  readonly values: ReadonlyMap<string, string | null>;
}

/** DescribeConfigs v1, of one broker, which has to be the one that is asked. */
const DESCRIBE_BROKER = defineApi<
  { readonly nodeId: number; readonly names: readonly string[] },
  BrokerConfigs
>({
  name: 'DescribeConfigs',
  key: 32,
  version: 1,
  write: (writer, { nodeId, names }) => {
    writer.array([nodeId], (w, node) => {
      w.int8(BROKER_RESOURCE)
        .string(String(node))
        .array(names, (n, name) => n.string(name));
    });
    writer.boolean(false);
  },
  read: (reader) => {
    reader.int32(); // throttle_time_ms
    const [answer] = reader.array((r) => {
      const errorCode = r.int16();
      r.nullableString(); // error_message
      r.int8(); // resource_type
      r.string(); // resource_name
      const values = r.array((c): [string, string | null] => {
        const entry: [string, string | null] = [c.string(), c.nullableString()];
        c.boolean(); // read_only
        c.int8(); // config_source
        c.boolean(); // is_sensitive
        c.array((s) => [s.string(), s.nullableString(), s.int8()]); // synonyms
        return entry;
      });
      return { errorCode, values: new Map(values) };
    });
    return answer as BrokerConfigs;
  },
});

/** The settings of each broker as numbers; null when this principal may not read them (DESCRIBE_CONFIGS). */
export async function brokerNumbers<N extends string>(
  client: KafkaClient,
  names: readonly N[],
): Promise<readonly Readonly<Record<N, number>>[] | null> {
  const answers = await askEachBroker(client, async (connection, { nodeId }) => {
    const doing = `Reading the configuration of broker ${nodeId}`;
    const request = { nodeId, names };
    const answer = await connection.call(await connection.any(), DESCRIBE_BROKER, request, doing);
    if (answer.errorCode === CLUSTER_AUTHORIZATION_FAILED) return null;
    failOn(answer.errorCode, doing);
    const entries = names.map((name) => [name, Number(answer.values.get(name))]);
    return Object.fromEntries(entries) as Record<N, number>;
  });
  const known = answers.filter((answer) => answer !== null);
  return known.length === answers.length ? known : null;
}
