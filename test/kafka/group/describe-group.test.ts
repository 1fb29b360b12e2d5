import { Kafka, logLevel } from 'kafkajs';
import { expect, onTestFinished, test } from 'vitest';
import { describeGroup, removeMember } from '../../../src/kafka/group/describe-group.ts';
import { bootstrapServers, newTopic, testClient, uniqueName } from '../support.ts';
import { expectShared, newGroup, SOON, startWorkers, TestWorker, WORK } from './test-worker.ts';

test('a group that does not exist is told from one whose members have gone', async () => {
  expect(await describeGroup(testClient(), uniqueName('group'))).toBeNull();
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  await anna.member.stop();
  expect(await describeGroup(testClient(), group.groupId)).toEqual({ state: 'Empty', members: [] });
});

test('a group is told of with who leads, where its workers are, and what each of them has', async () => {
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  const ben = TestWorker.start('ben', { ...group, instanceId: 'headrace-1' });
  await expectShared([anna, ben]);
  await expect
    .poll(async () => (await describeGroup(testClient(), group.groupId))?.state, SOON)
    .toBe('Stable');
  const { members = [] } = (await describeGroup(testClient(), group.groupId)) ?? {};
  const [first, second] = members.toSorted((a, b) => Number(b.isLeader) - Number(a.isLeader));
  expect(first).toMatchObject({ isLeader: true, instanceId: null, clientId: 'test' });
  expect(first?.metadata?.url).toBe('http://anna:8083');
  expect(first?.host).toMatch(/^[\d.:a-f]+$/);
  expect(second).toMatchObject({ isLeader: false, instanceId: 'headrace-1' });
  expect(second?.metadata?.labels).toEqual(new Map([['name', 'ben']]));
  expect([...(second?.assignment?.tasks ?? [])].sort()).toEqual(ben.tasks);
});

test('while the work is shared out, members are told of with what they had before, and without a leader', async () => {
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  const { promise: go, resolve } = Promise.withResolvers<void>();
  anna.beforeAssign = () => go;
  anna.member.rejoin();
  await expect
    .poll(() => describeGroup(testClient(), group.groupId), SOON)
    .toMatchObject({
      state: 'CompletingRebalance',
      members: [{ isLeader: false, metadata: null, assignment: { tasks: new Set(WORK) } }],
    });
  resolve();
  await expectShared([anna]);
});

test('a worker is put out of its group by either of its names, and joins again where it lives', async () => {
  const group = newGroup();
  const [anna] = await startWorkers(group, 'anna');
  const ben = TestWorker.start('ben', { ...group, instanceId: 'headrace-1' });
  await expectShared([anna, ben]);
  const [instanceId, memberId = ''] = ['headrace-1', anna.changes.at(-1)?.memberId];
  expect(await removeMember(testClient(), group.groupId, { instanceId })).toBe(true);
  await expect.poll(() => ben.losses.length, SOON).toBe(1);
  await expectShared([anna, ben]);
  expect(await removeMember(testClient(), group.groupId, { memberId })).toBe(true);
  await expect.poll(() => anna.losses.length, SOON).toBe(1);
  await expectShared([anna, ben]);
  expect(await removeMember(testClient(), group.groupId, { instanceId: 'nobody' })).toBe(false);
  expect(await removeMember(testClient(), uniqueName('group'), { instanceId })).toBe(false);
});

test('a group of consumers is not told of as one of workers', async () => {
  const { groupId } = newGroup();
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId });
  onTestFinished(() => consumer.disconnect());
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.subscribe({ topic: await newTopic() });
  await consumer.run({ eachMessage: async () => {} });
  await joined;
  await expect(describeGroup(testClient(), groupId)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining('its members are of the type "consumer"'),
  });
});
