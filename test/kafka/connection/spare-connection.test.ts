import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { KafkaConnection } from '../../../src/kafka/connection/connection.ts';
import { withAdmin } from '../../support/kafka-admin.ts';
import { bootstrapServers, newTopic, testClient } from '../support.ts';

/** Longer than a connection waits for its next user. */
const LATER_MS = 300;

const itself = async (connection: KafkaConnection) => connection;

it('a connection serves users one after another', async () => {
  const client = testClient();
  const first = await client.withConnection(itself);
  expect(await client.withConnection(itself)).toBe(first);
});

it('users at the same time have one each', async () => {
  const client = testClient();
  await client.withConnection(async (outer) => {
    expect(await client.withConnection(itself)).not.toBe(outer);
  });
});

it('one whose user failed is closed, and the next user gets another', async () => {
  const client = testClient();
  let failed: KafkaConnection | null = null;
  const attempt = client.withConnection(async (connection) => {
    failed = connection;
    throw new Error('as told');
  });
  await expect(attempt).rejects.toThrow('as told');
  await expect((failed as unknown as KafkaConnection).metadata([])).rejects.toThrow(/not wanted any more/);
  expect(await client.withConnection(itself)).not.toBe(failed);
});

it('one that nobody asks for is closed', async () => {
  const client = testClient();
  const idle = await client.withConnection(itself);
  await delay(LATER_MS);
  await expect(idle.metadata([])).rejects.toThrow(/not wanted any more/);
});

it('nobody who is done waits for one that nobody asks for', async () => {
  const held = (type: string) => process.getActiveResourcesInfo().filter((one) => one === type).length;
  const before = { sockets: held('TCPSocketWrap'), timers: held('Timeout') };
  const now = () => ({ sockets: held('TCPSocketWrap'), timers: held('Timeout') });
  const client = testClient();
  await client.withConnection(async () => expect(now().sockets).toBe(before.sockets + 1));
  expect(now()).toEqual(before);
  await client.withConnection(async () => expect(now().sockets).toBe(before.sockets + 1));
  expect(now()).toEqual(before);
});

it('its next user knows nothing of topics that was true before', async () => {
  const client = testClient();
  const topic = await newTopic({ partitions: 1 });
  const leaders = (connection: KafkaConnection) => connection.leaders(topic);
  await client.withConnection(async (connection) => {
    expect(await leaders(connection)).toHaveLength(1);
    await withAdmin(bootstrapServers, (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic, count: 2 }] }),
    );
    await expect.poll(() => testClient().withConnection(leaders)).toHaveLength(2);
    expect(await leaders(connection)).toHaveLength(1);
  });
  expect(await client.withConnection(leaders)).toHaveLength(2);
});
