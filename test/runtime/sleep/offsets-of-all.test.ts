import { expect, test } from 'vitest';
import { OffsetsOfAll } from '../../../src/runtime/sleep/offsets-of-all.ts';
import { batchOf, newTopic, startProducer, testClient, uniqueName } from '../../kafka/support.ts';

test('offsets that a transaction hides which was left open are not waited for until Kafka ends it', async () => {
  const topic = await newTopic({ partitions: 1 });
  const producer = await startProducer({ transactionalId: uniqueName('gone') });
  producer.begin();
  await producer.send([{ topic, partition: 0, batch: batchOf('hidden') }]);
  const offsets = new OffsetsOfAll(testClient(), topic);
  await expect(offsets.of('trades')).rejects.toMatchObject({ code: 'KAFKA_UNAVAILABLE' });
  await producer.commit();
  expect([...(await offsets.of('trades')).find({})]).toEqual([]);
});
