import { hostname } from 'node:os';
import { expect, test } from 'vitest';
import { loadWorkerConfig } from '../../../src/config/worker-file.ts';
import { writeRecord } from '../../../src/kafka/producer/write-record.ts';
import { type ConnectorClaim, readClaims } from '../../../src/offsets/connector-claims.ts';
import { offsetsTopic } from '../../../src/runtime/worker/internal-topics.ts';
import {
  claimAndFence,
  requireClaim,
  takeOver,
  taskId,
  taskNumbers,
} from '../../../src/runtime/worker/take-over.ts';
import {
  batchOf,
  bootstrapServers,
  newTopic,
  startProducer,
  testClient,
  uniqueName,
} from '../../kafka/support.ts';

const CONFIGS = uniqueName('configs');

function workerOf(groupId = uniqueName('group')) {
  return loadWorkerConfig(null, {
    HEADRACE_BOOTSTRAP_SERVERS: bootstrapServers,
    HEADRACE_GROUP_ID: groupId,
    HEADRACE_CONFIG_STORAGE_TOPIC: CONFIGS,
    HEADRACE_OFFSET_STORAGE_TOPIC: `${groupId}.offsets`,
    HEADRACE_OFFSET_STORAGE_PARTITIONS: '1',
  });
}

type Worker = Awaited<ReturnType<typeof workerOf>>;

async function take(worker: Worker, connector: string, tasks: number | null) {
  const offsets = await offsetsTopic(testClient(), worker);
  return takeOver(testClient(), { worker, connector, tasks, offsets });
}

/** A producer of a task that is in a transaction. */
async function taskAtWork(worker: Worker, connector: string, task: number) {
  const topic = await newTopic();
  const producer = await startProducer({ transactionalId: taskId(worker, connector, task) });
  producer.begin();
  await producer.send([{ topic, partition: 0, batch: batchOf('a') }]);
  return producer;
}

const FENCED = { code: 'KAFKA_FENCED' };

test.for([
  ['fewer', 4, 2],
  ['more', 2, 4],
  ['as many', 3, 3],
] as const)('a worker of %s tasks shuts out every task of before', async ([, before, after]) => {
  const worker = await workerOf();
  await take(worker, 'a', before);
  const old = await Promise.all(Array.from({ length: before }, (_, task) => taskAtWork(worker, 'a', task)));
  await take(worker, 'a', after);
  for (const task of old) await expect(task.commit()).rejects.toMatchObject(FENCED);
});

test('the number of tasks survives a worker that dies between its claim and its tasks', async () => {
  const worker = await workerOf();
  await take(worker, 'a', 4);
  const old = await taskAtWork(worker, 'a', 3);
  const claims = await readClaims(testClient(), CONFIGS);
  const former = claims.of(worker.groupId, 'a') as ConnectorClaim;
  const dying = await startProducer({ transactionalId: `${worker.groupId}-a-claim` });
  for (const record of claims.records('a', { ...former, claim: 'dead' }))
    await writeRecord(dying, { name: CONFIGS, partitions: 1 }, record);
  await take(worker, 'a', 2);
  await expect(old.commit()).rejects.toMatchObject(FENCED);
});

test('no worker of a group finds a claim for its run before the tasks of the run before are shut out', async () => {
  const worker = await workerOf();
  const offsets = await offsetsTopic(testClient(), worker);
  await take(worker, 'a', 2);
  const old = await taskAtWork(worker, 'a', 1);
  const claims = await readClaims(testClient(), CONFIGS);
  const leader = await startProducer({ transactionalId: `${worker.groupId}-a-claim` });
  const found: (number | null)[] = [];
  const isOldShutOut: boolean[] = [];
  await claimAndFence(
    testClient(),
    { worker, connector: 'a', tasks: 1, run: 7, offsets },
    { claim: 'new', claims },
    async (records) => {
      leader.begin();
      for (const record of records) await writeRecord(leader, { name: CONFIGS, partitions: 1 }, record);
      await leader.commit();
      for (const record of records) claims.apply(record);
      found.push(claims.of(worker.groupId, 'a')?.run ?? null);
      if (found.length === 2)
        isOldShutOut.push(
          await old.commit().then(
            () => false,
            () => true,
          ),
        );
    },
  );
  expect(found).toEqual([null, 7]);
  expect(isOldShutOut).toEqual([true]);
});

test('tasks of a version without claims are found by their transactional ids', async () => {
  const worker = await workerOf();
  const old = await taskAtWork(worker, 'a', 5);
  await take(worker, 'a', 2);
  await expect(old.commit()).rejects.toMatchObject(FENCED);
});

test('a connector whose name begins in the same way is left alone', async () => {
  const worker = await workerOf();
  const others = await Promise.all(['a-1', 'a-1-claim', 'a-'].map((name) => taskAtWork(worker, name, 0)));
  await take(worker, 'a', 3);
  await take(worker, 'a', 1);
  for (const task of others) await task.commit();
  const ids = ['a-0', 'a-1', 'a-1-0', 'a-01', 'a-claim', 'ab-3'].map((id) => ({
    id: `${worker.groupId}-${id}`,
  }));
  expect(taskNumbers(ids, worker, 'a')).toEqual([0, 1]);
});

test('who was taken over is told by whom, and who holds the connector is not stopped', async () => {
  const worker = await workerOf();
  const first = await take(worker, 'a', 2);
  await requireClaim(testClient(), worker, 'a', first.claim);
  const second = await take(worker, 'a', 3);
  await requireClaim(testClient(), worker, 'a', second.claim);
  await expect(requireClaim(testClient(), worker, 'a', first.claim)).rejects.toMatchObject({
    ...FENCED,
    retriable: false,
    message: expect.stringContaining(
      `process ${process.pid} on ${hostname()}, at ${second.at}, with 3 tasks`,
    ),
  });
});

test('of many that take a connector over at the same time one holds it, and the others are told', async () => {
  const worker = await workerOf();
  const counts = [1, 4, 2, 6, 3];
  const outcomes = await Promise.allSettled(counts.map((tasks) => take(worker, 'a', tasks)));
  const held = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect(held.length).toBeGreaterThan(0);
  const holder = (await readClaims(testClient(), CONFIGS)).of(worker.groupId, 'a');
  expect(held).toContainEqual(holder);
  for (const outcome of outcomes)
    if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject(FENCED);
  for (const { claim } of held.filter((each) => each.claim !== holder?.claim))
    await expect(requireClaim(testClient(), worker, 'a', claim)).rejects.toMatchObject(FENCED);
});

test('workers of two groups share a config topic, and do not shut out each other', async () => {
  const [one, other] = [await workerOf(), await workerOf()];
  const claims = [await take(one, 'shared', 2), await take(other, 'shared', 3), await take(one, 'shared', 1)];
  await expect(requireClaim(testClient(), one, 'shared', claims[0]?.claim as string)).rejects.toMatchObject(
    FENCED,
  );
  await requireClaim(testClient(), other, 'shared', claims[1]?.claim as string);
  await requireClaim(testClient(), one, 'shared', claims[2]?.claim as string);
});

test('workers of two groups that claim a connector of one name at the same moment do not shut each other out', async () => {
  const [one, other] = [await workerOf(), await workerOf()];
  const name = uniqueName('connector');
  const claims = await Promise.all([take(one, name, 1), take(other, name, 1)]);
  for (const [index, worker] of [one, other].entries()) {
    const { claim } = claims[index] as ConnectorClaim;
    await expect(requireClaim(testClient(), worker, name, claim)).resolves.toBeUndefined();
  }
});
