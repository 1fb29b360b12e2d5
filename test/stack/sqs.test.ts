import { DeleteMessageCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { newSqsQueue } from '../support/sqs.ts';

test('a message is there again when nobody deletes it in time, and then no more', {
  timeout: 120_000,
}, async () => {
  const queue = await newSqsQueue('again', { VisibilityTimeout: '1' });
  await queue.send('hello');
  expect(await queue.count()).toBe(1);

  const receive = () =>
    queue.client.send(new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: 5 }));
  const first = await receive();
  const second = await receive();
  expect([first, second].map(({ Messages }) => Messages?.map(({ Body }) => Body))).toEqual([
    ['hello'],
    ['hello'],
  ]);

  const ReceiptHandle = second.Messages?.[0]?.ReceiptHandle;
  await queue.client.send(new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle }));
  expect(await queue.count()).toBe(0);
});
