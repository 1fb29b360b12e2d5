import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { failOn } from '../connection/errors.ts';
import { DESCRIBE_CONFIGS, type DescribedConfig } from '../protocol/describe-configs.ts';
import { isError } from '../protocol/error-codes.ts';
import type { TopicMetadata } from '../protocol/metadata.ts';
import { NO_RULES, RECORD_RULE_CONFIGS, type RecordRules, recordRules } from '../records/record-rules.ts';

export interface TopicDescription {
  readonly topic: string;
  readonly partitions: number;
  /** The most bytes of one batch, or null when this principal may not know (DESCRIBE_CONFIGS). */
  readonly maxMessageBytes: number | null;
  /** Value of `cleanup.policy`, or null when this principal may not know. */
  readonly cleanupPolicy: string | null;
  /** No rules when this principal may not know them. */
  readonly rules: RecordRules;
}

/** Describes those of the topics that exist. Throws KAFKA_DENIED or KAFKA_UNAVAILABLE. */
export function describeTopics(
  client: KafkaClient,
  topics: readonly string[],
): Promise<ReadonlyMap<string, TopicDescription>> {
  return client.withConnection(async (connection) => {
    const descriptions = new Map<string, TopicDescription>();
    const found = await existingTopics(connection, topics);
    const configs = await topicConfigs(
      connection,
      found.map(({ topic }) => topic),
    );
    for (const { topic, partitions } of found) {
      const values = configs.get(topic);
      const maxMessageBytes = values?.get('max.message.bytes');
      descriptions.set(topic, {
        topic,
        partitions: partitions.length,
        maxMessageBytes: maxMessageBytes === undefined ? null : Number(maxMessageBytes),
        cleanupPolicy: values?.get('cleanup.policy') ?? null,
        rules: values === undefined ? NO_RULES : recordRules(values),
      });
    }
    return descriptions;
  });
}

/** Those of the topics that exist, also where they have no leaders yet. */
export async function existingTopics(
  connection: KafkaConnection,
  topics: readonly string[],
): Promise<readonly TopicMetadata[]> {
  return (await connection.metadata(topics)).filter(({ topic, errorCode }) => {
    if (isError(errorCode, 'UNKNOWN_TOPIC_OR_PARTITION')) return false;
    if (!isError(errorCode, 'LEADER_NOT_AVAILABLE')) failOn(errorCode, `Looking up topic "${topic}"`);
    return true;
  });
}

/** The configurations that may be read; a topic whose may not be is left out. */
async function topicConfigs(
  connection: KafkaConnection,
  topics: readonly string[],
): Promise<Map<string, DescribedConfig['values']>> {
  if (topics.length === 0) return new Map();
  const names = ['max.message.bytes', ...RECORD_RULE_CONFIGS];
  const request = { resource: 'topic', resources: topics, names } as const;
  const doing = 'Reading the configuration of topics';
  const answers = await connection.call(await connection.any(), DESCRIBE_CONFIGS, request, doing);
  const readable = answers.filter(({ name, errorCode }) => {
    if (isError(errorCode, 'TOPIC_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED')) return false;
    failOn(errorCode, `Reading the configuration of topic "${name}"`);
    return true;
  });
  return new Map(readable.map(({ name, values }) => [name, values]));
}
