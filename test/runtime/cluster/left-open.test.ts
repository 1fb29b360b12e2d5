import { describe, expect, it } from 'vitest';
import { readToEnd } from '../../../src/kafka/reader/topic-reader.ts';
import { endLeftOpen } from '../../../src/runtime/cluster/left-open.ts';
import {
  batchOf,
  expectLines,
  newTopic,
  renderValue,
  startProducer,
  testClient,
  uniqueName,
} from '../../kafka/support.ts';

describe('a transaction that a worker has left open', () => {
  it('is ended by who has its id now, so that others read on; those of others go on', async () => {
    const topic = await newTopic({ partitions: 2 });
    const [gone, other] = [uniqueName('gone'), uniqueName('other')];
    const [left, goingOn] = [
      await startProducer({ transactionalId: gone }),
      await startProducer({ transactionalId: other }),
    ];
    for (const [partition, producer] of [left, goingOn].entries()) {
      producer.begin();
      await producer.send([{ topic, partition, batch: batchOf(`of ${partition}`) }]);
    }

    await endLeftOpen(testClient(), new Set([gone, uniqueName('unused')]));

    await expect(left.commit()).rejects.toThrow();
    await goingOn.commit();
    await readToEnd(testClient(), topic, () => {}, { timeoutMs: 10_000 });
    await expectLines(topic, renderValue, ['of 1']);
  });

  it('is left to its task where no broker answers', async () => {
    const client = testClient({ bootstrapServers: '127.0.0.1:1', connectionTimeoutMs: 200 });
    await endLeftOpen(client, new Set(['any']));
  });
});
