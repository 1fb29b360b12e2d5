import { setTimeout as sleep } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
// Repairs a timer of kafkajs that prints warnings.
import '../../src/kafka/connection/kafkajs-internals.ts';
import { StackError } from './stack-error.ts';

const START_TIMEOUT_MS = 90_000;
const POLL_MS = 150;

/** What to wait for. */
export interface ReadyOptions {
  /** The broker to ask. */
  readonly address: string;
  /** The id of the cluster: another server may have taken the port in between. */
  readonly clusterId: string;
  /** The brokers it must know of. */
  readonly ids: readonly number[];
  /** Called when the time is over, for what else can be said. */
  readonly explain: () => string;
  /** Whether a broker has ended: then waiting is in vain. */
  readonly hasEnded: () => boolean;
}

/** Waits until a broker serves metadata that lists the brokers wanted. Throws a StackError that says why it does not. */
export async function kafkaReady(options: ReadyOptions): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (!(await isReady(options))) {
    if (options.hasEnded()) throw new StackError(`Kafka ended before it was ready.\n${options.explain()}`);
    if (Date.now() > deadline) {
      const waited = `${START_TIMEOUT_MS / 1000} s`;
      throw new StackError(
        `Kafka was not ready at ${options.address} after ${waited}.\n${options.explain()}`,
      );
    }
    await sleep(POLL_MS);
  }
}

/**
 * Has the broker create the log of transactions, which it does on the first wish for a transactional id and
 * which would make the first producer wait. Best effort: properties of the test's own may forbid it.
 */
export async function warmTransactions(bootstrapServers: string): Promise<void> {
  const producer = quietKafka(bootstrapServers, 20).producer({
    transactionalId: 'headrace-stack-warm-up',
    idempotent: true,
    maxInFlightRequests: 1,
  });
  await producer.connect().catch(() => {});
  await producer.disconnect().catch(() => {});
}

async function isReady({ address, clusterId, ids }: ReadyOptions): Promise<boolean> {
  const admin = quietKafka(address, 0).admin();
  try {
    await admin.connect();
    const cluster = await admin.describeCluster();
    return (
      cluster.clusterId === clusterId &&
      ids.every((id) => cluster.brokers.some(({ nodeId }) => nodeId === id))
    );
  } catch {
    return false;
  } finally {
    await admin.disconnect().catch(() => {});
  }
}

function quietKafka(bootstrapServers: string, retries: number): Kafka {
  return new Kafka({
    brokers: bootstrapServers.split(','),
    clientId: 'headrace-stack',
    logLevel: logLevel.NOTHING,
    connectionTimeout: 1_000,
    requestTimeout: 5_000,
    retry: { retries, initialRetryTime: 100, maxRetryTime: 500 },
  });
}
