import { expect, onTestFinished, test } from 'vitest';
import { describeGroup } from '../../../src/kafka/group/describe-group.ts';
import { KafkaProxies } from '../../chaos/proxied-kafka.ts';
import { SwitchGate } from '../../chaos/switch-gate.ts';
import { bootstrapServers, testClient } from '../support.ts';
import {
  expectShared,
  newGroup,
  SOON,
  startWorkers,
  TestWorker,
  type TestWorkerOptions,
} from './test-worker.ts';

/** Starts a worker whose process can be killed. */
async function startMortal(
  name: string,
  options: TestWorkerOptions,
): Promise<{ readonly worker: TestWorker; kill(): void }> {
  const proxies = await KafkaProxies.before(bootstrapServers, new SwitchGate());
  const client = testClient({ bootstrapServers: proxies.bootstrapServers });
  const worker = TestWorker.start(name, { ...options, client, instanceId: name });
  onTestFinished(() => proxies.close());
  return { worker, kill: () => proxies.close() };
}

test('a worker that comes back under its group.instance.id gets its own back, and nobody joins again', async () => {
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  const { worker: ben, kill } = await startMortal('ben', group);
  await expectShared([anna, ben]);
  const before = anna.changes.length;
  kill();
  const again = TestWorker.start('ben', { ...group, instanceId: 'ben' });
  await expectShared([anna, again]);
  expect(again.changes).toHaveLength(1);
  expect(again.changes[0]?.generation).toBe(anna.changes.at(-1)?.generation);
  expect(anna.changes).toHaveLength(before);
});

test('a leader that comes back under its group.instance.id leads again', async () => {
  const group = newGroup();
  const { worker: anna, kill } = await startMortal('anna', group);
  await expectShared([anna]);
  const ben = TestWorker.start('ben', group);
  await expectShared([anna, ben]);
  kill();
  const again = TestWorker.start('anna', { ...group, instanceId: 'anna' });
  await expect.poll(() => again.isLeader, SOON).toBe(true);
  expect(again.tasks).toEqual(['a-0', 'a-2', 'b-1']);
  expect([ben, again].flatMap(({ losses }) => losses)).toEqual([]);
});

test('of two workers with one group.instance.id the later one stays, and the other says why it goes', async () => {
  const group = newGroup();
  const anna = TestWorker.start('anna', { ...group, instanceId: 'first' });
  await expectShared([anna]);
  const ben = TestWorker.start('ben', { ...group, instanceId: 'first' });
  await expect.poll(() => anna.failure, SOON).not.toBeNull();
  expect(anna.failure).toMatchObject({ code: 'KAFKA_FENCED' });
  expect(anna.failure?.message).toContain('group.instance.id first');
  expect(anna.tasks).toEqual([]);
  await expectShared([ben]);
});

test('a worker with a group.instance.id that stops leaves the group all the same', async () => {
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  const ben = TestWorker.start('ben', { ...group, instanceId: 'ben' });
  await expectShared([anna, ben]);
  await ben.member.stop();
  await expectShared([anna]);
});

test('a worker with a group.instance.id that stops before it has joined leaves nobody waiting', async () => {
  const group = newGroup();
  const { worker: anna, kill } = await startMortal('anna', group);
  await expectShared([anna]);
  // All wait for her until her session ends.
  kill();
  const names = async () => {
    const found = await describeGroup(testClient(), group.groupId);
    return found?.members.map(({ instanceId }) => instanceId) ?? [];
  };
  const ben = TestWorker.start('ben', { ...group, instanceId: 'ben' });
  await expect.poll(names, SOON).toContain('ben');
  await ben.member.stop();
  expect(await names()).not.toContain('ben');
});
