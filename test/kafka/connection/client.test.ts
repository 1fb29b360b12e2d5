import { createServer, type Server } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createKafkaClient } from '../../../src/kafka/connection/client.ts';
import { TransactionalProducer } from '../../../src/kafka/producer/transactional-producer.ts';
import { bootstrapServers, testClient } from '../support.ts';

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `127.0.0.1:${(server.address() as { port: number }).port}`;
}

async function deadAddress(): Promise<string> {
  const server = createServer();
  const address = await listen(server);
  await new Promise((resolve) => server.close(resolve));
  return address;
}

describe('A Kafka client', () => {
  it('refuses a wrong bootstrap.servers when it is made', () => {
    const config = { bootstrapServers: 'kafka', clientId: 'c', connectionTimeoutMs: 1, requestTimeoutMs: 1 };
    expect(() => createKafkaClient(config, () => {})).toThrow(/bootstrap\.servers is "kafka"/);
  });

  it('goes on to the next server when the first is away', async () => {
    const client = testClient({ bootstrapServers: `${await deadAddress()},${bootstrapServers}` });
    const connection = await client.connect();
    await connection.close();
  });

  it('says which bootstrap.servers did not answer, in bounded time', async () => {
    const servers = `${await deadAddress()},${await deadAddress()}`;
    const startedAt = performance.now();
    const attempt = TransactionalProducer.start(testClient({ bootstrapServers: servers }), {
      transactionalId: 'x',
      transactionTimeoutMs: 1000,
    });
    await expect(attempt).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE', retriable: true });
    await expect(attempt).rejects.toThrow(`bootstrap.servers "${servers}"`);
    await expect(attempt).rejects.toThrow(/ECONNREFUSED/);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('gives up a server that takes the connection and says nothing', async () => {
    const server = createServer((socket) => socket.on('error', () => {}).resume());
    onTestFinished(() => void server.close());
    const silent = await listen(server);
    const client = testClient({ bootstrapServers: silent, connectionTimeoutMs: 300, requestTimeoutMs: 300 });
    const attempt = client.connect();
    await expect(attempt).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE' });
    await expect(attempt).rejects.toThrow(silent);
  });

  it("passes kafkajs's log lines on", async () => {
    const lines: [string, string][] = [];
    const config = {
      bootstrapServers: await deadAddress(),
      clientId: 'c',
      connectionTimeoutMs: 500,
      requestTimeoutMs: 500,
    };
    const client = createKafkaClient(config, (level, message) => lines.push([level, message]));
    await expect(client.connect()).rejects.toThrow();
    expect(lines).toContainEqual(['error', expect.stringContaining('ECONNREFUSED')]);
  });
});
