import type { ConfigRecord, ConfigTopicRecord } from './stored-connectors.ts';

const PREFIX = 'logger-cluster-';

/** A level that a logger of every worker of a group is to have. */
export interface LoggerLevel {
  readonly logger: string;
  /** Kafka Connect's name of it: `DEBUG`. */
  readonly level: string;
}

/**
 * What the config topic keeps of it (KIP-976, org.apache.kafka.connect.storage.KafkaConfigBackingStore). It is for workers
 * that run when it is written: who starts later begins with the levels of its own configuration.
 */
export function loggerLevelRecord({ logger, level }: LoggerLevel): ConfigRecord {
  return { key: Buffer.from(`${PREFIX}${logger}`), value: Buffer.from(JSON.stringify({ level })) };
}

/** The level that a record tells; null where it is another record. */
export function loggerLevelIn({ key, value }: Pick<ConfigTopicRecord, 'key' | 'value'>): LoggerLevel | null {
  const text = key?.toString() ?? '';
  if (!text.startsWith(PREFIX) || value === null) return null;
  try {
    const { level } = JSON.parse(value.toString()) as { readonly level?: unknown };
    return typeof level === 'string' ? { logger: text.slice(PREFIX.length), level } : null;
  } catch {
    return null;
  }
}
