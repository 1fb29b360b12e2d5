import type { ErrorCode } from '../../errors.ts';

/** What an error code of Kafka's protocol means to Headrace. */
export interface ProtocolError {
  /** Kafka's name of it (https://kafka.apache.org/protocol#protocol_error_codes). */
  readonly name: string;
  readonly code: ErrorCode;
  /** What the person who reads it should do. */
  readonly mend: string;
}

const AGAIN = 'It passes by itself as a rule; the task starts again from the last committed offset.';
const NEW_PRODUCER = 'The task starts again with a new producer from the last committed offset.';
const FENCED =
  'Another producer has taken over the transactional id, or the transaction was open longer than its timeout. See that no other worker runs this connector under the same group.id.';
const GRANT_TOPIC = 'Grant the principal DESCRIBE and WRITE (to read offsets, READ) on this topic.';
const TOPIC_MISSING =
  'Create the topic, or let it be created with topic.creation.default.partitions and topic.creation.default.replication.factor.';
const OLD_BROKER = 'Headrace needs Apache Kafka 2.1 or later; see that every broker is.';
const TOO_LARGE = 'Raise max.message.bytes of the topic.';
const TOPIC_CREATION = 'Change the topic.creation.* settings, or create the topic by hand.';

const unavailable = (name: string, mend = AGAIN): ProtocolError => ({
  name,
  code: 'KAFKA_UNAVAILABLE',
  mend,
});
const denied = (name: string, mend: string): ProtocolError => ({ name, code: 'KAFKA_DENIED', mend });
const topicInvalid = (name: string, mend: string): ProtocolError => ({ name, code: 'TOPIC_INVALID', mend });
const fenced = (name: string): ProtocolError => ({ name, code: 'KAFKA_FENCED', mend: FENCED });

