import type { ConfigResourceTypes } from 'kafkajs';
import type { KafkaClient } from '../connection/client.ts';
import { fromKafkajs } from '../connection/errors.ts';

/** kafkajs's own constant cannot be imported by name from an ES module. */
const BROKER = 4 as ConfigResourceTypes;

/** Kafka's default, for brokers that do not tell. */
const DEFAULT_MAX_TIMEOUT_MS = 900_000;

/**
 * The longest transaction that the brokers allow: `transaction.max.timeout.ms`, in milliseconds. Kafka's default when
 * this principal may not read the brokers' configuration.
 *
 * @throws HeadraceError KAFKA_UNAVAILABLE
 */
export async function transactionMaxTimeoutMs(client: KafkaClient): Promise<number> {
  const admin = await client.admin();
  try {
    await admin.connect();
    const { controller } = await admin.describeCluster();
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: [
        {
          type: BROKER,
          name: String(controller ?? 0),
          configNames: ['transaction.max.timeout.ms'],
        },
      ],
    });
    const value = resources[0]?.configEntries[0]?.configValue;
    return value === undefined ? DEFAULT_MAX_TIMEOUT_MS : Number(value);
  } catch (error) {
    const known = fromKafkajs(error, 'Reading transaction.max.timeout.ms');
    if ((known as { code?: string }).code === 'KAFKA_DENIED') return DEFAULT_MAX_TIMEOUT_MS;
    throw known;
  } finally {
    await admin.disconnect();
  }
}
