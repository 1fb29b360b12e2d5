import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { failOn, ProtocolFailure, protocolError } from '../connection/errors.ts';
import { retryWhile } from '../connection/retry.ts';
import { isError, PROTOCOL_ERRORS } from '../protocol/error-codes.ts';
import { CREATE_TOPICS, DESCRIBE_CONFIGS, type DescribedConfig } from '../protocol/topics.ts';
import { offsetsAt } from '../reader/spans.ts';
import { NO_RULES, RECORD_RULE_CONFIGS, type RecordRules, recordRules } from '../records/record-rules.ts';

const NO_LEADER = -1;
const DEFAULT_TIMEOUT_MS = 30_000;

/** A topic to create if it is missing. */
export interface TopicSpec {
  readonly topic: string;
  /** -1 leaves the number to the broker. */
  readonly partitions: number;
  /** -1 leaves the number to the broker. */
  readonly replicationFactor: number;
  readonly config?: Readonly<Record<string, string>>;
}

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

/**
 * Creates the topics that are missing and waits until every partition of all of them has a
 * leader that serves it. Topics that are
 * there stay as they are. Throws TOPIC_INVALID, KAFKA_DENIED or KAFKA_UNAVAILABLE.
 *
 * @param options.timeoutMs the longest wait for leaders, default 30,000
 * @returns the names of the topics that were created here
 */
export function ensureTopics(
  client: KafkaClient,
  specs: readonly TopicSpec[],
  options: { readonly timeoutMs?: number } = {},
): Promise<readonly string[]> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  return client.withConnection(async (connection) => {
    const found = await connection.metadata(specs.map(({ topic }) => topic));
    const missing = new Set<string>();
    for (const { topic, errorCode } of found) {
      if (isError(errorCode, 'UNKNOWN_TOPIC_OR_PARTITION')) missing.add(topic);
      else if (!isError(errorCode, 'LEADER_NOT_AVAILABLE')) failOn(errorCode, `Looking up topic "${topic}"`);
    }
    const created = await createTopics(
      connection,
      specs.filter(({ topic }) => missing.has(topic)),
      timeoutMs,
    );
    await retryWhile(
      (error) =>
        error instanceof ProtocolFailure &&
        (error.retriable || isError(error.errorCode, 'UNKNOWN_TOPIC_OR_PARTITION')),
      { timeoutMs, maxDelayMs: 200 },
      () => requireLeaders(connection, specs),
    );
    return created;
  });
}

async function createTopics(
  connection: KafkaConnection,
  specs: readonly TopicSpec[],
  timeoutMs: number,
): Promise<string[]> {
  if (specs.length === 0) return [];
  const topics = specs.map((spec) => ({ config: {}, ...spec }));
  const controller = await connection.controller();
  const answers = await connection.call(
    controller,
    CREATE_TOPICS,
    { topics, timeoutMs, validateOnly: false },
    'Creating topics',
  );
  for (const { topic, errorCode, message } of answers) {
    if (!isError(errorCode, 'TOPIC_ALREADY_EXISTS')) failOn(errorCode, `Creating topic "${topic}"`, message);
  }
  return answers.filter(({ errorCode }) => errorCode === 0).map(({ topic }) => topic);
}

async function requireLeaders(connection: KafkaConnection, specs: readonly TopicSpec[]): Promise<void> {
  for (const { topic, errorCode, partitions } of await connection.metadata(specs.map((spec) => spec.topic))) {
    const doing = `Waiting for the leaders of topic "${topic}"`;
    failOn(errorCode, doing);
    const isComplete = partitions.length > 0 && partitions.every(({ leader }) => leader !== NO_LEADER);
    if (!isComplete) throw protocolError(PROTOCOL_ERRORS.LEADER_NOT_AVAILABLE.id, doing);
    // A leader is named before it has taken its partition up, and would refuse a record until then.
    await offsetsAt(
      connection,
      partitions.map(({ partition }) => ({ topic, partition })),
      'end',
    );
  }
}

/** Describes those of the topics that exist. Throws KAFKA_DENIED or KAFKA_UNAVAILABLE. */
export function describeTopics(
  client: KafkaClient,
  topics: readonly string[],
): Promise<ReadonlyMap<string, TopicDescription>> {
  return client.withConnection(async (connection) => {
    const descriptions = new Map<string, TopicDescription>();
    const found = (await connection.metadata(topics)).filter(({ topic, errorCode }) => {
      if (isError(errorCode, 'UNKNOWN_TOPIC_OR_PARTITION')) return false;
      if (!isError(errorCode, 'LEADER_NOT_AVAILABLE')) failOn(errorCode, `Looking up topic "${topic}"`);
      return true;
    });
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

/**
 * Throws TOPIC_INVALID unless the topic exists and is compacted: see `checkCompacted`.
 *
 * @param key the configuration key that names the topic, such as `offset.storage.topic`
 */
export async function requireCompacted(
  client: KafkaClient,
  topic: string,
  key: string,
): Promise<TopicDescription> {
  const description = (await describeTopics(client, [topic])).get(topic);
  if (description === undefined) {
    throw new HeadraceError(
      'TOPIC_INVALID',
      `The topic "${topic}" of ${key} does not exist. Create it with cleanup.policy=compact.`,
    );
  }
  checkCompacted(description, key);
  return description;
}

/**
 * Throws TOPIC_INVALID unless the topic's cleanup.policy is exactly `compact`: with `delete` beside or instead, Kafka
 * forgets offsets or configurations by age (Connect's rule for its internal topics,
 * `TopicAdmin.verifyTopicCleanupPolicyOnlyCompact`). A policy that this principal may not read is passed, as there.
 *
 * @param key the configuration key that names the topic, such as `offset.storage.topic`
 */
export function checkCompacted({ topic, cleanupPolicy }: TopicDescription, key: string): void {
  if (cleanupPolicy === null || cleanupPolicy === 'compact') return;
  throw new HeadraceError(
    'TOPIC_INVALID',
    `The topic "${topic}" of ${key} has cleanup.policy=${cleanupPolicy}, and must have cleanup.policy=compact: anything else would in time lose what Headrace keeps there. Change it with kafka-configs --alter --topic ${topic} --add-config cleanup.policy=compact, or set ${key} to another topic.`,
  );
}