/** The errors that Headrace's calls can meet, by code. */
export const PROTOCOL_ERRORS: Readonly<Record<number, ProtocolError>> = {
  [-1]: unavailable('UNKNOWN_SERVER_ERROR', "The broker's log says more."),
  1: unavailable('OFFSET_OUT_OF_RANGE'),
  2: unavailable(
    'CORRUPT_MESSAGE',
    'The bytes were damaged on their way; look at the network if it comes again.',
  ),
  3: topicInvalid('UNKNOWN_TOPIC_OR_PARTITION', TOPIC_MISSING),
  5: unavailable('LEADER_NOT_AVAILABLE'),
  6: unavailable('NOT_LEADER_OR_FOLLOWER'),
  7: unavailable('REQUEST_TIMED_OUT'),
  8: unavailable('BROKER_NOT_AVAILABLE'),
  9: unavailable('REPLICA_NOT_AVAILABLE'),
  10: denied('MESSAGE_TOO_LARGE', TOO_LARGE),
  13: unavailable('NETWORK_EXCEPTION'),
  14: unavailable('COORDINATOR_LOAD_IN_PROGRESS'),
  15: unavailable('COORDINATOR_NOT_AVAILABLE'),
  16: unavailable('NOT_COORDINATOR'),
  17: topicInvalid(
    'INVALID_TOPIC_EXCEPTION',
    "A topic's name has 1 to 249 of the characters a-z A-Z 0-9 . _ -",
  ),
  18: denied('RECORD_LIST_TOO_LARGE', TOO_LARGE),
  19: unavailable(
    'NOT_ENOUGH_REPLICAS',
    'See that min.insync.replicas of the topic can be met by the brokers that are up.',
  ),
  20: unavailable('NOT_ENOUGH_REPLICAS_AFTER_APPEND'),
  29: denied('TOPIC_AUTHORIZATION_FAILED', GRANT_TOPIC),
  30: denied('GROUP_AUTHORIZATION_FAILED', 'Grant the principal READ on the group.'),
  31: denied(
    'CLUSTER_AUTHORIZATION_FAILED',
    'Grant the principal IDEMPOTENT_WRITE (to create topics, CREATE) on the cluster.',
  ),
  32: unavailable(
    'INVALID_TIMESTAMP',
    "The record's time is outside message.timestamp.before.max.ms or after.max.ms of the topic. Records without a time of their own have that of this machine: see that its clock and the brokers' agree.",
  ),
  33: denied(
    'UNSUPPORTED_SASL_MECHANISM',
    'Set sasl.mechanism to one that the listener of the broker offers.',
  ),
  34: denied('ILLEGAL_SASL_STATE', 'See that security.protocol fits the listener of the broker.'),
  35: denied('UNSUPPORTED_VERSION', OLD_BROKER),
  36: topicInvalid('TOPIC_ALREADY_EXISTS', 'Nothing is to be done: the topic is there.'),
  37: topicInvalid('INVALID_PARTITIONS', TOPIC_CREATION),
  38: topicInvalid(
    'INVALID_REPLICATION_FACTOR',
    `There are fewer brokers than replicas asked for. ${TOPIC_CREATION}`,
  ),
  39: topicInvalid('INVALID_REPLICA_ASSIGNMENT', TOPIC_CREATION),
  40: topicInvalid('INVALID_CONFIG', TOPIC_CREATION),
  41: unavailable('NOT_CONTROLLER'),
  42: denied('INVALID_REQUEST', OLD_BROKER),
  43: denied('UNSUPPORTED_FOR_MESSAGE_FORMAT', "Set the topic's message.format.version to 0.11 or later."),
  44: denied('POLICY_VIOLATION', "The cluster's create.topic.policy forbids it. Create the topic by hand."),
  45: unavailable('OUT_OF_ORDER_SEQUENCE_NUMBER', NEW_PRODUCER),
  46: unavailable('DUPLICATE_SEQUENCE_NUMBER', NEW_PRODUCER),
  47: fenced('INVALID_PRODUCER_EPOCH'),
  48: unavailable('INVALID_TXN_STATE', NEW_PRODUCER),
  49: unavailable('INVALID_PRODUCER_ID_MAPPING', NEW_PRODUCER),
  50: denied('INVALID_TRANSACTION_TIMEOUT', "Raise the broker's transaction.max.timeout.ms."),
  51: unavailable('CONCURRENT_TRANSACTIONS'),
  52: unavailable('TRANSACTION_COORDINATOR_FENCED', NEW_PRODUCER),
  53: denied(
    'TRANSACTIONAL_ID_AUTHORIZATION_FAILED',
    'Grant the principal DESCRIBE and WRITE on this transactional id.',
  ),
  54: denied('SECURITY_DISABLED', 'The broker has no authorizer.'),
  55: unavailable('OPERATION_NOT_ATTEMPTED'),
  56: unavailable('KAFKA_STORAGE_ERROR', "The broker's disk failed or is full; its log says more."),
  58: denied('SASL_AUTHENTICATION_FAILED', 'See that sasl.jaas.config has the right user name and password.'),
  59: unavailable('UNKNOWN_PRODUCER_ID', NEW_PRODUCER),
  74: unavailable('FENCED_LEADER_EPOCH'),
  75: unavailable('UNKNOWN_LEADER_EPOCH'),
  76: topicInvalid(
    'UNSUPPORTED_COMPRESSION_TYPE',
    'These brokers do not know the codec; set producer.override.compression.type to another one.',
  ),
  78: unavailable('OFFSET_NOT_AVAILABLE'),
  87: denied('INVALID_RECORD', 'The topic refuses such a record: a compacted topic, for one, wants a key.'),
  89: unavailable('THROTTLING_QUOTA_EXCEEDED'),
  90: fenced('PRODUCER_FENCED'),
  120: unavailable('TRANSACTION_ABORTABLE', NEW_PRODUCER),
};

/** The entry of any code, those unknown included. */
export function describeProtocolError(code: number): ProtocolError {
  return PROTOCOL_ERRORS[code] ?? unavailable(`error code ${code}`, "The broker's log says more.");
}
