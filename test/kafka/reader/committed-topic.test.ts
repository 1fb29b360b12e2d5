import { expect, test } from 'vitest';
import { readCommitted } from '../../../src/kafka/reader/committed-topic.ts';
import { batchOf, newTopic, startProducer, testClient, uniqueName } from '../support.ts';

async function valuesOf(topic: string): Promise<string[]> {
  const values: string[] = [];
  await readCommitted(testClient(), topic, ({ value }) => values.push(String(value)));
  return values;
}

test('what is committed is read at once, up to the first transaction that is open', async () => {
  const topic = await newTopic();
  const [one, other] = [await startProducer(), await startProducer()];
  one.begin();
  await one.send([{ topic, partition: 0, batch: batchOf('a', 'b') }]);
  await one.commit();
  other.begin();
  await other.send([{ topic, partition: 0, batch: batchOf('open') }]);
  one.begin();
  await one.send([{ topic, partition: 0, batch: batchOf('behind it') }]);
  await one.commit();
  expect(await valuesOf(topic)).toEqual(['a', 'b']);
  await other.abort();
  await expect.poll(() => valuesOf(topic)).toEqual(['a', 'b', 'behind it']);
});

test('all partitions are read, the empty ones too', async () => {
  const topic = await newTopic({ partitions: 3 });
  const producer = await startProducer();
  producer.begin();
  await producer.send([
    { topic, partition: 0, batch: batchOf('zero') },
    { topic, partition: 2, batch: batchOf('two') },
  ]);
  await producer.commit();
  await expect.poll(() => valuesOf(topic)).toEqual(['zero', 'two']);
});

test('a topic that is not there is no error', async () => {
  expect(await readCommitted(testClient(), uniqueName('none'), () => {})).toBe(false);
});
