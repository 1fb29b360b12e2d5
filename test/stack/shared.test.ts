import { Kafka, logLevel } from 'kafkajs';
import { expect, test } from 'vitest';
import { sharedKafka, uniqueName } from '../support/stack.ts';

test('every test file is given the same broker, which makes no topics by itself', {
  timeout: 120_000,
}, async () => {
  const [first, second] = await Promise.all([sharedKafka(), sharedKafka()]);
  expect(first).toEqual(second);

  const kafka = new Kafka({
    brokers: [first.bootstrapServers],
    logLevel: logLevel.NOTHING,
    retry: { retries: 0 },
  });
  const producer = kafka.producer();
  await producer.connect();
  const sent = producer.send({ topic: uniqueName('absent'), messages: [{ value: 'a record' }] });
  await expect(sent).rejects.toMatchObject({ cause: { type: 'UNKNOWN_TOPIC_OR_PARTITION' } });
  await producer.disconnect();
});
