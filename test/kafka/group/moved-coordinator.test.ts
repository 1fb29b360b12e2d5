import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KafkaClient } from '../../../src/kafka/connection/client.ts';
import { type KafkaBroker, type KafkaCluster, startKafka } from '../../support/stack.ts';
import { testClient } from '../support.ts';
import { expectShared, newGroup, startWorkers, TestWorker } from './test-worker.ts';

let kafka: KafkaCluster;

beforeAll(async () => {
  kafka = await startKafka({ brokers: 3 });
});

afterAll(() => kafka?.stop());

async function coordinatorOf(client: KafkaClient, groupId: string): Promise<KafkaBroker> {
  const { port } = await client.withConnection((connection) => connection.groupCoordinator(groupId));
  return kafka.brokers.find((broker) => broker.port === port) as KafkaBroker;
}

test.each([
  ['killed', (broker: KafkaBroker) => broker.kill(), (broker: KafkaBroker) => broker.start()],
  ['suspended', (broker: KafkaBroker) => broker.pause(), (broker: KafkaBroker) => broker.unpause()],
])('a group goes on when its coordinator is %s, and its tasks with it', async (_, harm, mend) => {
  const client = testClient({ bootstrapServers: kafka.bootstrapServers });
  // Longer than another broker takes to become the coordinator.
  const group = { ...newGroup(), client, sessionTimeoutMs: 30_000 };
  const [anna, ben] = await startWorkers(group, 'anna', 'ben');
  const coordinator = await coordinatorOf(client, group.groupId);
  await harm(coordinator);
  const carl = TestWorker.start('carl', group);
  await expectShared([anna, ben, carl]);
  expect([anna, ben].flatMap(({ losses }) => losses)).toEqual([]);
  await mend(coordinator);
  await carl.member.stop();
  await expectShared([anna, ben]);
});
