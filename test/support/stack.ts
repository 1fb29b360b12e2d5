import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import type {} from './global-setup.ts';
import type { SharedName } from './shared-servers.ts';

export type { KafkaBroker, KafkaCluster, KafkaOptions } from '../../scripts/stack/cluster.ts';
export { startKafka } from '../../scripts/stack/kafka.ts';

/** A broker that all test files share. It is never stopped by a test; a test that must do so starts its own. */
export interface SharedKafka {
  readonly bootstrapServers: string;
}

/**
 * The address of the broker that all test files of this run share, started on the first call of all. It does not
 * create topics by itself, and other files use it at the same time: take names from `uniqueName`.
 * HEADRACE_TEST_BOOTSTRAP names one that runs already.
 */
export async function sharedKafka(): Promise<SharedKafka> {
  const running = process.env.HEADRACE_TEST_BOOTSTRAP;
  if (running !== undefined) return { bootstrapServers: running };
  return sharedServer('kafka');
}

/** The same of a cluster that speaks of transactions as before KIP-890. */
export function unraisedKafka(): Promise<SharedKafka> {
  return sharedServer('unraisedKafka');
}

/**
 * What there is to know of a server that all test files of this run share, started on the first call of all. Where it
 * must be fetched or built first that takes minutes: ask in `beforeAll`, which has the time.
 */
export async function sharedServer<T>(name: SharedName): Promise<T> {
  const response = await fetch(new URL(name, inject('sharedServersUrl')));
  // It is still being started.
  if (response.status === 202) return sharedServer(name);
  if (!response.ok) throw new Error(await response.text());
  return (await response.json()) as T;
}

/** A name for a topic, group, transactional id, bucket or folder that no other test uses. */
export function uniqueName(purpose: string): string {
  return `${purpose}-${randomUUID().slice(0, 8)}`;
}
