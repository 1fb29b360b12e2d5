import type { KafkaClient } from '../connection/client.ts';
import type { KafkaConnection } from '../connection/connection.ts';
import { failOn, ProtocolFailure, protocolError } from '../connection/errors.ts';
import { retryWhile } from '../connection/retry.ts';
import { CREATE_TOPICS } from '../protocol/create-topics.ts';
import { isError, PROTOCOL_ERRORS } from '../protocol/error-codes.ts';
import { NO_BROKER } from '../protocol/metadata.ts';
import { offsetsAt } from '../reader/spans.ts';
import { existingTopics } from './topics.ts';

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

/**
 * Creates the topics that are missing and waits until every partition of all of them has a leader that serves it. Topics
 * that are there stay as they are. Throws TOPIC_INVALID, KAFKA_DENIED or KAFKA_UNAVAILABLE.
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
    const found = await existingTopics(
      connection,
      specs.map(({ topic }) => topic),
    );
    const existing = new Set(found.map(({ topic }) => topic));
    const absent = specs.filter(({ topic }) => !existing.has(topic));
    const created = await createTopics(connection, absent, { timeoutMs, validateOnly: false });
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
  options: { readonly timeoutMs: number; readonly validateOnly: boolean },
): Promise<string[]> {
  if (specs.length === 0) return [];
  const request = { topics: specs.map((spec) => ({ config: {}, ...spec })), ...options };
  const controller = await connection.controller();
  const answers = await connection.call(controller, CREATE_TOPICS, request, 'Creating topics');
  for (const { topic, errorCode, message } of answers) {
    if (!isError(errorCode, 'TOPIC_ALREADY_EXISTS')) failOn(errorCode, `Creating topic "${topic}"`, message);
  }
  return answers.filter(({ errorCode }) => errorCode === 0).map(({ topic }) => topic);
}

async function requireLeaders(connection: KafkaConnection, specs: readonly TopicSpec[]): Promise<void> {
  for (const { topic, errorCode, partitions } of await connection.metadata(specs.map((spec) => spec.topic))) {
    const doing = `Waiting for the leaders of topic "${topic}"`;
    failOn(errorCode, doing);
    const isComplete = partitions.length > 0 && partitions.every(({ leader }) => leader !== NO_BROKER);
    if (!isComplete) throw protocolError(PROTOCOL_ERRORS.LEADER_NOT_AVAILABLE.id, doing);
    // A leader is named before it has taken its partition up, and would refuse a record until then.
    await offsetsAt(
      connection,
      partitions.map(({ partition }) => ({ topic, partition })),
      'end',
    );
  }
}

/** Throws what creating the topic would throw: TOPIC_INVALID, KAFKA_DENIED or KAFKA_UNAVAILABLE. Creates nothing. */
export async function tryCreation(client: KafkaClient, spec: TopicSpec): Promise<void> {
  await client.withConnection((connection) =>
    createTopics(connection, [spec], { timeoutMs: connection.requestTimeoutMs, validateOnly: true }),
  );
}
