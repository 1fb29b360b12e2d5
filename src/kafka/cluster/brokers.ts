import { createKafkaClient, type KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { METADATA, type MetadataResponse } from '../protocol/metadata.ts';

export type ClusterBroker = MetadataResponse['brokers'][number];

/** The id of a cluster; null where brokers do not tell. Throws KAFKA_UNAVAILABLE or KAFKA_DENIED. */
export function clusterId(client: KafkaClient): Promise<string | null> {
  return client.withConnection(async (connection) => (await clusterOf(connection)).clusterId);
}

/** What a cluster says of itself. */
export async function clusterOf(connection: KafkaConnection): Promise<Omit<MetadataResponse, 'topics'>> {
  const request = { topics: [] };
  return connection.call(await connection.any(), METADATA, request, 'Asking for the brokers');
}

/** Runs `ask` on a connection to each broker of a cluster: some questions each of them answers for itself alone. */
export async function askEachBroker<T>(
  client: KafkaClient,
  ask: (connection: KafkaConnection, broker: ClusterBroker) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  for (const broker of (await client.withConnection(clusterOf)).brokers) {
    const host = broker.host.includes(':') ? `[${broker.host}]` : broker.host;
    const one = createKafkaClient(
      { ...client.config, bootstrapServers: `${host}:${broker.port}` },
      client.log,
    );
    answers.push(await one.withConnection((connection) => ask(connection, broker)));
  }
  return answers;
}
