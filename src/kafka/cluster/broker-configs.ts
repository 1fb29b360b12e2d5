import type { KafkaClient } from '../connection/client.ts';
import { failOn } from '../connection/errors.ts';
import { isError } from '../protocol/error-codes.ts';
import { DESCRIBE_CONFIGS, type DescribedConfig } from '../protocol/topics.ts';
import { askEachBroker } from './brokers.ts';

/** The settings of each broker as numbers; null when this principal may not read them (DESCRIBE_CONFIGS). */
export async function brokerNumbers<N extends string>(
  client: KafkaClient,
  names: readonly N[],
): Promise<readonly Readonly<Record<N, number>>[] | null> {
  const answers = await askEachBroker(client, async (connection, { nodeId }) => {
    const doing = `Reading the configuration of broker ${nodeId}`;
    const request = { resource: 'broker', resources: [String(nodeId)], names } as const;
    const [answer] = await connection.call(await connection.any(), DESCRIBE_CONFIGS, request, doing);
    const { errorCode, values } = answer as DescribedConfig;
    if (isError(errorCode, 'CLUSTER_AUTHORIZATION_FAILED')) return null;
    failOn(errorCode, doing);
    const entries = names.map((name) => [name, Number(values.get(name))]);
    return Object.fromEntries(entries) as Record<N, number>;
  });
  const known = answers.filter((answer) => answer !== null);
  return known.length === answers.length ? known : null;
}
