import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { failOn } from '../connection/errors.ts';
import type { BrokerLink } from '../connection/kafkajs-internals.ts';
import { DESCRIBE_CONFIGS, type DescribedConfig } from '../protocol/describe-configs.ts';
import { isError } from '../protocol/error-codes.ts';
import { askEachBroker, type ClusterBroker, clusterOf } from './brokers.ts';

const MAX_TRANSACTION_TIMEOUT = 'transaction.max.timeout.ms';
/** Kafka's default, for brokers that do not tell. */
const DEFAULT_MAX_TIMEOUT_MS = 900_000;

/** The settings of each broker as numbers; null when this principal may not read them (DESCRIBE_CONFIGS). */
export async function brokerNumbers<N extends string>(
  client: KafkaClient,
  names: readonly N[],
): Promise<readonly Readonly<Record<N, number>>[] | null> {
  const answers = await askEachBroker(client, async (connection, { nodeId }) =>
    numbersOf(connection, await connection.any(), nodeId, names),
  );
  const known = answers.filter((answer) => answer !== null);
  return known.length === answers.length ? known : null;
}

/**
 * The longest transaction that the brokers allow: `transaction.max.timeout.ms`, in milliseconds. Kafka's default when
 * this principal may not read the brokers' configuration.
 *
 * @throws HeadraceError KAFKA_UNAVAILABLE or KAFKA_DENIED
 */
export function transactionMaxTimeoutMs(client: KafkaClient): Promise<number> {
  return client.withConnection(async (connection) => {
    const { brokers, controllerId } = await clusterOf(connection);
    const controller = brokers.find((broker) => broker.nodeId === controllerId);
    const { nodeId } = (controller ?? brokers[0]) as ClusterBroker;
    const link = await connection.node(nodeId);
    const numbers = await numbersOf(connection, link, nodeId, [MAX_TRANSACTION_TIMEOUT]);
    const timeoutMs = numbers?.[MAX_TRANSACTION_TIMEOUT];
    return timeoutMs !== undefined && timeoutMs > 0 ? timeoutMs : DEFAULT_MAX_TIMEOUT_MS;
  });
}

/** A broker answers for itself alone. */
async function numbersOf<N extends string>(
  connection: KafkaConnection,
  link: BrokerLink,
  nodeId: number,
  names: readonly N[],
): Promise<Readonly<Record<N, number>> | null> {
  const doing = `Reading the configuration of broker ${nodeId}`;
  const request = { resource: 'broker', resources: [String(nodeId)], names } as const;
  const [answer] = await connection.call(link, DESCRIBE_CONFIGS, request, doing);
  const { errorCode, values } = answer as DescribedConfig;
  if (isError(errorCode, 'CLUSTER_AUTHORIZATION_FAILED')) return null;
  failOn(errorCode, doing);
  const entries = names.map((name) => [name, Number(values.get(name))]);
  return Object.fromEntries(entries) as Record<N, number>;
}
