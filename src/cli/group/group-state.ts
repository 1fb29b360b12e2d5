import type { WorkerConfig } from '../../config/worker-config.ts';
import type { KafkaClient } from '../../kafka/connection/client.ts';
import { describeGroup, type GroupDescription, tasksOf } from '../../kafka/group/describe-group.ts';
import { readCommitted } from '../../kafka/reader/topic-reader.ts';
import { StoredConnectors } from '../../offsets/stored-connectors.ts';
import { type ToldState, ToldStates, taskKey } from '../../offsets/told-states.ts';

/** A task that no worker of a group has. */
export interface NobodysTask {
  readonly connector: string;
  readonly task: number;
  /** As the leader has told it; null while nobody has. */
  readonly reason: string | null;
}

export interface GroupState {
  /** Null where there is no such group. */
  readonly group: GroupDescription | null;
  readonly nobodys: readonly NobodysTask[];
}

/** Who is in a worker's group, by the coordinator, and what of its connectors nobody has. @throws HeadraceError those of Kafka */
export async function groupState(client: KafkaClient, worker: WorkerConfig): Promise<GroupState> {
  const stored = new StoredConnectors(worker.groupId);
  const told = new ToldStates();
  const [group] = await Promise.all([
    describeGroup(client, worker.groupId),
    readCommitted(client, worker.configStorageTopic, (record) => stored.apply(record)),
    readCommitted(client, worker.statusStorageTopic, ({ key, value }) => {
      if (key !== null) told.apply(String(key), value === null ? null : String(value));
    }),
  ]);
  const taken = new Set(group?.members.flatMap(tasksOf));
  const nobodys = tasksIn(stored).filter(({ connector, task }) => !taken.has(`${connector}-${task}`));
  return {
    group,
    nobodys: nobodys.map((one) => ({ ...one, reason: reasonIn(told.of(taskKey(one.connector, one.task))) })),
  };
}

/** Tasks that are to be with somebody; of a connector that is STOPPED there are none. */
function tasksIn({ configs, targets, runs }: StoredConnectors): { connector: string; task: number }[] {
  return [...configs.keys()].sort().flatMap((connector) => {
    const count = targets.get(connector) === 'STOPPED' ? 0 : (runs.get(connector)?.tasks ?? 0);
    return Array.from({ length: count }, (_, task) => ({ connector, task }));
  });
}

/** What a worker that had it told before is no reason. */
function reasonIn(told: ToldState | null): string | null {
  return told?.state === 'UNASSIGNED' ? told.trace : null;
}
