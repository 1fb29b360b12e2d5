import type { ErrorCode } from '../../errors.ts';

/** What an error code of Kafka's protocol means to Headrace. */
export interface ProtocolError {
  /** Kafka's number of it. */
  readonly id: number;
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
const JOINED_AGAIN = 'The worker joins its group again by itself.';
const TOPIC_CREATION = 'Change the topic.creation.* settings, or create the topic by hand.';

const unavailable = (id: number, mend = AGAIN): ProtocolError => ({ id, code: 'KAFKA_UNAVAILABLE', mend });
const denied = (id: number, mend: string): ProtocolError => ({ id, code: 'KAFKA_DENIED', mend });
const topicInvalid = (id: number, mend: string): ProtocolError => ({ id, code: 'TOPIC_INVALID', mend });
const fenced = (id: number): ProtocolError => ({ id, code: 'KAFKA_FENCED', mend: FENCED });

/** The errors that Headrace's calls can meet, by Kafka's names (https://kafka.apache.org/protocol#protocol_error_codes). */
export const PROTOCOL_ERRORS = {
  UNKNOWN_SERVER_ERROR: unavailable(-1, "The broker's log says more."),
  OFFSET_OUT_OF_RANGE: unavailable(1),
  CORRUPT_MESSAGE: unavailable(
    2,
    'The bytes were damaged on their way; look at the network if it comes again.',
  ),
  UNKNOWN_TOPIC_OR_PARTITION: topicInvalid(3, TOPIC_MISSING),
  LEADER_NOT_AVAILABLE: unavailable(5),
  NOT_LEADER_OR_FOLLOWER: unavailable(6),
  REQUEST_TIMED_OUT: unavailable(7),
  BROKER_NOT_AVAILABLE: unavailable(8),
  REPLICA_NOT_AVAILABLE: unavailable(9),
  MESSAGE_TOO_LARGE: denied(10, TOO_LARGE),
  NETWORK_EXCEPTION: unavailable(13),
  COORDINATOR_LOAD_IN_PROGRESS: unavailable(14),
  COORDINATOR_NOT_AVAILABLE: unavailable(15),
  NOT_COORDINATOR: unavailable(16),
  INVALID_TOPIC_EXCEPTION: topicInvalid(
    17,
    "A topic's name has 1 to 249 of the characters a-z A-Z 0-9 . _ -",
  ),
  RECORD_LIST_TOO_LARGE: denied(18, TOO_LARGE),
  NOT_ENOUGH_REPLICAS: unavailable(
    19,
    'See that min.insync.replicas of the topic can be met by the brokers that are up.',
  ),
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: unavailable(20),
  ILLEGAL_GENERATION: unavailable(22, JOINED_AGAIN),
  INCONSISTENT_GROUP_PROTOCOL: denied(
    23,
    "The group is of others: of Kafka Connect's workers or of consumers. Give group.id a name that no other group has.",
  ),
  INVALID_GROUP_ID: denied(24, 'Give group.id a name of at least one character.'),
  UNKNOWN_MEMBER_ID: unavailable(25, JOINED_AGAIN),
  INVALID_SESSION_TIMEOUT: denied(
    26,
    'Set session.timeout.ms to what the brokers allow: from group.min.session.timeout.ms (6000 by default) to group.max.session.timeout.ms.',
  ),
  REBALANCE_IN_PROGRESS: unavailable(27, JOINED_AGAIN),
  TOPIC_AUTHORIZATION_FAILED: denied(29, GRANT_TOPIC),
  GROUP_AUTHORIZATION_FAILED: denied(30, 'Grant the principal READ on the group.'),
  CLUSTER_AUTHORIZATION_FAILED: denied(
    31,
    'Grant the principal IDEMPOTENT_WRITE (to create topics, CREATE) on the cluster.',
  ),
  INVALID_TIMESTAMP: unavailable(
    32,
    "The record's time is outside message.timestamp.before.max.ms or after.max.ms of the topic. Records without a time of their own have that of this machine: see that its clock and the brokers' agree.",
  ),
  UNSUPPORTED_SASL_MECHANISM: denied(33, 'Set sasl.mechanism to one that the listener of the broker offers.'),
  ILLEGAL_SASL_STATE: denied(34, 'See that security.protocol fits the listener of the broker.'),
  UNSUPPORTED_VERSION: denied(35, OLD_BROKER),
  TOPIC_ALREADY_EXISTS: topicInvalid(36, 'Nothing is to be done: the topic is there.'),
  INVALID_PARTITIONS: topicInvalid(37, TOPIC_CREATION),
  INVALID_REPLICATION_FACTOR: topicInvalid(
    38,
    `There are fewer brokers than replicas asked for. ${TOPIC_CREATION}`,
  ),
  INVALID_REPLICA_ASSIGNMENT: topicInvalid(39, TOPIC_CREATION),
  INVALID_CONFIG: topicInvalid(40, TOPIC_CREATION),
  NOT_CONTROLLER: unavailable(41),
  INVALID_REQUEST: denied(42, OLD_BROKER),
  UNSUPPORTED_FOR_MESSAGE_FORMAT: denied(43, "Set the topic's message.format.version to 0.11 or later."),
  POLICY_VIOLATION: denied(44, "The cluster's create.topic.policy forbids it. Create the topic by hand."),
  OUT_OF_ORDER_SEQUENCE_NUMBER: unavailable(45, NEW_PRODUCER),
  DUPLICATE_SEQUENCE_NUMBER: unavailable(46, NEW_PRODUCER),
  INVALID_PRODUCER_EPOCH: fenced(47),
  INVALID_TXN_STATE: unavailable(48, NEW_PRODUCER),
  INVALID_PRODUCER_ID_MAPPING: unavailable(49, NEW_PRODUCER),
  INVALID_TRANSACTION_TIMEOUT: denied(50, "Raise the broker's transaction.max.timeout.ms."),
  CONCURRENT_TRANSACTIONS: unavailable(51),
  TRANSACTION_COORDINATOR_FENCED: unavailable(52, NEW_PRODUCER),
  TRANSACTIONAL_ID_AUTHORIZATION_FAILED: denied(
    53,
    'Grant the principal DESCRIBE and WRITE on this transactional id.',
  ),
  SECURITY_DISABLED: denied(54, 'The broker has no authorizer.'),
  OPERATION_NOT_ATTEMPTED: unavailable(55),
  KAFKA_STORAGE_ERROR: unavailable(56, "The broker's disk failed or is full; its log says more."),
  SASL_AUTHENTICATION_FAILED: denied(58, 'See that sasl.jaas.config has the right user name and password.'),
  UNKNOWN_PRODUCER_ID: unavailable(59, NEW_PRODUCER),
  FENCED_LEADER_EPOCH: unavailable(74),
  UNKNOWN_LEADER_EPOCH: unavailable(75),
  UNSUPPORTED_COMPRESSION_TYPE: topicInvalid(
    76,
    'These brokers do not know the codec; set producer.override.compression.type to another one.',
  ),
  OFFSET_NOT_AVAILABLE: unavailable(78),
  MEMBER_ID_REQUIRED: unavailable(79, JOINED_AGAIN),
  GROUP_MAX_SIZE_REACHED: denied(
    81,
    'Raise group.max.size of the brokers, or let fewer workers share the group.',
  ),
  FENCED_INSTANCE_ID: {
    id: 82,
    code: 'KAFKA_FENCED',
    mend: 'Another worker has come under the same group.instance.id. Give each worker one of its own.',
  },
  INVALID_RECORD: denied(87, 'The topic refuses such a record: a compacted topic, for one, wants a key.'),
  THROTTLING_QUOTA_EXCEEDED: unavailable(89),
  PRODUCER_FENCED: fenced(90),
  TRANSACTION_ABORTABLE: unavailable(120, NEW_PRODUCER),
} satisfies Readonly<Record<string, ProtocolError>>;

const BY_ID = new Map(Object.entries(PROTOCOL_ERRORS).map(([name, error]) => [error.id, { name, ...error }]));

/** Whether the number that an answer has is that of one of these errors. */
export function isError(id: number, ...names: readonly (keyof typeof PROTOCOL_ERRORS)[]): boolean {
  return names.some((name) => PROTOCOL_ERRORS[name].id === id);
}

/** What any number means, those unknown included. */
export function describeProtocolError(id: number): ProtocolError & { readonly name: string } {
  return BY_ID.get(id) ?? { name: `error code ${id}`, ...unavailable(id, "The broker's log says more.") };
}
