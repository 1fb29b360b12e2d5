import { Kafka, logLevel } from 'kafkajs';
import { expect, onTestFinished, test } from 'vitest';
import { bootstrapServers, newTopic } from '../support.ts';
import { joinAsConnect } from './connect-worker.ts';
import { newGroup, SOON, startWorkers, TestWorker } from './test-worker.ts';

/** What a worker says that cannot be a member. */
async function failureOf(worker: TestWorker): Promise<Error | null> {
  await expect.poll(() => worker.failure, SOON).not.toBeNull();
  return worker.failure;
}

test('a group of consumers is not joined: the error names group.id', async () => {
  const group = newGroup();
  const kafka = new Kafka({ brokers: bootstrapServers.split(','), logLevel: logLevel.NOTHING });
  const consumer = kafka.consumer({ groupId: group.groupId });
  onTestFinished(() => consumer.disconnect());
  const joined = new Promise((resolve) => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.subscribe({ topic: await newTopic() });
  await consumer.run({ eachMessage: async () => {} });
  await joined;
  const failure = await failureOf(TestWorker.start('anna', group));
  expect(failure).toMatchObject({ code: 'KAFKA_DENIED' });
  expect(failure?.message).toBe(
    `Joining group "${group.groupId}" failed: Kafka answered INCONSISTENT_GROUP_PROTOCOL. The group is of others: of Kafka Connect's workers or of consumers. Give group.id a name that no other group has.`,
  );
});

test("a group of Kafka Connect's workers is not joined", async () => {
  const group = newGroup();
  expect((await joinAsConnect(group.groupId)).errorCode).toBe(0);
  const failure = await failureOf(TestWorker.start('anna', group));
  expect(failure?.message).toContain('The group is of others');
});

test("a worker of Kafka Connect's does not come among those of Headrace", async () => {
  const group = newGroup();
  await startWorkers(group, 'anna');
  expect((await joinAsConnect(group.groupId)).errorCode).toBe(23);
});

test('a session that brokers do not allow: the error names the key and the settings of the brokers', async () => {
  const failure = await failureOf(TestWorker.start('anna', { ...newGroup(), sessionTimeoutMs: 100 }));
  expect(failure).toMatchObject({ code: 'KAFKA_DENIED' });
  expect(failure?.message).toContain('Set session.timeout.ms to what the brokers allow');
});
