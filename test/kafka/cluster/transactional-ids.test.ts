import { expect, test } from 'vitest';
import { isOpen, transactionalIds } from '../../../src/kafka/cluster/transactional-ids.ts';
import { batchOf, newTopic, startProducer, testClient, uniqueName } from '../support.ts';

async function stateOf(id: string) {
  const found = (await transactionalIds(testClient()))?.find((known) => known.id === id);
  return found && { state: found.state, isOpen: isOpen(found) };
}

test('a transactional id is known from its first producer on, and shows whether a transaction is open', async () => {
  // Longer than what fits one byte of its length.
  const transactionalId = uniqueName(`tx-${'x'.repeat(200)}`);
  expect(await stateOf(transactionalId)).toBeUndefined();
  const producer = await startProducer({ transactionalId });
  expect(await stateOf(transactionalId)).toEqual({ state: 'Empty', isOpen: false });
  const topic = await newTopic();
  producer.begin();
  await producer.send([{ topic, partition: 0, batch: batchOf('a') }]);
  expect(await stateOf(transactionalId)).toEqual({ state: 'Ongoing', isOpen: true });
  await producer.commit();
  await expect.poll(() => stateOf(transactionalId)).toEqual({ state: 'CompleteCommit', isOpen: false });
});
