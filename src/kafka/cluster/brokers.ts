import { createKafkaClient, type KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { METADATA, type MetadataResponse } from '../protocol/metadata.ts';

export type ClusterBroker = MetadataResponse['brokers'][number];

/** The brokers that a cluster names. Throws KAFKA_UNAVAILABLE or KAFKA_DENIED. */
export function brokersOf(client: KafkaClient): Promise<readonly ClusterBroker[]> {
  return client.withConnection(async (connection) => {
    const request = { topics: [] };
    const { brokers } = await connection.call(
      await connection.any(),
      METADATA,
      request,
      'Asking for the brokers',
    );
    return brokers;
  });
}

/** Runs `ask` on a connection to each broker of a cluster: some questions each of them answers for itself alone. */
export async function askEachBroker<T>(
  client: KafkaClient,
  ask: (connection: KafkaConnection, broker: ClusterBroker) => Promise<T>,
): Promise<readonly T[]> {
  const answers: T[] = [];
  for (const broker of await brokersOf(client)) {
    const host = broker.host.includes(':') ? `[${broker.host}]` : broker.host;
    const one = createKafkaClient(
      { ...client.config, bootstrapServers: `${host}:${broker.port}` },
      client.log,
    );
    answers.push(await one.withConnection((connection) => ask(connection, broker)));
  }
  return answers;
}
