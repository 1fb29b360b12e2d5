import { afterAll, beforeAll, expect, test } from 'vitest';
import { type KafkaCluster, startKafka } from '../../support/stack.ts';
import { testClient } from '../support.ts';
import { expectShared, newGroup, startWorkers, TestWorker } from './test-worker.ts';

let kafka: KafkaCluster;

beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 });
});

afterAll(() => kafka?.stop());

test('a group goes on when its coordinator is killed, and its tasks with it', async () => {
  const client = testClient({ bootstrapServers: kafka.bootstrapServers });
  // Longer than another broker takes to become the coordinator.
  const group = { ...newGroup(), client, sessionTimeoutMs: 20_000 };
  const [anna, ben] = await startWorkers(group, 'anna', 'ben');
  const { port } = await client.withConnection((connection) => connection.groupCoordinator(group.groupId));
  const coordinator = kafka.brokers.find((broker) => broker.port === port);
  await coordinator?.kill();
  const carl = TestWorker.start('carl', group);
  await expectShared([anna, ben, carl]);
  expect([anna, ben].flatMap(({ losses }) => losses)).toEqual([]);
  await coordinator?.start();
  await carl.member.stop();
  await expectShared([anna, ben]);
});
