import type { Problem } from '../read/problem.ts';

const PREFIX = 'producer.override.';
const BATCHES =
  'batches are as large as the topic takes; transaction.boundary.interval.ms says how long rows are gathered';
const ALL = 'every row is acknowledged by all replicas in sync, so that none is lost or doubled';
const RETRIES = "a request is repeated by Kafka's rules, and a task without end: errors.retry.delay.ms";
const TIMES =
  "request.timeout.ms of the worker is each request's; a task that fails is tried again without end";
const NAMES =
  'transactional ids are made of group.id, connector and task, by which a worker shuts out the one before it';
const LOGIN = 'feeds use the connection of their worker; set it there, without the prefix';

/** Settings of Kafka's producer that do not exist here, with why, and what to set instead. */
export const PRODUCER_KEYS: ReadonlyMap<string, string> = new Map([
  ['acks', ALL],
  ['batch.size', BATCHES],
  ['linger.ms', BATCHES],
  ['max.request.size', 'max.message.bytes of the topic says how large a record may be'],
  ['buffer.memory', 'at most some 8 MB of a task wait for their acknowledgement; then reading waits'],
  ['max.block.ms', 'a full buffer holds up reading, for as long as it takes'],
  ['enable.idempotence', ALL],
  ['max.in.flight.requests.per.connection', 'as many as keep the order of rows'],
  ['retries', RETRIES],
  ['retry.backoff.ms', RETRIES],
  ['retry.backoff.max.ms', RETRIES],
  ['delivery.timeout.ms', TIMES],
  ['request.timeout.ms', TIMES],
  ['transaction.timeout.ms', 'transactions end by transaction.boundary, long before their timeout'],
  ['transactional.id', NAMES],
  ['client.id', LOGIN],
  ['bootstrap.servers', LOGIN],
  ['security.protocol', LOGIN],
  ['sasl.mechanism', LOGIN],
  ['sasl.jaas.config', LOGIN],
  [
    'partitioner.class',
    'the key decides as in the Java producer; transforms.<label>.partition of a route names another',
  ],
  ['key.serializer', 'key.converter says how keys are written'],
  ['value.serializer', 'value.converter says how values are written'],
]);

/** Says of keys that are unknown why there is no such setting of the producer. */
export function withProducerKeys(problems: readonly Problem[]): Problem[] {
  return problems.map((problem) => {
    const why = problem.key?.startsWith(PREFIX)
      ? PRODUCER_KEYS.get(problem.key.slice(PREFIX.length))
      : undefined;
    return why === undefined ? problem : { ...problem, message: `is no setting here: ${why}; leave it out` };
  });
}
