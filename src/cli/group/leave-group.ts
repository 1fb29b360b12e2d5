import type { WorkerConfig } from '../../config/worker-config.ts';
import { HeadraceError } from '../../errors.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { describeGroup, nameOf, removeMember } from '../../kafka/group/describe-group.ts';
import { didYouMean } from '../../values/closest-name.ts';
import { quietClient } from '../worker-option.ts';

/**
 * Puts a worker out of its group: its tasks go on in the others. One that lives joins again.
 *
 * @throws HeadraceError CONFIG_INVALID when there is no such worker, and those of Kafka
 */
export async function leaveGroup(worker: WorkerConfig, name: string): Promise<void> {
  const client = quietClient(worker);
  const { groupId } = worker;
  const isOut =
    (await removeMember(client, groupId, { instanceId: name })) ||
    (await removeMember(client, groupId, { memberId: name }));
  if (!isOut) throw await nobodyOf(client, groupId, name);
  console.error(`${name} has left group ${groupId}: its tasks go on in the others`);
}

async function nobodyOf(client: KafkaClient, groupId: string, name: string): Promise<HeadraceError> {
  const known = ((await describeGroup(client, groupId))?.members ?? []).map(nameOf).sort();
  const list = known.length === 0 ? '; it has no workers' : `; it has ${known.join(', ')}`;
  return new HeadraceError(
    'CONFIG_INVALID',
    `group ${groupId} has no worker ${JSON.stringify(name)}${didYouMean(name, known) || list}`,
  );
}
