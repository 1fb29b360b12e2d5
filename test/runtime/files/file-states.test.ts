import { expect, onTestFinished, test, vi } from 'vitest';
import { entriesOf } from '../../../src/config/read/config-entry.ts';
import { parseWorkerConfig, type WorkerConfig } from '../../../src/config/worker-config.ts';
import { transactionalIds } from '../../../src/kafka/cluster/transactional-ids.ts';
import type { ClusterView } from '../../../src/runtime/cluster/cluster-view.ts';
import { FileStates } from '../../../src/runtime/files/file-states.ts';
import { recallFiles } from '../../../src/runtime/files/recalled-files.ts';
import type { ManagedConnector } from '../../../src/runtime/worker/managed-connector.ts';
import { takeOver } from '../../../src/runtime/worker/take-over.ts';
import { clientOf } from '../../integration/support/read-topic.ts';
import { sharedKafka, uniqueName } from '../../support/stack.ts';

const { bootstrapServers } = await sharedKafka();
const client = clientOf(bootstrapServers);
const WAIT = { timeout: 20_000 };

function workerOf(name: string): WorkerConfig {
  const { config } = parseWorkerConfig(
    entriesOf(
      {
        ...{ 'bootstrap.servers': bootstrapServers, 'group.id': name },
        ...{ 'config.storage.topic': `${name}.configs`, 'offset.storage.topic': `${name}.offsets` },
        ...{ 'file.status.storage.topic': `${name}.files`, 'file.status.storage.partitions': '2' },
      },
      'worker.yaml',
    ),
    {},
  );
  return config as WorkerConfig;
}

/** The states of a worker that holds connectors by these claims. */
function statesOf(
  worker: WorkerConfig,
  claims: Readonly<Record<string, string | null>>,
  cluster: Pick<ClusterView, 'isSure'> | null = null,
): FileStates {
  const onFailure = vi.fn();
  const connectors = new Map(
    Object.entries(claims).map(([name, claim]) => [
      name,
      { claim, file: name === 'b' ? 'b.yaml' : null } as ManagedConnector,
    ]),
  );
  onTestFinished(() => expect(onFailure).not.toHaveBeenCalled());
  return new FileStates({
    worker,
    herder: { connectors, isReady: true, cluster: cluster as ClusterView | null },
    onFailure,
  });
}

const told = (connector: string, file: string) =>
  ({ type: 'file.state', connector, task: 0, file, state: 'COMPLETED', detail: {} }) as const;

async function keptIn(worker: WorkerConfig): Promise<string[]> {
  const table = await recallFiles(client, worker, { isWanted: () => true });
  const all = ['a', 'b'].flatMap((name) =>
    table.filesOf(name).map(({ file, state }) => `${name} ${file} ${state}`),
  );
  return all.sort();
}

test('the states of a connector that is deleted, and of files that are forgotten, go; others stay', async () => {
  const worker = workerOf(uniqueName('states'));
  const states = statesOf(worker, { a: null, b: null });
  for (const file of ['1.csv', '2.csv', '3.csv']) states.apply(told('a', file));
  states.apply(told('b', '1.csv'));
  await states.close();
  // A worker that ends does not wait for long.
  await expect
    .poll(() => keptIn(worker), WAIT)
    .toEqual(['a 1.csv COMPLETED', 'a 2.csv COMPLETED', 'a 3.csv COMPLETED', 'b 1.csv COMPLETED']);

  const again = statesOf(worker, { a: null, b: null });
  again.forget('a', '2.csv');
  again.apply({ type: 'connector.changed', connector: 'b', change: 'deleted' });
  // One of its name that is made at once has files of its own.
  again.apply(told('b', '4.csv'));
  await again.close();
  // A worker that ends does not wait for long.
  await expect
    .poll(() => keptIn(worker), WAIT)
    .toEqual(['a 1.csv COMPLETED', 'a 3.csv COMPLETED', 'b 4.csv COMPLETED']);
});

test('workers of one group write at the same time, each under an id of its own', async () => {
  const name = uniqueName('members');
  const members = [workerOf(name), { ...workerOf(name), groupInstanceId: 'pod-1' }].map((worker) =>
    statesOf(worker, { a: null, b: null }, { isSure: true }),
  );
  for (let file = 0; file < 3; file++)
    for (const [index, states] of members.entries())
      states.apply(told(index === 0 ? 'a' : 'b', `${file}.csv`));
  await Promise.all(members.map((states) => states.close()));
  await expect.poll(async () => (await keptIn(workerOf(name))).length, WAIT).toBe(6);
  const ids = (await transactionalIds(client))?.flatMap(({ id }) =>
    id.startsWith(`${name}-file-statuses`) ? [id] : [],
  );
  expect(ids).toHaveLength(2);
  expect(ids).toContain(`${name}-file-statuses-pod-1`);
});

test('a worker whose connector was taken over has nothing more to say of its files', async () => {
  const worker = workerOf(uniqueName('taken'));
  const take = () => takeOver(client, { worker, connector: 'a', tasks: 1, offsets: null });
  const [former, own] = [await take(), await take()];
  const zombie = statesOf(worker, { a: former.claim, b: null });
  zombie.apply(told('a', 'late.csv'));
  zombie.apply(told('b', 'other.csv'));
  await zombie.close();
  await expect.poll(() => keptIn(worker), WAIT).toEqual(['b other.csv COMPLETED']);
  const holder = statesOf(worker, { a: own.claim });
  holder.apply(told('a', '1.csv'));
  await holder.close();
  await expect.poll(() => keptIn(worker), WAIT).toEqual(['a 1.csv COMPLETED', 'b other.csv COMPLETED']);
});

test('a worker that was suspended until others had its tasks tells nothing of their files, and of feeds in files as ever', async () => {
  const worker = workerOf(uniqueName('suspended'));
  const cluster = { isSure: true };
  const states = statesOf(worker, { a: null, b: null }, cluster);
  states.apply(told('a', '1.csv'));
  cluster.isSure = false;
  states.apply({ ...told('a', '1.csv'), state: 'DISCOVERED' });
  states.apply(told('b', '1.csv'));
  cluster.isSure = true;
  states.apply(told('a', '2.csv'));
  await states.close();
  await expect
    .poll(() => keptIn(worker), WAIT)
    .toEqual(['a 1.csv COMPLETED', 'a 2.csv COMPLETED', 'b 1.csv COMPLETED']);
});
