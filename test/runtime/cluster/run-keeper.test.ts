import { expect, onTestFinished, test } from 'vitest';
import type { WorkerConfig } from '../../../src/config/worker-config.ts';
import { LeaderRecords } from '../../../src/runtime/cluster/leader-records.ts';
import { RunKeeper } from '../../../src/runtime/cluster/run-keeper.ts';
import { ConfigTopic } from '../../../src/runtime/worker/config-topic.ts';
import { storedFeeds } from '../../../src/runtime/worker/stored-feeds.ts';
import { taskId } from '../../../src/runtime/worker/take-over.ts';
import { batchOf, newTopic, startProducer, testClient } from '../../kafka/support.ts';
import { feedOfTasks, groupWorker, startedFollower } from './group-support.ts';

const FENCED = { code: 'KAFKA_FENCED' };

/** A worker that leads, and does for its connectors what is to be done before tasks run. */
async function leaderOf(worker: WorkerConfig) {
  const client = testClient();
  const follower = await startedFollower(client, worker);
  const records = new LeaderRecords({ client, worker, follower, isSure: () => true, onFenced: () => {} });
  const configs = new ConfigTopic(records);
  const faults: unknown[] = [];
  const leading = new AbortController();
  const runs = new RunKeeper({
    ...{ client, worker, follower, records, configs },
    outline: async (name, raw) => {
      const [feed] = await storedFeeds(new Map([[name, raw]]), [], worker);
      return feed === undefined || 'shown' in feed ? null : feed;
    },
    onFault: (_, error) => faults.push(error),
    onSettled: () => {},
    onWaiting: () => {},
  });
  await records.lead();
  onTestFinished(async () => {
    leading.abort();
    await records.close();
    await follower.stop();
  });
  const settle = () => runs.settle('feed', leading.signal);
  const run = () => follower.stored.runs.get('feed');
  const claim = () => follower.claimFor('feed', run()?.version ?? -1);
  return { configs, records, faults, leading, settle, run, claim };
}

/** A producer of a task that is in a transaction. */
async function taskAtWork(worker: WorkerConfig, task: number) {
  const topic = await newTopic();
  const producer = await startProducer({ transactionalId: taskId(worker, 'feed', task) });
  producer.begin();
  await producer.send([{ topic, partition: 0, batch: batchOf('a') }]);
  return producer;
}

test('a connector is counted, and is claimed for that run once all tasks of the run before are shut out', async () => {
  const worker = groupWorker();
  const { configs, settle, run, claim } = await leaderOf(worker);
  await configs.keep('feed', feedOfTasks('feed', 3), 'STARTED');
  expect(run()).toBe(undefined);
  await settle();
  expect(run()?.tasks).toBe(3);
  const first = claim();
  expect(first).not.toBe(null);

  const old = await Promise.all([0, 1, 2].map((task) => taskAtWork(worker, task)));
  await configs.keep('feed', feedOfTasks('feed', 2), null);
  expect(claim()).toBe(null);
  await settle();
  expect(run()?.tasks).toBe(2);
  expect(claim()).not.toBe(first);
  for (const task of old) await expect(task.commit()).rejects.toMatchObject(FENCED);
});

test('what is counted and claimed is left alone, and its tasks go on', async () => {
  const worker = groupWorker();
  const { configs, settle, run, claim } = await leaderOf(worker);
  await configs.keep('feed', feedOfTasks('feed', 1), 'STARTED');
  await settle();
  const before = [run()?.version, claim()];
  const task = await taskAtWork(worker, 0);
  await Promise.all([settle(), settle()]);
  expect([run()?.version, claim()]).toEqual(before);
  await task.commit();
});

test('one that is counted and not claimed, as its leader died in between, is claimed by who leads next', async () => {
  const worker = groupWorker();
  const dead = await leaderOf(worker);
  await dead.configs.keep('feed', feedOfTasks('feed', 2), 'STARTED', 2);
  const next = await leaderOf(worker);
  const counted = next.run()?.version;
  await next.settle();
  expect(next.run()?.version).toBe(counted);
  expect(next.claim()).not.toBe(null);
  // It leads no more, and leaves that to whoever does.
  await dead.settle();
  expect(dead.faults).toEqual([]);
});

test('one that is stopped has no tasks, and is counted anew when it is resumed', async () => {
  const { configs, settle, run, claim } = await leaderOf(groupWorker());
  await configs.keep('feed', feedOfTasks('feed', 2), 'STARTED');
  await settle();
  await configs.keepTarget('feed', 'STOPPED');
  await settle();
  expect([run()?.tasks, claim()]).toEqual([0, null]);
  await configs.keepTarget('feed', 'STARTED');
  await settle();
  expect(run()?.tasks).toBe(2);
  expect(claim()).not.toBe(null);
});

test('one that cannot be understood is counted as without tasks, and holds nobody up', async () => {
  const { configs, settle, run, faults } = await leaderOf(groupWorker());
  await configs.keep('feed', { name: 'feed', 'connector.class': 'no-such' }, 'STARTED');
  await settle();
  expect(run()?.tasks).toBe(0);
  expect(faults).toEqual([]);
});

test('a leader that has ended leaves what is left to the next', async () => {
  const { configs, leading, settle, run } = await leaderOf(groupWorker());
  await configs.keep('feed', feedOfTasks('feed', 2), 'STARTED');
  leading.abort();
  await settle();
  expect(run()).toBe(undefined);
});
