import { SQS } from '@aws-sdk/client-sqs';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { QueueWaker } from '../../../connectors/s3/queue-waker.ts';
import { newSqsQueue, type SqsQueue } from '../../support/sqs.ts';
import { uniqueName } from '../../support/stack.ts';
import { SILENT } from './support.ts';

let queue: SqsQueue;
const wakers: QueueWaker[] = [];

beforeAll(async () => {
  queue = await newSqsQueue();
});

afterEach(async () => {
  for (const waker of wakers.splice(0)) await waker.close();
});

function client(): SQS {
  const credentials = { accessKeyId: 'tests', secretAccessKey: 'any' };
  return new SQS({ endpoint: queue.endpoint, region: 'us-east-1', credentials });
}

/** A waker that counts its calls. */
function wakerOn(queueUrl: string, connector: string, isFirst: boolean, log = SILENT): { calls: number } {
  const counted = { calls: 0 };
  const wake = () => void counted.calls++;
  wakers.push(new QueueWaker({ queueUrl, client: isFirst ? client() : null, connector, wake, log }));
  return counted;
}

test('a message wakes every task of its connector, whatever it says, and is deleted', async () => {
  const connector = uniqueName('feed');
  const first = wakerOn(queue.url, connector, true);
  const second = wakerOn(queue.url, connector, false);
  const stranger = wakerOn(queue.url, uniqueName('feed'), false);
  await queue.send('{"no": "event of S3"');
  await expect.poll(() => [first.calls, second.calls], { timeout: 20_000 }).toEqual([1, 1]);
  await expect.poll(() => queue.count(), { timeout: 20_000 }).toBe(0);
  expect(stranger.calls).toBe(0);
});

test('a queue that is not there is told of once, and ends nothing', async () => {
  const told: unknown[] = [];
  const log = { ...SILENT, warn: (message: string, fields: unknown) => told.push({ message, fields }) };
  const missing = new URL(queue.url);
  missing.pathname = '/000000000000/no-such-queue';
  const waker = wakerOn(missing.href, uniqueName('feed'), true, log);
  await expect.poll(() => told, { timeout: 20_000 }).toHaveLength(1);
  expect(told[0]).toMatchObject({ message: expect.stringContaining('sqs:ReceiveMessage') });
  expect(waker.calls).toBe(0);
});
