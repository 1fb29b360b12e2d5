import { expect, onTestFinished, test } from 'vitest';
import { createKafkaClient } from '../../../src/kafka/connection/client.ts';
import type { KafkaConnection } from '../../../src/kafka/connection/connection.ts';
import { KafkaProxies } from '../../chaos/proxied-kafka.ts';
import { SwitchGate } from '../../chaos/switch-gate.ts';
import { sharedKafka } from '../../support/stack.ts';

const METADATA = 3;

/** A connection through a gate, gone with the test. */
async function openThrough(gate: SwitchGate): Promise<KafkaConnection> {
  const proxies = await KafkaProxies.before((await sharedKafka()).bootstrapServers, gate);
  onTestFinished(() => proxies.close());
  const { bootstrapServers } = proxies;
  const config = { bootstrapServers, clientId: 'test', connectionTimeoutMs: 5000, requestTimeoutMs: 1000 };
  const connection = await createKafkaClient(config, () => {}).connect();
  onTestFinished(() => connection.close());
  return connection;
}

test('a connection that was closed is not made again for those who still wait for it', async () => {
  const connection = await openThrough(new SwitchGate());
  const link = await connection.any();
  await connection.close();
  await expect(connection.ready(link)).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE' });
  expect(link.isReady).toBe(false);
});

test('a connection on which no answer comes is not used again', async () => {
  const gate = new SwitchGate();
  const connection = await openThrough(gate);
  gate.current = {
    pass: (direction, apiKey) => {
      if (direction === 'answer' && apiKey === METADATA) return new Promise(() => {});
    },
  };
  await expect(connection.metadata([])).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE' });
  gate.current = new SwitchGate();
  expect(await connection.metadata([])).toEqual([]);
});
