import type { WorkerConfig } from '../../config/worker-config.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { readClaims } from '../../offsets/connector-claims.ts';
import type { Herder } from './herder.ts';

/**
 * Those of the connectors that no other worker has taken over: one that has hung, and wakes up, has nothing to say of them.
 *
 * @throws HeadraceError those of Kafka
 */
export async function heldConnectors(
  client: KafkaClient,
  worker: WorkerConfig,
  herder: Pick<Herder, 'connectors'>,
  connectors: ReadonlySet<string>,
): Promise<ReadonlySet<string>> {
  const claimed = new Map<string, string>();
  for (const name of connectors) {
    const claim = herder.connectors.get(name)?.claim ?? null;
    if (claim !== null) claimed.set(name, claim);
  }
  if (claimed.size === 0) return connectors;
  const claims = await readClaims(client, worker.configStorageTopic);
  const isOurs = (name: string) =>
    !claimed.has(name) || claims.of(worker.groupId, name)?.claim === claimed.get(name);
  return new Set([...connectors].filter(isOurs));
}
