import { expect, it } from 'vitest';
import { brokerNumbers, transactionMaxTimeoutMs } from '../../../src/kafka/cluster/broker-configs.ts';
import { testClient } from '../support.ts';

it('the settings of brokers are numbers, those of each broker by themselves', async () => {
  const names = ['transaction.max.timeout.ms', 'offsets.topic.num.partitions'] as const;
  const brokers = await brokerNumbers(testClient(), names);
  expect(brokers).toHaveLength(1);
  expect(brokers?.[0]).toEqual({
    'transaction.max.timeout.ms': 900_000,
    'offsets.topic.num.partitions': expect.any(Number),
  });
});

it('the longest transaction is as long as the brokers say', async () => {
  expect(await transactionMaxTimeoutMs(testClient())).toBe(900_000);
});
